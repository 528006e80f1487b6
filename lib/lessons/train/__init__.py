"""/train: watch a network learn MNIST, live, in a process of its own."""
