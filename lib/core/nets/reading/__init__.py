"""A learner's own program, read as a stack: an ``nn.Sequential``, or an ``nn.Module`` with its ``forward``.

Nothing is run. The text is parsed (``ast``), and what is known of ``torch.nn`` is taken from it; whatever else would
change the network is refused, with its line. Imports no torch.
"""
