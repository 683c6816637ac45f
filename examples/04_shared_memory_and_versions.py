"""Lesson 4: tensors can share memory. A version counter tells when a value that backward needs was overwritten."""

import minigrad as torch

x = torch.zeros(2, 3)
row = x[0]  # a view: the same memory, seen differently
row.fill_(7)
print(f"Filling a row fills the tensor it is a row of:\n{x}")
print(f"x.T is a view of the same memory too, with strides {x.T.stride()} in place of {x.stride()}")
print(f"and all of them share one version counter: {x._version}, {row._version}, {x.T._version}")

print("\nx * x must remember x for its derivative. Overwriting x would give a wrong gradient, so backward refuses:")
leaf = torch.ones(3, requires_grad=True)
x = leaf * 1
y = x * x
x.add_(1)
try:
    y.sum().backward()
except RuntimeError as error:
    print("   ", error)

print("\nx + 1 remembers nothing, so the same overwriting does no harm:")
leaf = torch.ones(3, requires_grad=True)
x = leaf * 1
y = x + 1
x.mul_(2)
y.sum().backward()
print(f"    gradient {leaf.grad}")

print("\nWriting through a view is recorded: the base's history is amended.")
leaf = torch.ones(3, requires_grad=True)
x = leaf * 1
x[0] = 5  # the first element no longer depends on leaf
x[1:].mul_(10)
x.sum().backward()
print(f"    the base is now made by {x.grad_fn.name()}, and the gradient is {leaf.grad}")
