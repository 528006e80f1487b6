"""/notes: seventeen sentences that notes often have, each held against PyTorch."""
