"""Five small programs people wrote while learning PyTorch, retold: each `program(torch, show, full)` runs with either library."""
