"""A backward pass in words."""

from ..tensor import Tensor
from .steps import steps

FEW = 6  # as many elements are written out


def explain(loss, gradient=None, **names):
    """The story of `loss.backward(gradient)`: a paragraph for each node, in the order in which they run.

    `names` says what to call which tensor: explain(loss, x=x, w=w).  Nothing is changed: no .grad, no graph.
    """
    start = short(gradient) if gradient is not None else "1"
    told = [f"backward starts at a tensor {shape_of(loss)} with the gradient {start}: the derivative of it by itself."]
    return "\n\n".join(told + [paragraph(event) for event in steps(loss, gradient, **names)])


def paragraph(event):
    """One event in a few lines."""
    if event.leaf is not None:
        return (f"{event.number}. {event.label}: a leaf, here the way ends.\n   why now   {event.reason}\n"
                f"   .grad    += {', '.join(map(short, event.incoming))}")
    lines = [f"{event.number}. {event.label}" + (f": the derivative of {event.formula}" if event.formula else "")]
    lines.append(f"   why now   {event.reason}")
    lines += [f"   saved     {name} = {short(value)}" for name, value in event.saved]
    lines.append(f"   comes in  g = {', '.join(map(short, event.incoming))}")
    for name, source, target, value in event.outgoing:
        how = f"d{name} = {source} = " if source else f"d{name} = " if name else ""
        lines.append(f"   goes out  {how}{short(value)}  ->  {target}")
    return "\n".join(lines)


def short(value):
    """A value in a few characters: all elements of a small tensor, else the shape and the range."""
    if isinstance(value, list):
        return "[" + ", ".join(map(short, value)) + "]"
    if not isinstance(value, Tensor):
        return "no gradient" if value is None else str(value)
    if value.numel() <= FEW:
        return f"{rounded(value.tolist())} {shape_of(value)}" if value.dim() else f"{rounded(value.item())}"
    flat = [element for element in value.detach().flatten().tolist() if element == element]
    between = f", from {rounded(min(flat))} to {rounded(max(flat))}" if flat else ""
    return f"{shape_of(value)}{between}"


def rounded(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(rounded, value)) + "]"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def shape_of(tensor):
    return f"of shape {list(tensor.shape)}" if tensor.dim() else "of no dimensions"
