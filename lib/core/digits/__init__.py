"""A handwritten digit, from the canvas to the ten logits."""
