"""/embedding: look rows up, compare with one-hot times matrix, see which rows learn, and what they learn."""
