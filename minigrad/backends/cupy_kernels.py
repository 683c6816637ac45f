"""Fused CUDA kernels under the names of the ops that they compute: one launch where the op's own kernel takes several.

KERNELS and FORMULAS take what the op's kernel and formulas take, STEPS the lists of an optimiser; each answers
NotImplemented for what it was not written for (float16, integers, optional weights), which then goes the op's own way.
The CUDA itself is in cuda_source.py.  Not run on a GPU yet (see cupy.py).
"""

from math import prod

import cupy
import numpy

from .cuda_source import ELEMENTWISE, THREADS, source

PARAMETERS = 64  # of an optimiser, in one launch: as many as the structure Pointers has room for
POINTERS = numpy.dtype([("at", numpy.uint64, (4, PARAMETERS)), ("size", numpy.int64, (PARAMETERS,))])
MOST_BLOCKS = 1024  # more elements are taken in turns
REDUCTION = {"none": 0, "mean": 1, "sum": 2}

elementwise = {name: cupy.ElementwiseKernel(*parts, f"minigrad_{name}") for name, parts in ELEMENTWISE.items()}
module = cupy.RawModule(code=source(), options=("--std=c++17",))


def plain(*arrays):
    """Whether all (but None) are float32, or all float64"""
    kinds = {x.dtype.char for x in arrays if x is not None}
    return len(kinds) == 1 and kinds <= {"f", "d"}


def launch(name, grid, *arguments):
    """Run a kernel of `module`, the instance for the arrays' dtype; None becomes a null pointer."""
    letter = next(x.dtype.char for x in arguments if isinstance(x, cupy.ndarray) and x.dtype.kind == "f")
    run(f"{name}_{letter}", grid, arguments)


def run(name, grid, arguments):
    grid = grid if isinstance(grid, tuple) else (grid,)
    module.get_function(name)(grid, (THREADS,), tuple(map(passed, arguments)))


def passed(value):
    """An argument as a kernel takes it: integers as long long (or, for a reduction, int: see `int32`), floats as double"""
    if value is None:
        return numpy.uint64(0)
    return numpy.int64(value) if type(value) is int else numpy.float64(value) if type(value) is float else value


int32 = numpy.int32


