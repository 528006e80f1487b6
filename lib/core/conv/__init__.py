"""Convolution and pooling layers as arithmetic: shapes, what PyTorch refuses, costs, values, code. No torch here."""
