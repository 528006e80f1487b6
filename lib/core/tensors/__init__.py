"""What torch.Tensor does, element by element: creation, shape operations, indices, memory, embedding."""
