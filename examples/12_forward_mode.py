"""Lesson 12: a derivative can also travel forward, beside the values, and the formulas for the way back are enough for it."""

import minigrad as torch
from minigrad.autograd import forward_ad

x, t = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 0.0, 0.0])
print("A dual tensor carries a tangent: how it moves when the inputs move along t.  Every op moves it on.")
with forward_ad.dual_level():
    y = forward_ad.make_dual(x, t)
    for name, op in (("x * x", lambda v: v * v), ("sin", torch.sin), ("sum", torch.sum)):
        y = op(y)
        print(f"    {name:6} {y!r}")

print("\nNo op here has a formula for that.  Its formula for the way back, g -> J^T g, is linear in g, so the derivative of")
print("<J^T g, t> by g is J t: two passes back make one forward.  By hand, for a matrix product y = A x:")
A = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
x = x.requires_grad_()
y = A @ x
g = torch.ones_like(y, requires_grad=True)  # any g would do
(pulled_back,) = torch.autograd.grad(y, x, g, create_graph=True)
(pushed_forward,) = torch.autograd.grad(pulled_back, g, t)
print(f"    J^T g = {pulled_back.detach()}, J t = {pushed_forward}; the first column of A is {A[:, 0]}")

print("\nOne pass forward gives a column of the Jacobian, one pass back a row: few inputs, or few outputs, decide.")
columns = torch.autograd.functional.jacobian(lambda v: A @ v, x.detach(), strategy="forward-mode", vectorize=True)
rows = torch.autograd.functional.jacobian(lambda v: A @ v, x.detach())
print(f"    both: {columns.tolist()} {rows.tolist()}")

print("\nForward over reverse: a backward pass through dual tensors gives gradients with tangents, which are H t.")
with forward_ad.dual_level():
    d = forward_ad.make_dual(x, t)
    (gradient,) = torch.autograd.grad((d**3).sum(), d)
    print(f"    f = sum of x**3: {gradient}")
