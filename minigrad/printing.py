"""The printed form of tensors, and the options that govern it.

A tensor is printed in four steps: `elements` makes nested Python lists of what is to be shown, `notation` finds one
way of writing numbers that suits them all, `block` lays the written numbers out in rows, and `suffixes` adds what the
numbers do not tell (dtype, device, gradient).
"""

import math

from . import dtypes

PROFILES = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": math.inf, "edgeitems": 3, "linewidth": 80},
}


class PrintOptions:
    """How tensors are printed now; see `set_printoptions`."""

    def __init__(self):
        self.__dict__.update(PROFILES["default"], sci_mode=None)


PRINT_OPTS = PrintOptions()


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None):
    """Set digits after the point, elements before summarising, edge elements of a summary and characters in a line.

    `profile` ("default", "short" or "full") sets all four first.  `sci_mode` True or False forces the notation;
    left out, it goes back to automatic.
    """
    PRINT_OPTS.__dict__.update(PROFILES.get(profile, {}))
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    PRINT_OPTS.__dict__.update({name: value for name, value in given.items() if value is not None}, sci_mode=sci_mode)


def get_printoptions():
    """The options now in force, as keyword arguments of `set_printoptions`."""
    return dict(PRINT_OPTS.__dict__)


# ---- what is shown


def elements(tensor, summarised):
    """The elements to show as nested lists; in a summary `...` stands for those between the edges."""
    edge = PRINT_OPTS.edgeitems
    length = tensor.shape[0] if tensor.shape else 0
    if not summarised or not tensor.shape:
        return tensor.tolist()
    if len(tensor.shape) == 1:
        whole = length <= 2 * edge
        return tensor.tolist() if whole else [*tensor[:edge].tolist(), ..., *tensor[-edge:].tolist()]
    kept = range(length) if length <= 2 * edge else (*range(edge), ..., *range(length - edge, length))
    return [... if i is ... else elements(tensor[i], True) for i in kept]


def flat(nested):
    """The numbers in nested lists, one after another."""
    if not isinstance(nested, list):
        return [] if nested is ... else [nested]
    return [number for part in nested for number in flat(part)]


# ---- how a number is written


def notation(numbers, dtype):
    """One way to write all `numbers`: a function from number to text, and the width that it pads to."""
    if dtype.is_complex:
        return complex_notation(numbers)
    if dtype.is_floating_point:
        return float_notation(numbers)
    width = max(len(str(n)) for n in numbers)
    return lambda n: str(n).rjust(width), width


def float_notation(numbers):
    """Whole numbers as `1.`, else fixed point, or scientific where the magnitudes differ or are extreme."""
    finite = [n for n in numbers if n and math.isfinite(n)]
    if not finite:
        return whole_number, 1
    least, largest = min(map(abs, finite)), max(map(abs, finite))
    whole = all(n.is_integer() for n in finite)
    scientific = largest / least > 1000 or largest > 1e8 or least < 1e-4
    if PRINT_OPTS.sci_mode is not None:
        scientific = PRINT_OPTS.sci_mode
    spec = f".{PRINT_OPTS.precision}{'e' if scientific else 'f'}"
    write = whole_number if whole and not scientific else lambda n: format(n, spec)
    width = max(len(write(n)) for n in finite)
    return lambda n: write(n).rjust(width), width


def whole_number(n):
    """A float without decimals and with its point; inf and nan have none."""
    return f"{n:.0f}." if math.isfinite(n) else str(n)


def complex_notation(numbers):
    """`a+bj`, where the real and the imaginary parts have each their own notation."""
    real, real_width = float_notation([n.real for n in numbers])
    imag, imag_width = float_notation([n.imag for n in numbers])

    def write(n):
        text = imag(n.imag).lstrip()
        return f"{real(n.real)}{'' if text.startswith('-') else '+'}{text}j"

    return write, real_width + imag_width + 1


# ---- how the numbers are laid out


def block(nested, dim, indent, write, width):
    """Nested lists as text: vectors in wrapped lines, and `dim - 1` line breaks between the parts of a higher block."""
    if dim == 0:
        return write(nested)
    if dim == 1:
        return vector(nested, indent, write, width)
    parts = ["..." if part is ... else block(part, dim - 1, indent + 1, write, width) for part in nested]
    return "[" + ("," + "\n" * (dim - 1) + " " * (indent + 1)).join(parts) + "]"


