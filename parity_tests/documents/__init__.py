"""Five programs of people learning PyTorch, retold: `program(torch, show, full)` runs with either library."""
