"""Reverse-mode differentiation of small expressions, with every step kept: what torch.autograd does, shown."""
