"""Questions whose answer is what a short program prints: asked with ever other numbers, answered by PyTorch."""
