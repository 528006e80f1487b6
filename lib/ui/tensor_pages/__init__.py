"""The parts of the tensor pages: controls and pictures, one module a page."""