def vector(numbers, indent, write, width):
    """One row, broken into lines of as many elements as fit."""
    per_line = max(1, math.floor((PRINT_OPTS.linewidth - indent) / (width + 2)))
    words = [" ..." if n is ... else write(n) for n in numbers]
    lines = [", ".join(words[i : i + per_line]) for i in range(0, len(words), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def contents(tensor, summarised, indent):
    """The bracketed numbers of a tensor whose first character stands in column `indent`."""
    if tensor.device.type == "meta":
        return "..."
    if tensor.numel() == 0:
        return "[]"
    if summarised and PRINT_OPTS.edgeitems == 0 and tensor.shape:
        return "[...]"
    shown = elements(tensor.detach(), summarised)
    return block(shown, len(tensor.shape), indent, *notation(flat(shown), tensor.dtype))


# ---- what the numbers do not tell


def suffixes(tensor):
    """`name=value` for what a reader of the numbers alone could not know."""
    found = []
    if tensor.device.type != "cpu":
        found.append(f"device='{tensor.device}'")
    if size_is_hidden(tensor):
        found.append(f"size={tuple(tensor.shape)}")
    if tensor.dtype not in evident_dtypes(tensor):
        found.append(f"dtype={tensor.dtype}")
    name = grad_fn_name(tensor)
    if name is not None:
        found.append(f"grad_fn=<{name}>")
    elif tensor.requires_grad:
        found.append("requires_grad=True")
    return found + [f"{name}={value}" for name, value in more(tensor)]


def more(tensor):
    """(name, value) of what only some modes know: the tangent of a dual tensor (autograd/forward_ad.py)"""
    return ()


def size_is_hidden(tensor):
    """Whether the brackets do not show the shape: no data, an empty block, or summaries without edges."""
    if tensor.device.type == "meta":
        return True
    if tensor.numel() == 0:
        return len(tensor.shape) != 1
    return PRINT_OPTS.edgeitems == 0


def evident_dtypes(tensor):
    """The dtypes that one assumes from the numbers: with none to see, only the default."""
    default = dtypes.get_default_dtype()
    if tensor.numel() == 0:
        return (default,)
    return (default, default.to_complex(), dtypes.int64, dtypes.bool_)


def grad_fn_name(tensor):
    """The name of the node that made the tensor; "Invalid" for a view whose history cannot be had."""
    try:
        node = tensor.grad_fn
    except RuntimeError:
        return "Invalid"
    return None if node is None else node.name().rpartition(":")[2]


def with_suffixes(text, found, indent):
    """`text` and its suffixes, each of which goes to a new line when it would not fit."""
    column = len(text) - text.rfind("\n") + 1
    for suffix in found:
        fits = column + len(suffix) + 2 <= PRINT_OPTS.linewidth
        text += (", " if fits else ",\n" + " " * indent) + suffix
        column = column + len(suffix) + 2 if fits else indent + len(suffix)
    return text


# ---- the printed forms


def tensor_repr(tensor, tensor_contents=None):
    """What `repr(tensor)` shows; `tensor_contents` replaces the numbers."""
    kinds = [kind.__name__ for kind in type(tensor).__mro__]
    plain = kinds[0] in ("Tensor", "Parameter")
    prefix = "tensor(" if plain else kinds[0] + "("
    summarised = tensor.numel() > PRINT_OPTS.threshold
    if tensor_contents is None:
        tensor_contents = contents(tensor, summarised, len(prefix))
    text = with_suffixes(prefix + tensor_contents, suffixes(tensor), len(prefix)) + ")"
    return text if plain or "Parameter" not in kinds else f"Parameter({text})"


def parameter_repr(parameter):
    """What `repr` of an `nn.Parameter` shows."""
    return "Parameter containing:\n" + tensor_repr(parameter)


def format_scalar(tensor, spec):
    """`format(tensor, spec)`: of its number if it is a 0-d `Tensor`, else of its text; TypeError for a spec there."""
    if not tensor.shape and tensor.device.type != "meta" and type(tensor).__name__ == "Tensor":
        return format(tensor.item(), spec)
    return object.__format__(tensor, spec)


def storage_repr(values, dtype, device):
    """What `repr(tensor.storage())` shows: a number a line, and a line that describes the whole; dtype None: of bytes."""
    lines = "\n ".join(str(v) for v in values)
    kind = "UntypedStorage(" if dtype is None else f"TypedStorage(dtype={dtype}, "
    return f" {lines}\n[torch.storage.{kind}device={device}) of size {len(values)}]"
