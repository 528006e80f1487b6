"""/: what the explorer is, and the way to each lesson."""
