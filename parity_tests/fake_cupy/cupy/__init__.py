"""A stand-in for the module cupy, so that minigrad/backends/cupy*.py run where there is no GPU.

With this folder's parent on the path, `import cupy` gives this module: its arrays are the strict backend's (CuPy's rules
on host memory), its kernels are minigrad's CUDA sources compiled for the host (parity_tests/host_cuda.py), and it has one
GPU, or as many as the environment's STAND_IN_GPUS says (see devices.py).  It shows that the backend's Python code runs,
passes its kernels what they take, computes the right numbers with them and stays on the right GPU; it shows nothing of CuPy
itself, of speed, or of work that is queued and not yet done.
"""

from types import SimpleNamespace

import numpy as np

import cupy.devices as cuda  # minigrad says cupy.cuda
from minigrad.backends import cuda_source
from minigrad.backends.strict import Array as ndarray
from minigrad.backends.strict import Library, counts, launch, unwrap, wrap
from parity_tests import host_cuda

_library = Library()


class linalg(Library):
    """NumPy's, but silent, as CuPy's is outside of cupyx.errstate: what has no answer is nan"""

    LinAlgError, silent = np.linalg.LinAlgError, True

    def __getattr__(self, name):
        found = super().__getattr__(name)

        def call(*args, **keywords):
            try:
                return found(*args, **keywords)
            except np.linalg.LinAlgError:
                if not self.silent:
                    raise
                nothing = wrap(np.full_like(args[-1].inner, np.nan))
                return nothing if name in ("cholesky", "inv", "solve") else (nothing, nothing, nothing)

        return call


linalg = linalg(np.linalg, "linalg.")


lib = SimpleNamespace(stride_tricks=SimpleNamespace(
    as_strided=lambda x, shape, strides: ndarray(shape, x.dtype, memptr=x.data, strides=strides)))  # fmt: skip


def __getattr__(name):
    return getattr(_library, name)


def is_available():
    return True


def asnumpy(array):
    counts.synchronizations += 1
    return array.inner


def asarray(value, dtype=None, order=None):
    """A copy on the "device": of a host array too"""
    if isinstance(value, ndarray):
        if value.data.device_id != cuda.runtime.getDevice():
            return ndarray(np.array(value.inner, dtype, order=order or "C"))  # which is then on the GPU in use
        return ndarray(np.asarray(value.inner, dtype, order=order)) if dtype or order else value
    counts.uploads += 1
    return ndarray(np.array(unwrap(value) if isinstance(value, (list, tuple)) else value, dtype, order=order or "K"))


def may_share_memory(a, b):
    return np.may_share_memory(a.inner, b.inner)


# ---- kernels --------------------------------------------------------------------------------------------------------


class ElementwiseKernel:
    """An elementwise kernel of minigrad's, found by its name and run on the host"""

    def __init__(self, takes, gives, does, name):
        self.name = name.removeprefix("minigrad_")
        assert cuda_source.ELEMENTWISE[self.name] == (takes, gives, does)
        self.takes = [p.split() for p in takes.split(", ")]

    def __call__(self, *inputs):
        launch(*inputs)
        kinds = {x.dtype for (t, _), x in zip(self.takes, inputs, strict=True) if isinstance(x, ndarray) and t == "T"}
        if len(kinds) != 1:
            raise TypeError(f"{self.name}: Type is mismatched. T {kinds}")
        for (kind, parameter), x in zip(self.takes, inputs):
            if isinstance(x, ndarray) and kind != "T" and x.dtype != np.dtype(kind):
                raise TypeError(f"{self.name}: Type is mismatched. {parameter} {x.dtype} {kind}")
            if not isinstance(x, (ndarray, int, float)):
                raise TypeError(f"Unsupported type {type(x)}")
        return ndarray(host_cuda.each(self.name, *map(unwrap, inputs)))


class RawModule:
    """minigrad's row kernels, run on the host"""

    def __init__(self, code, options=()):
        assert code == cuda_source.source()

    def get_function(self, name):
        name, letter = name[:-2], name[-1]
        parameters = cuda_source.INSTANCES[name][1]

        def run(grid, block, arguments):
            launch(*arguments)
            assert block == (cuda_source.THREADS,) and min(grid) > 0
            given = [passed(p, x, letter) for p, x in zip(parameters, arguments, strict=True)]
            host_cuda.rows(name, (*grid, 1)[:2], letter, *given)

        return run


WANTED = {"long long": np.int64, "int": np.int32, "double": np.float64}


def passed(parameter, value, letter):
    """An argument as the host takes it.  Raises TypeError where a kernel would read the wrong bytes."""
    kind = parameter.rpartition(" ")[0].removeprefix("const ")
    if kind.endswith("*"):
        if isinstance(value, np.uint64) and value == 0:
            return None
        wanted = np.dtype(letter if kind == "T*" else np.int64)
        if not isinstance(value, ndarray) or value.dtype != wanted or not value.inner.flags.c_contiguous:
            raise TypeError(f"{parameter}: {value!r}")
        return value.inner
    if kind == "Pointers":
        assert isinstance(value, np.ndarray) and value.shape == () and value.nbytes <= 4096
        return value
    if type(value) is not WANTED[kind]:
        raise TypeError(f"{parameter}: {value!r}")
    return value


__all__ = ["ndarray", "wrap"]
get_default_memory_pool = cuda.Pool
