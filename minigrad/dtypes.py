"""The element types, and the order in which they absorb each other.

A dtype is a name with four facts; which array library's type stands behind it is the backend's business.
`promote(a, b)` is torch's table, computed from two rules: the higher category wins, and within one category
the wider type wins.  See https://docs.pytorch.org/docs/stable/tensor_attributes.html.
"""

BOOL, INTEGER, FLOAT, COMPLEX = range(4)


class dtype:
    """An element type: `name`, `itemsize` in bytes, category and signedness."""

    __slots__ = ("name", "itemsize", "category", "is_signed")
    __module__ = "torch"

    def __init__(self, name, itemsize, category, is_signed=True):
        self.name = name
        self.itemsize = itemsize
        self.category = category
        self.is_signed = is_signed

    @property
    def is_floating_point(self):
        return self.category == FLOAT

    @property
    def is_complex(self):
        return self.category == COMPLEX

    def to_complex(self):
        return complex128 if self in (float64, complex128) else complex64

    def to_real(self):
        return {complex64: float32, complex128: float64}.get(self, self)

    def __repr__(self):
        return "torch." + self.name

    def __reduce__(self):
        return self.name


bool_ = dtype("bool", 1, BOOL, is_signed=False)
uint8 = dtype("uint8", 1, INTEGER, is_signed=False)
int8 = dtype("int8", 1, INTEGER)
int16 = dtype("int16", 2, INTEGER)
int32 = dtype("int32", 4, INTEGER)
int64 = dtype("int64", 8, INTEGER)
float16 = dtype("float16", 2, FLOAT)
bfloat16 = dtype("bfloat16", 2, FLOAT)
float32 = dtype("float32", 4, FLOAT)
float64 = dtype("float64", 8, FLOAT)
complex64 = dtype("complex64", 8, COMPLEX)
complex128 = dtype("complex128", 16, COMPLEX)

ALL = (bool_, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64, complex64, complex128)
BY_NAME = {t.name: t for t in ALL}
PYTHON = {bool: bool_, int: int64, float: float64, complex: complex128}  # Python's types, where a dtype is asked for

# The names that torch's error messages and legacy tensor types use for the same dtypes, and C++'s names.
SCALAR_TYPE = {
    bool_: "Bool", uint8: "Byte", int8: "Char", int16: "Short", int32: "Int", int64: "Long",
    float16: "Half", bfloat16: "BFloat16", float32: "Float", float64: "Double",
    complex64: "ComplexFloat", complex128: "ComplexDouble",
}  # fmt: skip
CPP_NAME = {
    bool_: "bool", uint8: "unsigned char", int8: "signed char", int16: "short int", int32: "int", int64: "long int",
    float16: "c10::Half", bfloat16: "c10::BFloat16", float32: "float", float64: "double",
    complex64: "c10::complex<float>", complex128: "c10::complex<double>",
}  # fmt: skip


def _promote(a, b):
    if a.category != b.category:
        low, high = sorted((a, b), key=lambda t: t.category)
        return complex128 if (low, high) == (float64, complex64) else high
    if {a, b} == {uint8, int8}:
        return int16
    if {a, b} == {float16, bfloat16}:
        return float32
    return max(a, b, key=lambda t: (t.itemsize, t.is_signed))


PROMOTE = {(a, b): _promote(a, b) for a in ALL for b in ALL}


def promote_types(type1, type2):
    """The smallest dtype that both can be converted to by torch's rules."""
    return PROMOTE[type1, type2]


_default = float32


def get_default_dtype():
    """The dtype of floating-point tensors that are made without one."""
    return _default


def set_default_dtype(d):
    """Set the dtype of floating-point tensors that are made without one."""
    global _default
    if not isinstance(d, dtype):
        raise TypeError("invalid dtype object: only floating-point types are supported as the default type")
    if not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    _default = d


class finfo:
    """Numerical limits of a floating-point dtype, from its exponent and mantissa bits (IEEE 754)."""

    BITS = {float16: (5, 10), bfloat16: (8, 7), float32: (8, 23), float64: (11, 52)}

    def __init__(self, type=None):
        type = get_default_dtype() if type is None else type.to_real()
        if not type.is_floating_point:
            raise TypeError("torch.finfo() requires a floating point input type. Use torch.iinfo to handle "
                            "'torch.finfo'")
        exponent, mantissa = self.BITS[type]
        bias = 2 ** (exponent - 1) - 1
        self.dtype = type.name
        self.bits = 8 * type.itemsize
        self.eps = 2.0**-mantissa
        self.max = (2 - self.eps) * 2.0**bias
        self.min = -self.max
        self.tiny = self.smallest_normal = 2.0 ** (1 - bias)
        self.resolution = 10.0 ** -{float16: 3, bfloat16: 2, float32: 6, float64: 15}[type]

    def __repr__(self):
        return (f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, eps={self.eps:g}, "
                f"smallest_normal={self.smallest_normal:g}, tiny={self.tiny:g}, dtype={self.dtype})")


class iinfo:
    """Numerical limits of an integer dtype."""

    def __init__(self, type):
        if type.category != INTEGER:
            raise TypeError("torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'")
        self.bits = 8 * type.itemsize
        self.min = -(2 ** (self.bits - 1)) if type.is_signed else 0
        self.max = 2 ** (self.bits - type.is_signed) - 1
        self.dtype = type.name

    def __repr__(self):
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
