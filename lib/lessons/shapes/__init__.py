"""/shapes: join and reshape tensors, step by step, and follow every element."""
