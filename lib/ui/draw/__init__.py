"""The parts of the page /draw."""
