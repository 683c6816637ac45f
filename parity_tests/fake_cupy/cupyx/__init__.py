"""The stand-in's cupyx: scatters, which refuse the dtypes that CuPy's refuse."""

import contextlib

import cupy
import numpy as np

from minigrad.backends.strict import launch, unwrap, wrapped_around

SUMS = {"int32", "float16", "float32", "float64", "complex64", "complex128", "uint32", "uint64"}
EXTREMES = {"int32", "uint32", "uint64", "float32", "float64"}


def _scatter(ufunc, kinds):
    def scatter(target, index, values):
        if target.dtype.name not in kinds:
            raise TypeError(f"scatter only supports {', '.join(sorted(kinds))} as data type")
        launch(target, index, values)
        ufunc.at(target.inner, wrapped_around(index, target.shape), unwrap(values))

    return scatter


scatter_add, scatter_max, scatter_min = _scatter(np.add, SUMS), _scatter(np.maximum, EXTREMES), _scatter(np.minimum, EXTREMES)


@contextlib.contextmanager
def errstate(linalg):
    """A block in which linear algebra raises"""
    assert linalg == "raise"
    cupy.linalg.silent = False
    try:
        yield
    finally:
        cupy.linalg.silent = True
