"""The contract: what an array library must offer to compute for minigrad.

A backend is used as a namespace.  Kernels say `xp.exp(x)`; a name that this class does not define is looked up in
`library` once and kept.  A library whose functions have NumPy's names and meanings therefore needs the methods below
and nothing else; one that differs defines the functions that differ (torch_functions.py is such a list, of about
130).

Arrays have NumPy's operators and the attributes shape (a tuple), ndim, size, dtype (with .kind and .itemsize; equal
ones are identical), strides, T, flags.c_contiguous; the methods reshape, astype, item, sum, max, min, any, all,
swapaxes, take, dot, copy ...; and basic slices of them are views that can be written through.  A function of arrays of one
dtype gives that dtype, also with Python numbers among its operands.  Reductions may give scalars, which as_array
makes arrays again.

Each method below says what it takes and gives, and each group who calls it.  "Array" is one of array_types, of any shape
and dtype if nothing else is said; a dtype is minigrad's; sizes, strides and offsets are tuples of ints and ints, counted in
elements.

    device type   arrays of      in                 dtypes            views   random numbers      proven by
    cpu           NumPy          host memory        all but bfloat16  yes     torch's             the whole suite
    strict        NumPy, hidden  "device" memory    as NumPy          yes     as cpu              the whole suite
    torch         torch          host memory        as NumPy          yes     as cpu              the whole suite
    cuda          CuPy 14        a GPU's memory     as NumPy          yes     torch's for CUDA    nothing on a GPU yet: the op
                                                                                                  suite on a stand-in

Why there is none for JAX: its arrays cannot be written to.  In-place ops, views that see their base change,
accumulation into .grad and the optimisers' steps all write to memory that tensors share (`write`, `scatter_add`,
`as_strided`), and an array that is replaced instead leaves every view of it with the old values.  A backend could
hide a functional update in a wrapper that views share, but would then copy a whole array for each element written.

Another package brings a backend by an entry point of the group "minigrad.backends": its name is the device type, its
object a function load(index) that gives the backend.  Lesson: examples/09_write_your_own_backend.py.
"""

from functools import partial

BACKENDS = {}  # the type of an array -> the backend it belongs to


class AcceleratorError(RuntimeError):
    """What a GPU's driver refuses."""

    __module__ = "torch"


class OutOfMemoryError(RuntimeError):
    """A GPU has no memory left."""

    __module__ = "torch"


def backend_of(array):
    """The backend that an array belongs to: by its type, and where a library has several devices by its device."""
    found = BACKENDS[type(array)]
    return found if found.of is None else found.of(array)


def _else(own, plain):
    """`own`, or `plain` where that answers NotImplemented."""

    def kernel(*operands):
        found = own(*operands)
        return plain(*operands) if found is NotImplemented else found

    return kernel


