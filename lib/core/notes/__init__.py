"""Sentences that notes on CNNs and PyTorch often have, and what PyTorch does instead."""
