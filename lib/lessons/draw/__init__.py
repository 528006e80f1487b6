"""/draw: write a digit, see it prepared as MNIST's makers did, and look inside the network that reads it."""
