"""Lesson 3: a node may pass its gradient on only when it is complete; the order of creation, reversed, sees to it.

    a = 1;  b = a + a;  c = b + b        so c = 4a, and dc/da = 4
"""

import minigrad as torch

a = torch.tensor(1.0, requires_grad=True)
b = a + a
c = b + b


def visits(node):
    """What not to do: walk on at once from each edge. All 2**n paths of n such steps are walked."""
    return 1 + sum(visits(next_node) for next_node, _ in node.next_functions)


print("b + b reaches b twice, and a + a reaches a twice.")
print(f"Walking on from each edge at once visits {visits(c.grad_fn)} nodes, though there are 3.")

b.register_hook(lambda g: print(f"    b's gradient is complete, {g.item()}: only now is it passed on to a"))
print("\nThe engine numbers nodes as they are made and runs the highest number first. A node's inputs are older,")
print("so when its turn comes nobody is left who could add to its gradient:")
c.backward()
print(f"dc/da = {a.grad.item()}")

depth = 60
x = torch.tensor(1.0, requires_grad=True)
y = x
for _ in range(depth):
    y = y + y
y.backward()
print(f"\n{depth} such steps have 2**{depth} paths and {depth} nodes; each node ran once: dy/dx = {x.grad.item():.0f}")
print(f"                                                                  2**{depth} = {2**depth}")

x = torch.tensor(0.0, requires_grad=True)
y = x
for _ in range(20_000):
    y = y + 1
y.backward()
print(f"\nNothing recurses, so a chain of 20000 nodes is no deeper than a chain of one: dy/dx = {x.grad.item()}")
