"""Lesson 1: a tensor remembers how it was made, and can say how fast a result changes with it."""

import minigrad as torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
print(f"x = {x}")
print(f"y = sum of x squared = {y}")

y.backward()
print(f"\ndy/dx is 2x, and y.backward() left it in x.grad: {x.grad}")

# A derivative is the slope of a tiny step. The same number from two values of y, with no calculus:
h = 1e-3
with torch.no_grad():
    step = torch.tensor([0.0, h, 0.0])
    slope = (((x + step) ** 2).sum() - ((x - step) ** 2).sum()) / (2 * h)
print(f"the slope along x[1], measured: {slope.item():.3f}")

(x * x).sum().backward()
print(f"\nA second backward adds to what is there: {x.grad}")
x.grad = None
(3 * x).sum().backward()
print(f"so a training loop clears it first; now d(3x)/dx: {x.grad}")
