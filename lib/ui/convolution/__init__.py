"""The parts of /convolution."""
