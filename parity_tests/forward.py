"""Checks of forward mode: what dual tensors become in an op, alone and together with a backward pass."""

import numpy as np

from parity_tests.checkers import both, differences, execute, random_like, tensors_of, to_array
from parity_tests.compare import Result, compare


def duals(call, rng, recorded=True):
    """(fn, args, kwargs, leaves) of a program whose tensors that require grad are made dual with random tangents, in their
    place in the graph or off it."""
    fn, args, kwargs = call.make(True)
    leaves = [x for x in tensors_of(call.lib, (args, kwargs)) if x.requires_grad]
    dual = {id(x): call.lib.autograd.forward_ad.make_dual(x if recorded else x.detach(), random_like(call.lib, x, rng))
            for x in leaves}  # fmt: skip
    return fn, tuple([dual.get(id(x), x) for x in args]), {k: dual.get(id(x), x) for k, x in kwargs.items()}, leaves


def plain(tensors):
    """Tensors as plain data: None, or (dtype, array)."""
    return [None if x is None else (str(x.dtype), to_array(x)) for x in tensors]


def tangents_of(lib, tensors):
    return [None if x is None else lib.autograd.forward_ad.unpack_dual(x).tangent for x in tensors]


def outcome(call, rng, recorded=True):
    """(leaves, results with floating-point numbers) of a program on dual tensors."""
    fn, args, kwargs, leaves = duals(call, rng, recorded)
    _, result = execute(fn, args, kwargs)
    return leaves, [x for x in tensors_of(call.lib, [result]) if x.is_floating_point()]


def check_forward(expected, got, tolerance=None):
    """The tangents of the results."""

    def observe(call):
        with call.lib.autograd.forward_ad.dual_level():
            leaves, outputs = outcome(call, np.random.default_rng(2))
            return plain(tangents_of(call.lib, outputs)) if leaves else []

    return compared(observe, expected, got, tolerance, zeros_count=True)


def check_unrecorded(expected, got, tolerance=None):
    """The tangents of the results where nothing is recorded."""

    def observe(call):
        with call.lib.no_grad(), call.lib.autograd.forward_ad.dual_level():
            leaves, outputs = outcome(call, np.random.default_rng(2), recorded=False)
            return plain(tangents_of(call.lib, outputs)) if leaves else []

    return compared(observe, expected, got, tolerance, zeros_count=True)


def check_mixed(expected, got, tolerance=None):
    """The tangents of the gradients of the results, and the gradients of the tangents of the results."""

    def observe(call):
        lib, rng = call.lib, np.random.default_rng(2)
        with lib.autograd.forward_ad.dual_level():
            leaves, outputs = outcome(call, rng)
            outputs = [y for y in outputs if y.requires_grad]
            if not leaves or not outputs:
                return []
            tangents = [t for t in tangents_of(lib, outputs) if t is not None and t.requires_grad]
            cotangents = [random_like(lib, y, rng) for y in outputs]
            others = [random_like(lib, t, rng) for t in tangents]
            gradients = lib.autograd.grad(outputs, leaves, cotangents, create_graph=True, allow_unused=True)
            mixed = lib.autograd.grad(tangents, leaves, others, allow_unused=True) if tangents else [None] * len(leaves)
            return plain(tangents_of(lib, gradients)) + plain(mixed)

    return compared(observe, expected, got, tolerance, zeros_count=False)


def compared(observe, expected, got, tolerance, zeros_count):
    """The Result of observing both; unless `zeros_count`, None and zeros are the same."""
    theirs, ours, decided = both(observe, expected, got)
    if decided:
        return decided
    result = Result([], ran=bool(theirs))
    if len(theirs) != len(ours):
        result.findings.append(f"expected (torch) {len(theirs)} tangents / got (minigrad) {len(ours)}")
    for i, (a, b) in enumerate(zip(theirs, ours)):
        if not zeros_count and (a is None) != (b is None):
            known = b if a is None else a
            a, b = (x or (known[0], np.zeros_like(known[1])) for x in (a, b))
        if (a is None) != (b is None):
            result.findings.append(f"tangent {i} expected (torch) {a} / got (minigrad) {b}")
        elif a is not None:
            result.findings += differences(f"tangent {i}", {"dtype": a[0]}, {"dtype": b[0]})
            result.add(compare(f"tangent {i}", a[1], b[1], tolerance))
    return result
