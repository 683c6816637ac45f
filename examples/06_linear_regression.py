"""Lesson 6: learning is descent along a gradient. A line is fitted to noisy points."""

import minigrad as torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 100)
y = 3 * x - 2 + 0.1 * torch.randn(100)
print("100 points near the line y = 3 x - 2\n")

w = torch.zeros((), requires_grad=True)
b = torch.zeros((), requires_grad=True)
rate = 0.3

for step in range(61):
    loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    if step % 10 == 0:
        print(f"step {step:2}  loss {loss.item():.5f}  line y = {w.item():.4f} x {b.item():+.4f}")
    with torch.no_grad():  # the update is not part of the function being differentiated
        for parameter in (w, b):
            parameter -= rate * parameter.grad
            parameter.grad = None

mean_x, mean_y = x.mean(), y.mean()
best = ((x - mean_x) * (y - mean_y)).sum() / ((x - mean_x) ** 2).sum()
print(f"\nLeast squares has a closed form:  y = {best.item():.4f} x {(mean_y - best * mean_x).item():+.4f}")
