"""Lesson 2: the record of a computation is a graph of nodes, and a program can walk it."""

import minigrad as torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([[0.3, 0.4], [0.5, 0.6]], requires_grad=True)
b = torch.tensor(0.5)  # needs no gradient, so the graph does not mention it
loss = (w @ x + b).exp().sum()


def walk(node, depth=0):
    """Each node is named after the op whose derivative it holds; its edges lead to the makers of that op's inputs."""
    leaf = f"  -> the .grad of shape {list(node.variable.shape)}" if hasattr(node, "variable") else ""
    print("    " * depth + node.name() + leaf)
    for next_node, _ in node.next_functions:
        if next_node is not None:
            walk(next_node, depth + 1)


print("loss = (w @ x + b).exp().sum() was recorded as\n")
walk(loss.grad_fn)

print("\nA leaf has no grad_fn:", x.grad_fn)
print("exp saved its own result, for its derivative is that result:", loss.grad_fn.next_functions[0][0]._saved_result)

with torch.no_grad():
    print("Under no_grad nothing is recorded:", (w @ x).grad_fn)

loss.backward()
print("\nBackward frees what was saved, so a second one is refused:")
try:
    loss.backward()
except RuntimeError as error:
    print("   ", str(error).split(". ")[0])
