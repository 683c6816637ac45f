"""torch's own kernels for the ops whose NumPy-like composition would round differently, by the op's name."""

KERNELS = {}
