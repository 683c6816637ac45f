"""What torch's random functions refuse, in torch's words."""

import math
import warnings

import numpy as np

# dtype -> the name in `"kernel" not implemented for 'Float'`, and the C++ name in `out of bounds for float`
NAMES = {
    "bool": ("Bool", "bool"), "uint8": ("Byte", "unsigned char"), "int8": ("Char", "signed char"),
    "int16": ("Short", "short int"), "int32": ("Int", "int"), "int64": ("Long", "long int"),
    "float16": ("Half", "c10::Half"), "float32": ("Float", "float"), "float64": ("Double", "double"),
    "uint16": ("UInt16", "short unsigned int"), "uint32": ("UInt32", "unsigned int"),
    "uint64": ("UInt64", "long unsigned int"), "complex64": ("ComplexFloat", "c10::complex<float>"),
    "complex128": ("ComplexDouble", "c10::complex<double>"),
}  # fmt: skip
NAMES = {np.dtype(name): both for name, both in NAMES.items()}
FLOATING = tuple(map(np.dtype, ("float16", "float32", "float64")))
INTEGRAL = tuple(map(np.dtype, ("bool", "uint8", "int8", "int16", "int32", "int64")))
LARGEST = {dtype: float(np.finfo(dtype).max) for dtype in FLOATING}
INT64_MIN = -(2**63)
FULL_RANGE = "random_full_64_bits_range_kernel_cpu"


def need(condition, message):
    """RuntimeError unless the condition holds."""
    if not condition:
        raise RuntimeError(message)


def need_dtype(kernel, dtype, allowed):
    """NotImplementedError unless the kernel exists for this dtype."""
    if dtype not in allowed:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{NAMES[dtype][0]}'")


def need_continuous(distribution, dtype, name):
    need(dtype in FLOATING, f"{distribution} distribution is a continuous probability distribution. dtype must be "
                                 f"a floating point but you specified {NAMES[dtype][name]}")


def uniform_bounds(dtype, low, high):
    """Bounds that the dtype can hold, in order, and no further apart than its largest number."""
    need_dtype("check_uniform_bounds", dtype, FLOATING)
    scalar, cpp = NAMES[dtype]
    largest = LARGEST[dtype]
    need(abs(low) <= largest, f"from is out of bounds for {cpp}")
    need(abs(high) <= largest, f"to is out of bounds for {cpp}")
    need(low <= high, f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}")
    need(high - low <= largest,
         f"uniform_ expects to-from <= std::numeric_limits<{scalar}>::max(), but found to={high:g} and from={low:g} "
         "which result in to-from to exceed the limit")


def random_range(dtype, low, high):
    """(first, count) of the integers that random_(low, high) draws from; high None means up to the dtype's maximum."""
    if high is None:
        return _open_range(dtype, low)
    need(low < high, f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    if dtype in FLOATING:
        low, high = _inner(dtype, low, 1), _inner(dtype, high, -1)
        need(low < high, "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, "
                         f"but got from={low} >= to={high}")
    _check_range(dtype, low, high - 1)
    return low, high - low


def _open_range(dtype, low):
    if dtype in FLOATING:
        last = 2 ** (np.finfo(dtype).nmant + 1)
        low = _inner(dtype, low, 1)
        need(low < last, "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, "
                         f"but got from={low} > to_inc={last}")
    else:
        last = 1 if dtype.kind == "b" else int(np.iinfo(dtype).max)
    _check_range(dtype, low, last)
    return low, last - low + 1


def _inner(dtype, bound, step):
    """The bound itself, or where the dtype rounds its neighbour outwards, the next number that it holds inwards."""
    with np.errstate(over="ignore"):
        neighbour = dtype.type(bound + step)
    rounded = int(neighbour) if np.isfinite(neighbour) else INT64_MIN  # as a C cast does
    if rounded >= bound if step > 0 else rounded < bound:
        return bound
    exponent = abs(bound + step).bit_length() - 1
    return rounded + step * 2 ** (exponent - np.finfo(dtype).nmant)


def _check_range(dtype, first, last):
    """Both ends representable; a floating dtype that skips integers in between is only warned about."""
    cpp = NAMES[dtype][1]
    if dtype in FLOATING:
        largest, digits = LARGEST[dtype], np.finfo(dtype).nmant + 1
        smallest = -largest
    else:
        smallest, largest = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        digits = 64
    for name, value in (("from", first), ("to - 1", last)):
        need(smallest <= value <= largest, f"{name} is out of bounds for {cpp}")
    for name, value in (("from", first), ("to - 1", last)):
        if abs(value) > 2**digits:
            warnings.warn(
                f"{name} is out of bounds [-(2^{digits}), 2^{digits}]. Due to precision limitations {cpp} can support "
                "discrete uniform distribution only within this range. This warning will become an error in version "
                "1.7 release, please fix the code in advance", UserWarning, stacklevel=4)


def full_range(dtype, kernel=FULL_RANGE):
    """random_(-2^63, None) exists for these dtypes only."""
    need_dtype(kernel, dtype, INTEGRAL[1:] + FLOATING[1:])
    need(dtype in (INTEGRAL[-1], *FLOATING[1:]), f"{kernel} handles only int64, double, float and bfloat16")


def probabilities(p):
    """Each in [0, 1], in torch's words."""
    need(bool(np.all((p >= 0) & (p <= 1))),
         "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  If so, "
         "please report an enhancement request to PyTorch.)")


def multinomial(p, k, replacement):
    """The checks that torch makes before it looks at the probabilities."""
    categories = p.shape[-1]
    need(p.dtype in FLOATING,
         f"multinomial only supports floating-point dtypes for input, got: {NAMES[p.dtype][0]}")
    need(k > 0, "cannot sample n_sample <= 0 samples")
    need(replacement or k <= categories, "cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    need(categories <= 2**24, "number of categories cannot exceed 2^24")


def race_weights(p):
    """Weights for multinomial without replacement: finite, none negative, no row of zeros."""
    need(p.shape[-1] > 0, "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.")
    need(bool(np.all((p >= 0) & (p < math.inf))), "probability tensor contains either `inf`, `nan` or element < 0")
    need(bool(np.all(np.any(p > 0, axis=-1))), "invalid multinomial distribution (sum of probabilities <= 0)")


def row_weights(row):
    """One row of weights for multinomial with replacement."""
    invalid = "invalid multinomial distribution"
    bad = row[~((row >= 0) & (row < math.inf))]
    need(not (bad.size and not bad[0] >= 0), f"{invalid} (encountering probability entry < 0)")
    need(not bad.size, f"{invalid} (encountering probability entry = infinity or NaN)")
    need(bool(np.any(row > 0)), f"{invalid} (sum of probabilities <= 0)")
