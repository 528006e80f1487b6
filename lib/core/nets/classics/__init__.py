"""The classics, written down row by row as torchvision and the papers have them."""
