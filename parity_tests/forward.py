"""Checks of forward mode: what dual tensors become in an op, alone and together with a backward pass."""

import numpy as np

from parity_tests.checkers import both, differences, execute, random_like, tensors_of, to_array
from parity_tests.compare import Result, compare


def duals(call, rng):
    """(fn, args, kwargs, leaves) of a program whose tensors that require grad are made dual with random tangents."""
    fn, args, kwargs = call.make(True)
    leaves = [x for x in tensors_of(call.lib, (args, kwargs)) if x.requires_grad]
    dual = {id(x): call.lib.autograd.forward_ad.make_dual(x, random_like(call.lib, x, rng)) for x in leaves}
    return fn, tuple([dual.get(id(x), x) for x in args]), {k: dual.get(id(x), x) for k, x in kwargs.items()}, leaves


def summary(lib, tensors):
    """The tangents of tensors as plain data: None, or (dtype, requires_grad, array)."""
    found = [None if x is None else lib.autograd.forward_ad.unpack_dual(x).tangent for x in tensors]
    return [None if t is None else (str(t.dtype), to_array(t)) for t in found]


def check_forward(expected, got, tolerance=None, backwards=False):
    """The tangents of the results; `backwards`: those of the gradients of the results, and the gradients of the tangents."""

    def observe(call):
        lib, rng = call.lib, np.random.default_rng(2)
        forward_ad = lib.autograd.forward_ad
        with forward_ad.dual_level():
            fn, args, kwargs, leaves = duals(call, rng)
            _, result = execute(fn, args, kwargs)
            outputs = [x for x in tensors_of(lib, [result]) if x.is_floating_point()]
            if not leaves:
                return []
            if not backwards:
                return summary(lib, outputs)
            outputs = [y for y in outputs if y.requires_grad]
            tangents = [forward_ad.unpack_dual(y).tangent for y in outputs]
            tangents = [t for t in tangents if t is not None and t.requires_grad]
            vectors = [random_like(lib, y, rng) for y in outputs]
            others = [random_like(lib, t, rng) for t in tangents]
            grads = lib.autograd.grad(outputs, leaves, vectors, retain_graph=True, allow_unused=True) if outputs else []
            mixed = lib.autograd.grad(tangents, leaves, others, allow_unused=True) if tangents else []
            return summary(lib, grads) + [None if g is None else (str(g.dtype), to_array(g)) for g in mixed]

    theirs, ours, decided = both(observe, expected, got)
    if decided:
        return decided
    result = Result([], ran=bool(theirs))
    for i, (a, b) in enumerate(zip(theirs, ours)):
        if (a is None) != (b is None):
            result.findings.append(f"tangent {i} expected (torch) {a} / got (minigrad) {b}")
        elif a is not None:
            result.findings += differences(f"tangent {i}", {"dtype": a[0]}, {"dtype": b[0]})
            result.add(compare(f"tangent {i}", a[1], b[1], tolerance))
    if len(theirs) != len(ours):
        result.findings.append(f"expected (torch) {len(theirs)} tangents / got (minigrad) {len(ours)}")
    return result

