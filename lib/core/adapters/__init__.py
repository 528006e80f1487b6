"""Private things of torch that the training needs for its speed, one module each, with what happens without them.

``lib.core.torchvision_compat`` is one too. ``tests/adapters`` says in plain words what broke after an upgrade.
"""
