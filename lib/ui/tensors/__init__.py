"""What the lessons about tensors share."""
