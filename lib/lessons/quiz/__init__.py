"""/quiz: what does this program print? Questions with ever other numbers, answered by PyTorch."""
