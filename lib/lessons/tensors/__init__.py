"""/tensors: choose a function, set its arguments, see the tensor it makes."""
