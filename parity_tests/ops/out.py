"""out=: the result lands in the tensor given, which is also returned; wrong dtypes and gradients are refused."""

from parity_tests.case import case
from parity_tests.inputs import T

POSITIVE = {"low": 0.3, "high": 2.5}
ROWS, SQUARE = (T(2, 3, **POSITIVE), T(3, **POSITIVE)), (T(3, 3), T(3, 3))
PROGRAMS = dict.fromkeys(("add", "sub", "mul", "div", "pow", "maximum", "eq", "lt"), (ROWS, ()))
PROGRAMS |= dict.fromkeys(("neg", "exp", "log", "sqrt", "abs", "sigmoid", "tanh"), (ROWS[:1], ()))
PROGRAMS |= dict.fromkeys(("sum", "mean", "prod", "all", "any", "argmax", "cumsum", "softmax"), (ROWS[:1], (1,)))
PROGRAMS |= dict.fromkeys(("mm", "matmul"), (SQUARE, ()))


def written(lib, name, tensors, args, out):
    """The op on detached inputs with out=; what it returns, whether that is `out`, and `out`'s version."""
    result = getattr(lib, name)(*[t.detach() for t in tensors], *args, out=out)
    return result, result is out, out._version, tuple(out.shape)


for name, (specs, args) in PROGRAMS.items():

    def fresh(lib, *tensors, name=name, args=args):
        """Into an empty tensor of the right dtype."""
        like = getattr(lib, name)(*[t.detach() for t in tensors], *args)
        return written(lib, name, tensors, args, lib.empty(0, dtype=like.dtype))

    def exact(lib, *tensors, name=name, args=args):
        """Into a tensor of the right shape, not contiguous."""
        like = getattr(lib, name)(*[t.detach() for t in tensors], *args)
        out = lib.zeros(*reversed(like.shape), dtype=like.dtype).permute(*reversed(range(like.dim())))
        return written(lib, name, tensors, args, out)

    def narrow(lib, *tensors, name=name, args=args):
        """Into integers."""
        return written(lib, name, tensors, args, lib.empty(0, dtype=lib.int32))

    def recorded(lib, *tensors, name=name, args=args):
        """With inputs that require grad."""
        return getattr(lib, name)(*tensors, *args, out=lib.empty(0, dtype=tensors[0].dtype))

    for title, program in {"fresh": fresh, "exact": exact, "integers": narrow, "requires grad": recorded}.items():
        case(name, f"out, {title}", program, *specs, order=0, layouts=("contiguous",), dtypes=("float64", "float32"))
for name in ("cat", "stack"):

    def joined(lib, x, y, name=name):
        return getattr(lib, name)([x.detach(), y.detach()], out=lib.empty(0, dtype=x.dtype))

    case(name, "out", joined, *SQUARE, order=0)
