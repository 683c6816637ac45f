"""What an array library must offer to compute for minigrad.

A backend is used as a namespace: kernels say `xp.exp(x)`, and every name that this class does not define is looked up
in the array library (`library`) once and kept.  So a library whose functions have NumPy's names and meanings needs
nothing but the methods below; one that differs defines the names that differ.

Arrays have NumPy's operators and methods, `.shape`, `.ndim`, `.size`, `.dtype`, and basic slices of them are views.
"""

from functools import partial

BACKENDS = {}  # the type of an array -> the backend it belongs to


class Backend:
    """Base of all backends: a NumPy-like namespace and the few things that array libraries do differently."""

    library = None  # the NumPy-like module behind the namespace
    array_types = ()  # the types of its arrays (and of its scalars, if reductions return any)
    kernels = {}  # the name of an op -> a kernel of its own for it, e.g. a fused one

    def __init__(self):
        for kind in self.array_types:
            BACKENDS[kind] = self

    def __getattr__(self, name):
        found = getattr(self.library, name)
        setattr(self, name, found)
        return found

    def kernel(self, op):
        """The function that computes `op` on this library's arrays: one of `kernels`, else the op's own."""
        return self.kernels.get(op.name) or (partial(op.kernel, self) if op.takes_xp else op.kernel)

    # ---- dtypes -------------------------------------------------------------------------------------------------
    def native(self, dtype):
        """The library's type for a minigrad dtype.  Raises TypeError where the library has none."""
        raise NotImplementedError

    def dtype_of(self, array):
        """The minigrad dtype of an array."""
        raise NotImplementedError

    def dtype_of_native(self, native):
        """The minigrad dtype for the library's type."""
        raise NotImplementedError

    # ---- to and from the host -----------------------------------------------------------------------------------
    def from_host(self, data, dtype=None):
        """A new array from a NumPy array or a Python number, of a minigrad dtype."""
        raise NotImplementedError

    def to_host(self, array):
        """A NumPy array with the same values; shares memory where the array is in host memory."""
        raise NotImplementedError

    def synchronize(self):
        """Wait until everything queued so far has been computed."""

    def may_hold(self, mask):
        """Whether `mask` holds anywhere, so that a kernel may skip a rare case; True where looking would mean waiting."""
        return bool(mask.any())

    # ---- arrays and their memory --------------------------------------------------------------------------------
    def as_array(self, value):
        """`value` itself, or a 0-d array where the library returned a scalar."""
        raise NotImplementedError

    def cast(self, array, dtype):
        """The values converted to a minigrad dtype: a new array, also if the dtype is the same already."""
        raise NotImplementedError

    def strides(self, array):
        """Steps between neighbours along each dimension, in elements."""
        raise NotImplementedError

    def storage(self, array):
        """The whole memory block that `array` looks into, as a 1-d array that shares it."""
        raise NotImplementedError

    def storage_offset(self, array):
        """Where in its storage `array` begins, in elements."""
        raise NotImplementedError

    def address(self, array):
        """The address of the first element in memory."""
        raise NotImplementedError

    def as_strided(self, storage, size, stride, offset):
        """A view of a 1-d storage: element (i, j, ...) is storage[offset + i*stride[0] + j*stride[1] + ...]."""
        raise NotImplementedError

    def dense_copy(self, array):
        """A copy without gaps, its dimensions in the same order in memory (row by row if elements are shared)."""
        return self.array(array, order="C" if 0 in array.strides else "K", copy=True)

    def is_fresh(self, array):
        """Whether `array` owns its memory, so that nothing but the references to it can see a write."""
        raise NotImplementedError

    def masked(self, array, mask):
        """`array` where mask holds, 0 elsewhere (also where it is inf or nan)."""
        return self.where(mask, array, self.zeros((), dtype=array.dtype))

    # ---- writing ------------------------------------------------------------------------------------------------
    def write(self, target, values):
        """target[...] = values, with broadcasting and any cast."""
        target[...] = values

    def scatter_add(self, target, index, values):
        """target[index] += values, where an index that occurs twice adds twice.  In place."""
        raise NotImplementedError

    def reduce_at(self, reduce, target, index, values):
        """scatter_add with another reduction: "sum", "prod", "amax" or "amin" ("mean" adds only).  In place."""
        raise NotImplementedError

    # ---- random numbers -----------------------------------------------------------------------------------------
    def stream(self):
        """A new random stream of this device (see mt19937.py for its methods)."""
        raise NotImplementedError
