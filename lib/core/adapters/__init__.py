"""Private things of torch that we need for speed and memory, one module each, with what happens without them.

``lib.core.torchvision_compat`` is one too. ``tests/adapters`` says in plain words what broke after an upgrade.
"""
