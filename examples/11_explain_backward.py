"""Lesson 11: ask the program to explain its own backward pass."""

import minigrad as torch
from minigrad.explorer import draw, explain, steps

x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([0.5, -0.5], requires_grad=True)
product = x * w
loss = (product.exp() + product).sum()  # the product is used twice: two gradients meet there

print("loss = (exp(x * w) + x * w).sum()\n")
print(explain(loss, x=x, w=w, product=product))

print("\nNothing was changed by that:", x.grad, w.grad)
loss.backward()
print("backward itself adds what was announced:", x.grad, w.grad)

z = x * w
print("\nThe same as data, which a program can read:")
for event in steps((z * z).sum(), x=x, w=w):
    print(f"    {event.number}. {event.label:24} got {[g.tolist() for g in event.incoming]}")

picture = draw((z * z).sum(), x=x, w=w)
print(f"\nAnd as a picture: {len(picture.svg)} characters of SVG; picture.save('graph.html') writes a page. As DOT:\n")
print(picture.dot)
