"""CUDA kernels for ops that would otherwise launch many: by the op's name, with the op's own parameters.

Not run on a GPU yet (see cupy.py).
"""

import cupy

from ..dtypes import SCALAR_TYPE
from .numpy import DTYPES

# ---- one kernel per optimiser step ---

plain_step = cupy.ElementwiseKernel(
    "T g, T lr, T decay", "T p", "p -= lr * (g + decay * p)", "minigrad_sgd")
momentum_step = cupy.ElementwiseKernel(
    "T g, T lr, T keep, T take, T decay, bool nesterov", "T b, T p",
    "T d = g + decay * p; b = keep * b + take * d; p -= lr * (nesterov ? d + keep * b : b)",
    "minigrad_sgd_momentum")  # fmt: skip


def sgd(p, g, b, first, lr, momentum, dampening, weight_decay, nesterov):
    """The step on arrays, in place, in one launch."""
    if b is None:
        plain_step(g, lr, weight_decay, p)
    elif first:  # the buffer is still zero, and takes the whole gradient
        momentum_step(g, lr, momentum, 1.0, weight_decay, nesterov, b, p)
    else:
        momentum_step(g, lr, momentum, 1.0 - dampening, weight_decay, nesterov, b, p)


# ---- softmax: a block of threads for each row ---

THREADS = 256  # a power of two, for the tree of partial results
SOURCE = r"""
template <typename T, bool LOGARITHM>
__device__ void softmax_rows(const T* x, T* y, long long n) {
    __shared__ T part[THREADS];
    const int t = threadIdx.x;
    const T* row = x + blockIdx.x * n;
    T* out = y + blockIdx.x * n;
    T top = row[0];
    for (long long i = t; i < n; i += THREADS) top = (row[i] > top || row[i] != row[i]) ? row[i] : top;
    part[t] = top;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t < half && (part[t + half] > part[t] || part[t + half] != part[t + half])) part[t] = part[t + half];
    }
    __syncthreads();
    top = part[0];
    __syncthreads();
    T sum = 0;
    for (long long i = t; i < n; i += THREADS) sum += exp(row[i] - top);
    part[t] = sum;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t < half) part[t] += part[t + half];
    }
    __syncthreads();
    sum = LOGARITHM ? log(part[0]) : part[0];
    for (long long i = t; i < n; i += THREADS)
        out[i] = LOGARITHM ? row[i] - top - sum : exp(row[i] - top) / sum;
}
#define KERNEL(NAME, T, LOGARITHM) \
    extern "C" __global__ void NAME(const T* x, T* y, long long n) { softmax_rows<T, LOGARITHM>(x, y, n); }
KERNEL(softmax_f, float, false)
KERNEL(softmax_d, double, false)
KERNEL(log_softmax_f, float, true)
KERNEL(log_softmax_d, double, true)
""".replace("THREADS", str(THREADS))
module = cupy.RawModule(code=SOURCE)


def rows_of(name):
    """softmax or log_softmax along a dimension, in one launch for all rows."""

    def kernel(input, dim):
        if input.dtype.char not in "fde":
            kind = SCALAR_TYPE[DTYPES[input.dtype]]
            raise NotImplementedError(f"\"{name}_lastdim_kernel_impl\" not implemented for '{kind}'")
        if not input.size:
            return input.copy()
        wide = input.astype(cupy.float32) if input.dtype.char == "e" else input
        rows = cupy.ascontiguousarray(cupy.moveaxis(wide, dim, -1) if input.ndim else wide.reshape(1))
        out, n = cupy.empty_like(rows), rows.shape[-1]
        module.get_function(f"{name}_{wide.dtype.char}")((rows.size // n,), (THREADS,), (rows, out, cupy.int64(n)))
        out = cupy.ascontiguousarray(cupy.moveaxis(out, -1, dim)) if input.ndim else out.reshape(())
        return out.astype(input.dtype, copy=False)

    return kernel


KERNELS = {"sgd": sgd, "softmax_dim": rows_of("softmax"), "log_softmax_dim": rows_of("log_softmax")}
