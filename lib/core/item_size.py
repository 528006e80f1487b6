"""Bytes of one number, as torch keeps it where nothing else is said."""

FLOAT_BYTES = 4
"""float32."""
INDEX_BYTES = 8
"""int64."""