def blocks_for(elements):
    """How many blocks of threads share that many elements"""
    return min(-(-elements // THREADS), MOST_BLOCKS)


def dense(array):
    return None if array is None else cupy.ascontiguousarray(array)


# ---- element by element ---------------------------------------------------------------------------------------------


def forward(name):
    """The kernel of an activation whose options are numbers"""

    def kernel(input, *options):
        return elementwise[name](input, *map(float, options)) if plain(input) else NotImplemented

    return kernel


def gelu(input, approximate):
    name = {"none": "gelu", "tanh": "gelu_tanh"}.get(approximate)
    return elementwise[name](input) if name and plain(input) else NotImplemented


def from_input(name):
    def formula(g, input):
        return elementwise[name](g, input) if plain(g, input) else NotImplemented

    return formula


def from_output(name):
    def formula(g, out):
        return elementwise[name](g, out) if plain(g, out) else NotImplemented

    return formula


def softplus_slope(g, input, beta, threshold):
    return elementwise["softplus_slope"](g, input, float(beta), float(threshold)) if plain(g, input) else NotImplemented


def elu_slope(g, input, alpha, scale, input_scale):
    if not plain(g, input):
        return NotImplemented
    return elementwise["elu_slope"](g, input, float(alpha), float(scale), float(input_scale))


def gelu_slope(g, input, approximate):
    name = "gelu_slope" if approximate == "none" else "gelu_tanh_slope"
    return elementwise[name](g, input) if plain(g, input) else NotImplemented


# ---- softmax --------------------------------------------------------------------------------------------------------


def last(array, dim):
    """The array with a dimension moved to the end, without gaps"""
    return cupy.ascontiguousarray(cupy.moveaxis(array, dim, -1))


def rows_of(name, dim, *arrays):
    """A kernel that gives rows for rows, along any dimension"""
    if not plain(*arrays) or not arrays[0].size or not arrays[0].ndim:
        return NotImplemented
    rows = [last(x, dim) for x in arrays]
    out, n = cupy.empty_like(rows[0]), rows[0].shape[-1]
    launch(name, out.size // n, *rows, out, n)
    return cupy.ascontiguousarray(cupy.moveaxis(out, -1, dim))


def softmax(input, dim):
    return rows_of("softmax", dim, input)


def log_softmax(input, dim):
    return rows_of("log_softmax", dim, input)


def softmax_slope(g, out, dim):
    return rows_of("softmax_slope", dim, g, out)


def log_softmax_slope(g, out, dim):
    return rows_of("log_softmax_slope", dim, g, out)


# ---- normalisation: n elements a statistic, C channels of S neighbouring elements (see cuda_source.py) ----------------


def normalized(which, input, weight, bias, count, n, channels, run_length, eps):
    """(out, mean, rstd) of `count` statistics"""
    input, out = dense(input), cupy.empty(input.shape, input.dtype)
    mean, rstd = cupy.empty(count, input.dtype), cupy.empty(count, input.dtype)
    launch(f"normalize_{which}", count, input, dense(weight), dense(bias), out, mean, rstd, n, channels, run_length,
           float(eps))  # fmt: skip
    return out, mean, rstd


def slopes(which, g, needs, input, weight, mean, rstd, n, channels, run_length):
    """The gradients of input, weight and bias, where needed: one launch for the first, one for the others"""
    g, input, found = dense(g), dense(input), [None, None, None]
    mean, rstd, sizes = dense(mean), dense(rstd), (n, channels, run_length)
    if needs[0]:
        found[0] = cupy.empty(input.shape, input.dtype)
        launch(f"normalize_{which}_slope", mean.size, g, input, dense(weight), mean, rstd, found[0], *sizes)
    if needs[1] or needs[2]:
        found[1:] = cupy.empty(channels, input.dtype), cupy.empty(channels, input.dtype)
        launch(f"normalize_{which}_parameters", channels, g, input, mean, rstd, *found[1:], *sizes,
               input.size // channels)  # fmt: skip
    return found


def batch_norm(input, weight, bias, running_mean, running_var, training, eps):
    if not training or not plain(input, weight, bias) or not input.size:
        return NotImplemented
    channels = input.shape[1]
    return normalized("channels", input, weight, bias, channels, input.size // channels, channels,
                      prod(input.shape[2:]), eps)  # fmt: skip


def batch_norm_slopes(g, needs, input, weight, mean, invstd, training, eps):
    if not training or not plain(g, input, weight):
        return NotImplemented
    channels = input.shape[1]
    return slopes("channels", g, needs, input, weight, mean, invstd, input.size // channels, channels,
                  prod(input.shape[2:]))  # fmt: skip


def layer_norm(input, weight, bias, normalized_shape, eps):
    if not plain(input, weight, bias) or not input.size:
        return NotImplemented
    n = prod(normalized_shape)
    out, mean, rstd = normalized("neighbours", input, weight, bias, input.size // n, n, n, 1, eps)
    shape = input.shape[: input.ndim - len(normalized_shape)] + (1,) * len(normalized_shape)
    return out, mean.reshape(shape), rstd.reshape(shape)


def layer_norm_slopes(g, needs, input, weight, mean, rstd, normalized_shape, eps):
    if not plain(g, input, weight) or not input.size:
        return NotImplemented
    n = prod(normalized_shape)
    found = slopes("neighbours", g, needs, input, weight, mean, rstd, n, n, 1)
    return [found[0], *(None if x is None else x.reshape(normalized_shape) for x in found[1:])]


def group_norm(input, weight, bias, groups, eps):
    if not plain(input, weight, bias) or not input.size:
        return NotImplemented
    batch, channels = input.shape[:2]
    out, mean, rstd = normalized("neighbours", input, weight, bias, batch * groups, input.size // (batch * groups),
                                 channels, prod(input.shape[2:]), eps)  # fmt: skip
    return out, mean.reshape(batch, groups), rstd.reshape(batch, groups)


def group_norm_slopes(given, needs, input, weight, mean, rstd, groups, eps):
    g, *of_statistics = given
    if g is None or of_statistics != [None, None] or not plain(g, input, weight) or not input.size:
        return NotImplemented
    batch, channels = input.shape[:2]
    return slopes("neighbours", g, needs, input, weight, mean, rstd, input.size // (batch * groups), channels,
                  prod(input.shape[2:]))  # fmt: skip


def index_of_max(input, best, geometry):
    kernel, stride, padding, dilation, count = geometry
    if len(kernel) != 2 or not plain(input) or not best.size:
        return NotImplemented
    input, index = dense(input), cupy.empty(best.shape, numpy.int64)
    options = [int32(n) for pair in (kernel, stride, padding, dilation) for n in pair]
    launch("largest_in_windows", blocks_for(best.size), input, index, best.size, *input.shape[-2:], *count, *options)
    return index


def outside(index, low, high, but):
    """A 0-d array: the first index that does not exist, or NONE"""
    index, wrong = dense(index.astype(numpy.int64, copy=False)), cupy.empty((), numpy.int64)
    run("outside_f", 1, (index, wrong, index.size, low, high, low if but is None else but))
    return wrong


# ---- losses ---------------------------------------------------------------------------------------------------------


def nll(input, target, weight, reduction, ignore_index):
    """(loss, total weight); memory is (N, C, rest)"""
    if not plain(input, weight) or not input.size:
        return NotImplemented
    shape = target.shape if reduction == "none" else ()
    input, target = dense(input), dense(target.astype(numpy.int64))
    run_length = prod(input.shape[2:])
    channels = input.shape[1] if input.ndim > 1 else input.shape[0]
    out = cupy.empty(shape, input.dtype)
    total = cupy.empty((), input.dtype)
    launch("nll", 1, input, target, dense(weight), out, total, target.size, channels, run_length, int(ignore_index),
           int32(REDUCTION[reduction]))  # fmt: skip
    return out, total


def nll_slope(g, input, target, weight, total_weight, reduction, ignore_index):
    if not plain(g, input, weight):
        return NotImplemented
    axis = 1 if input.ndim > 1 else 0
    classes = cupy.arange(input.shape[axis]).reshape([-1 if d == axis else 1 for d in range(input.ndim)])
    target = cupy.expand_dims(target.astype(numpy.int64), axis)
    g = cupy.expand_dims(g, axis) if reduction == "none" else g
    scale = 1.0 if weight is None else weight.reshape(classes.shape)
    return elementwise["nll_slope"](g, total_weight, target, classes, scale, ignore_index, reduction == "mean")


def nll_image_slope(g, input, target, weight, total_weight, input_geometry, reduction, ignore_index):
    if not input.flags.c_contiguous:
        return NotImplemented  # which torch refuses, and the op says so
    return nll_slope(g, input, target, weight, total_weight, reduction, ignore_index)


def share(reduction, array):
    return 1.0 / max(array.size, 1) if reduction == "mean" else 1.0


def mse(input, target, reduction):
    if reduction == "none" or not plain(input, target) or not input.size or input.shape != target.shape:
        return NotImplemented
    input, target, out = dense(input), dense(target), cupy.empty((), input.dtype)
    launch("mse", 1, input, target, out, input.size, share(reduction, input))
    return out


def mse_slope(g, input, target, reduction):
    if not plain(g, input, target) or input.shape != target.shape:
        return NotImplemented
    return elementwise["mse_slope"](g, input, target, share(reduction, input))


def logits_slope(g, input, target, weight, pos_weight, reduction):
    if weight is not None or pos_weight is not None or not plain(g, input, target) or input.shape != target.shape:
        return NotImplemented
    return elementwise["logits_slope"](g, input, target, share(reduction, input))


# ---- optimisers: all parameters of a group in one launch (or one for each PARAMETERS of them) -------------------------


def stepped(name, lists, *options):
    """Run an optimiser's kernel over lists of parameters, gradients and states; False if their memory does not fit"""
    first = lists[0]
    if not all(fits(*arrays) for arrays in zip(*[x for x in lists if x])):
        return NotImplemented
    for kind in ("f", "d"):
        chosen = [i for i, p in enumerate(first) if p.dtype.char == kind and p.size]
        for start in range(0, len(chosen), PARAMETERS):
            part = chosen[start : start + PARAMETERS]
            table = numpy.zeros((), POINTERS)
            for k, arrays in enumerate(lists):
                if arrays:
                    table["at"][k, : len(part)] = [arrays[i].data.ptr for i in part]
            table["size"][: len(part)] = sizes = [first[i].size for i in part]
            run(f"{name}_{kind}", (blocks_for(max(sizes)), len(part)), (table, *options))


def fits(p, *others):
    """Whether arrays that belong together have one dtype and one layout without gaps"""
    flags = p.flags
    return p.dtype.char in "fd" and (flags.c_contiguous or flags.f_contiguous) and all(
        x.dtype == p.dtype and x.strides == p.strides for x in others)  # fmt: skip


def sgd(parameters, gradients, buffers, first, lr, momentum, dampening, weight_decay, nesterov):
    take = 1.0 if first else 1.0 - dampening  # a fresh buffer is zero, and takes the whole gradient
    return stepped("sgd", [parameters, gradients, buffers], float(lr), float(momentum), float(take),
                   float(weight_decay), int32(nesterov))  # fmt: skip


def adam(parameters, gradients, means, squares, step, lr, beta1, beta2, eps, weight_decay, decoupled):
    return stepped("adam", [parameters, gradients, means, squares], float(lr), float(beta1), float(beta2), float(eps),
                   float(weight_decay), 1.0 - beta1**step, 1.0 - beta2**step, int32(decoupled))  # fmt: skip


def rmsprop(parameters, gradients, squares, buffers, lr, alpha, eps, weight_decay, momentum):
    return stepped("rmsprop", [parameters, gradients, squares, buffers], float(lr), float(alpha), float(eps),
                   float(weight_decay), float(momentum))  # fmt: skip


# ---- the tables -----------------------------------------------------------------------------------------------------

STEPS = {"sgd": sgd, "adam": adam, "rmsprop": rmsprop}
KERNELS = {
    **{name: forward(name) for name in ("sigmoid", "silu", "mish", "log_sigmoid", "softplus", "elu")},
    "celu": forward("elu"), "gelu": gelu, "softmax_dim": softmax, "log_softmax_dim": log_softmax,
    "native_batch_norm": batch_norm, "native_layer_norm": layer_norm, "native_group_norm": group_norm,
    "index_of_max": index_of_max, "nll_loss_vector": nll, "nll_loss_image": nll, "mse_loss": mse,
}  # fmt: skip
FORMULAS = {
    **{name: {"input": from_input(name + "_slope")} for name in ("silu", "mish", "log_sigmoid")},
    **{name: {"input": from_output(name + "_slope")} for name in ("sigmoid", "tanh", "relu")},
    "softplus": {"input": softplus_slope}, "elu": {"input": elu_slope}, "celu": {"input": elu_slope},
    "gelu": {"input": gelu_slope}, "softmax_dim": {"input": softmax_slope},
    "safe_softmax": {"input": softmax_slope}, "log_softmax_dim": {"input": log_softmax_slope},
    "native_batch_norm": {None: batch_norm_slopes}, "native_layer_norm": {None: layer_norm_slopes},
    "native_group_norm": {None: group_norm_slopes}, "nll_loss_vector": {"input": nll_slope},
    "nll_loss_image": {"input": nll_image_slope}, "mse_loss": {"input": mse_slope},
    "binary_cross_entropy_with_logits": {"input": logits_slope},
}  # fmt: skip
