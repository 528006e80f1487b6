"""Networks as arithmetic: shapes, costs, kept bytes, receptive fields, what breaks, code. No torch at import."""
