"""/indexing: what an index selects, axis by axis; and who competes along a dim."""
