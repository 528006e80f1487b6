"""/optimizers: how update rules walk downhill."""
