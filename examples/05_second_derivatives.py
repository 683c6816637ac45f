"""Lesson 5: a derivative computed from recorded operations is itself recorded, and can be differentiated again."""

import minigrad as torch

x = torch.tensor(2.0, requires_grad=True)
y = x**4
print(f"x = 2, f(x) = x**4 = {y.item()}")
for order in range(1, 6):
    (y,) = torch.autograd.grad(y, x, create_graph=True)
    maker = y.grad_fn.name() if y.grad_fn else "nothing that depends on x"
    print(f"derivative {order}: {y.item():6}    made by {maker}")
    if not y.requires_grad:
        break

print("\nNewton's method finds where f' is zero by dividing it by f'': x <- x - f'(x) / f''(x)")
x = torch.tensor(3.0, requires_grad=True)
for step in range(7):
    f = (x - 1) ** 2 + (x - 1) ** 4
    (slope,) = torch.autograd.grad(f, x, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, x)
    print(f"    step {step}: x = {x.item():.6f}  f' = {slope.item():9.6f}  f'' = {curvature.item():9.6f}")
    x = (x - slope / curvature).detach().requires_grad_()

print("\nThe curvature along one direction v costs two backward passes, and no matrix: H v = d(grad . v)/dx")
x = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([1.0, 0.0])
(gradient,) = torch.autograd.grad((x[0] ** 2 * x[1]), x, create_graph=True)
(Hv,) = torch.autograd.grad(gradient @ v, x)
print(f"    f = x0**2 * x1 at (1, 2): gradient {gradient.detach()}, H v = {Hv}")
