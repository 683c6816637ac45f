"""What the backends share whose arrays are a wrapper around another library's: operators by NumPy's function names."""

from collections import namedtuple

BINARY = {"add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide",
          "mod": "remainder", "pow": "power", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or",
          "xor": "bitwise_xor", "lshift": "left_shift", "rshift": "right_shift"}  # fmt: skip
COMPARING = {"eq": "equal", "ne": "not_equal", "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal"}
UNARY = {"neg": "negative", "pos": "positive", "abs": "abs", "invert": "invert"}
Flags = namedtuple("Flags", "c_contiguous f_contiguous", defaults=[False])


class WrappedArray:
    """Operators and methods of an array, each through the function of that name in the class's `namespace`."""

    __slots__ = ("inner",)
    __array_ufunc__ = None  # NumPy's own arrays give way to these
    namespace = None

    def __init__(self, inner):
        self.inner = inner

    def __repr__(self):
        return f"{type(self).__name__}({self.inner!r})"

    def __hash__(self):
        return id(self)


def give_operators(kind):
    """Add the operators to a class of wrapped arrays."""
    for name, function in (BINARY | COMPARING).items():
        setattr(kind, f"__{name}__", _binary(function))
    for name, function in BINARY.items():
        setattr(kind, f"__r{name}__", _reflected(function))
        setattr(kind, f"__i{name}__", _in_place(function))
    for name, function in UNARY.items():
        setattr(kind, f"__{name}__", _unary(function))
    kind.__hash__ = WrappedArray.__hash__  # which __eq__ took away


def give_methods(kind, names):
    """Add methods that are the namespace's function of the same name."""
    for name in names.split():
        setattr(kind, name, _method(name))


def _binary(name):
    return lambda self, other: getattr(self.namespace, name)(self, other)


def _reflected(name):
    return lambda self, other: getattr(self.namespace, name)(other, self)


def _in_place(name):
    def operate(self, other):
        self[...] = getattr(self.namespace, name)(self, other)
        return self

    return operate


def _unary(name):
    return lambda self: getattr(self.namespace, name)(self)


def _method(name):
    def call(self, *args, **keywords):
        return getattr(self.namespace, name)(self, *args, **keywords)

    call.__name__ = name
    return call