class Backend:
    """Base of all backends: a NumPy-like namespace and the few things that array libraries do differently."""

    library = None  # the NumPy-like module behind the namespace
    array_types = ()  # the types of its arrays (and of its scalars, if reductions return any)
    kernels = {}  # the name of an op -> a kernel of its own for it, e.g. a fused one
    formulas = {}  # the name of an op -> {input: its own derivative formula on arrays}, e.g. fused; None: of all inputs
    steps = {}  # the name of an optimiser -> its step over all parameters of a group at once (see optim/)
    of = None  # of a library with several devices: array -> the backend of the device that it is on

    def __init__(self):
        for kind in self.array_types:
            BACKENDS[kind] = self

    def __getattr__(self, name):
        found = getattr(self.library, name)
        setattr(self, name, found)
        return found

    def kernel(self, op):
        """The function (*arrays, *options) -> array or arrays that computes `op`: one of `kernels`, else the op's own.

        One of its own may answer NotImplemented, and leaves that call to the op's.  Asked once for each op and type of
        array (ops/primitive.py), so a backend that counts or rounds wraps it here.
        """
        plain, own = partial(op.kernel, self) if op.takes_xp else op.kernel, self.kernels.get(op.name)
        return plain if own is None else _else(own, plain)

    # ---- dtypes -------------------------------------------------------------------------------------------------
    # Called by: everything that makes a tensor or converts one (ops/creation.py, promotion, Tensor.dtype).
    def native(self, dtype):
        """dtype -> the library's type for it.  Raises TypeError where the library has none."""
        raise NotImplementedError

    def dtype_of(self, array):
        """Array -> dtype."""
        raise NotImplementedError

    def dtype_of_native(self, native):
        """The library's type (array.dtype) -> dtype."""
        raise NotImplementedError

    # ---- to and from the host -----------------------------------------------------------------------------------
    # Called by: creation from lists and NumPy arrays; item(), tolist(), numpy() and printing; checks of indices.
    def from_host(self, data, dtype=None):
        """A new array with the values and shape of a NumPy array, nested lists or a number, converted to a dtype if given."""
        raise NotImplementedError

    def share_host(self, array):
        """An array with the values, shape and strides of a NumPy array, and its memory where the device has host memory.

        Raises TypeError for dtypes that no tensor has, ValueError for negative strides.
        """
        raise NotImplementedError

    def to_host(self, array):
        """A NumPy array with the values, shape and dtype of an array; its memory, where that is host memory."""
        raise NotImplementedError

    def from_device(self, array):
        """A new array with the values of an array of any backend, and its order in memory."""
        there = backend_of(array)
        if array.flags.c_contiguous:
            return self.from_host(there.to_host(array))
        dense = there.dense_copy(array)
        line = self.from_host(there.to_host(there.storage(dense)))
        return self.as_strided(line, dense.shape, there.strides(dense), 0)

    def synchronize(self):
        """Wait until everything queued so far has been computed."""

    def item(self, array):
        """The one element of an array of size 1 as a Python number."""
        return array.item()

    def check_range(self, index, low, high, error, but=None):
        """Raise error(wrong), where wrong, an int, is an element of the integer array `index` outside [low, high) other
        than `but`.

        A backend whose host would have to wait for the answer raises when it next waits.
        """
        if index.size and not (low <= index.min() and index.max() < high):
            wrong = (index < low) | (index >= high)
            wrong = index[wrong if but is None else wrong & (index != but)]
            if wrong.size:
                raise error(int(wrong.reshape(-1)[0]))

    def may_hold(self, mask):
        """Whether a bool array holds anywhere, so that a kernel can skip a rare case; True if looking would mean waiting."""
        return bool(mask.any())

    def may_hold_nan(self, array):
        """The same for nan in a floating-point array."""
        return self.may_hold(self.isnan(array))

    def may_equal(self, array, number):
        """The same for a number in an array of integers."""
        return self.may_hold(array == number)

    # ---- arrays and their memory --------------------------------------------------------------------------------
    # Called by: the engine after each kernel (as_array), views and in-place ops, strides, accumulation into .grad.
    def as_array(self, value):
        """`value` itself, or a 0-d array where the library returned a scalar."""
        raise NotImplementedError

    def cast(self, array, dtype):
        """A new array with the values converted to a dtype, also if it is the same already."""
        raise NotImplementedError

    def strides(self, array):
        """For each dimension the step between neighbours in memory."""
        raise NotImplementedError

    def storage(self, array):
        """The whole memory block that `array` looks into, as a 1-d array of its dtype that shares it."""
        raise NotImplementedError

    def storage_offset(self, array):
        """Where in its storage `array` begins."""
        raise NotImplementedError

    def address(self, array):
        """The address of the first element in memory, in bytes."""
        raise NotImplementedError

    def as_strided(self, storage, size, stride, offset):
        """A view of shape `size` of a 1-d array: element (i, j, ...) is storage[offset + i*stride[0] + j*stride[1] + ...]."""
        raise NotImplementedError

    def dense_copy(self, array):
        """A copy without gaps, its dimensions in the same order in memory (row by row if elements are shared)."""
        return self.array(array, order="C" if 0 in array.strides else "K", copy=True)

    def is_fresh(self, array):
        """Whether `array` owns its memory, so that nothing but the references to it can see a write."""
        raise NotImplementedError

    def masked(self, array, mask):
        """`array` where a bool array of a shape that broadcasts to its own holds, 0 elsewhere (also for inf or nan)."""
        return self.where(mask, array, array.dtype.type(0).item())

    def unmasked(self, array, mask):
        """The same where it does not hold."""
        return self.where(mask, array.dtype.type(0).item(), array)

    # ---- writing ------------------------------------------------------------------------------------------------
    # Called by: in-place ops, out=, the optimisers; the formulas of indexing, gathering and pooling.
    def write(self, target, values):
        """target[...] = values, an array or a number, with broadcasting and any cast; the last one counts where elements of
        target share memory, and values may share memory with target."""
        target[...] = values

    def scatter_add(self, target, index, values):
        """target[index] += values in place, for a tuple of integer arrays; an index that occurs twice adds twice."""
        raise NotImplementedError

    def reduce_at(self, reduce, target, index, values):
        """scatter_add with another reduction: "sum", "prod", "amax" or "amin" ("mean" adds only).  In place."""
        raise NotImplementedError

    # ---- random numbers -----------------------------------------------------------------------------------------
    # Called by: random.py, once for each generator; ops/sampling.py draws from it.
    def stream(self):
        """A new random stream of this device (see mt19937.py for its methods)."""
        raise NotImplementedError

    def cpu_stream(self):
        """A new stream of the CPU's numbers, for when this backend computes in the CPU's place: stream() if those are its."""
        return self.stream()
