"""Optimizers in plain Python: rules, schedules, surfaces, races, sweeps. No torch, no NumPy.

The browser runs the same arithmetic (``assets/components/optimizers``), and tests hold both against torch.optim.
"""
