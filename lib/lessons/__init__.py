"""The lessons: each has a folder with all that is its own, and imports no other lesson."""
