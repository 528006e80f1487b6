"""/convolution: move W, F, P, S and D, see the window slide, and read the output shape and every sum."""
