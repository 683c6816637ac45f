"""The checks. Each takes the same program as two Calls (torch's and ours), runs both and compares what it sees.

A Call needs only `lib` and `make(grad) -> (fn, args, kwargs)`, so any source of programs can use them.
"""

import re
import warnings

import numpy as np

from parity_tests.compare import Result, compare
from parity_tests.graph import describe

ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
ERROR = re.compile(r"\w+(Error|Exception): ")


class Failed(Exception):
    """A program raised; `cause` is what it raised."""

    def __init__(self, cause):
        self.cause = cause


def leaves_of(tree, path=""):
    """The tensors and plain values of nested lists, tuples and dicts, each with its path."""
    if isinstance(tree, (list, tuple)) and not type(tree).__name__ == "Size":
        return [pair for i, item in enumerate(tree) for pair in leaves_of(item, f"{path}[{i}]")]
    if isinstance(tree, dict):
        return [pair for key, item in tree.items() for pair in leaves_of(item, f"{path}[{key!r}]")]
    return [(path, tree)]


def tensors_of(lib, tree):
    """The distinct tensors of a tree, in order."""
    found = {id(x): x for _, x in leaves_of(tree) if isinstance(x, lib.Tensor)}
    return list(found.values())


def to_array(tensor):
    """A tensor's values in NumPy; bfloat16, which NumPy lacks, as float32; torch's symbolic zeros as zeros."""
    tensor = tensor.detach().cpu()
    if getattr(tensor, "_is_zerotensor", bool)():
        return tensor.numpy(force=True)
    return np.array((tensor.float() if "bfloat16" in str(tensor.dtype) else tensor).numpy())


def from_array(lib, array, like):
    tensor = lib.from_numpy(array)
    return tensor.to(like.dtype) if str(tensor.dtype) != str(like.dtype) else tensor


def random_like(lib, tensor, rng):
    """A random tensor of the same shape and dtype: a cotangent that hides no permutation."""
    values = rng.standard_normal(tuple(tensor.shape))
    if tensor.dtype.is_complex:
        values = values + 1j * rng.standard_normal(tuple(tensor.shape))
    kind = str(tensor.dtype).removeprefix("torch.")
    return from_array(lib, np.asarray(values, "float32" if kind == "bfloat16" else kind), tensor)


def run(call, grad):
    """((args, kwargs), result) of a program; Failed if it raises."""
    return execute(*call.make(grad))


def execute(fn, args, kwargs):
    """((args, kwargs), result) of a function; Failed if it raises."""
    try:
        return (args, kwargs), fn(*args, **kwargs)
    except Exception as error:
        raise Failed(error) from error


def error_text(error):
    """Class and text; object addresses are left out, and sets of words sorted, whose order is each interpreter's own."""
    text = ADDRESS.sub("0x...", str(error))
    text = re.sub(r"\{('\w+'(?:, '\w+')+)\}", lambda m: "{" + ", ".join(sorted(m[1].split(", "))) + "}", text)
    return f"{type(error).__name__}: {text}"


# What torch says of a call that fits none of its overloads is a listing of C++ signatures, which ours do not have: a
# Python function's missing argument is worded by the interpreter. The class must agree all the same.
SIGNATURES = re.compile(r"TypeError: \S+\(\) (received an invalid combination of arguments|missing \d+ required)")


def same_text(theirs, ours):
    """Whether two printed texts agree: below an error's text ours may add lines (say, where a value was changed)."""
    if SIGNATURES.match(theirs):
        return ours.startswith("TypeError: ")
    return ours == theirs or (ERROR.match(theirs) is not None and ours.startswith(theirs + "\n"))


def both(observe, expected, got):
    """Observe both programs. Returns their observations, or the Result that a raised exception already decides."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs, failure = observe(expected), None
        except Exception as error:
            theirs, failure = None, unwrap(error)
        if failure is not None and "not implemented for 'Half'" in str(failure):
            return None, None, Result([], ran=False)
        try:
            ours = observe(got)
        except Exception as error:
            error = unwrap(error)
            if failure is None:
                return None, None, Result([f"expected (torch) no error / got (minigrad) {error_text(error)}"])
            if same_text(error_text(failure), error_text(error)):
                return None, None, Result([])
            return (
                None,
                None,
                Result([f"error expected (torch) {error_text(failure)} / got (minigrad) {error_text(error)}"]),
            )
    if failure is not None:
        return None, None, Result([f"error expected (torch) {error_text(failure)} / got (minigrad) no error"])
    return theirs, ours, None


def unwrap(error):
    return error.cause if isinstance(error, Failed) else error


def facts(lib, tensor, strides):
    """What is promised of a tensor besides its values."""
    said = {
        "type": type(tensor).__name__,
        "dtype": str(tensor.dtype),
        "shape": tuple(tensor.shape),
        "device": str(tensor.device),
        "requires_grad": tensor.requires_grad,
        "is_leaf": tensor.is_leaf,
    }
    if strides and tensor.numel() > 1:  # the stride of a dimension of size 1 addresses nothing
        said["stride"] = tuple(n if size > 1 else "any" for n, size in zip(tensor.stride(), tensor.shape, strict=True))
    return said


def differences(what, theirs, ours):
    """Messages for two equal-keyed dicts of facts."""
    return [
        f"{what} {key} expected (torch) {theirs[key]!r} / got (minigrad) {ours.get(key)!r}"
        for key in theirs
        if theirs[key] != ours.get(key)
    ]


# More than a float64 result is off by if every step was computed in float64, and less than if one was in float32. The
# tolerances alone do not tell these apart: they are assert_close's, 1e-7.
FLOAT32_ROUNDING = 2**26


def in_full_precision(result, what, kinds, tolerance):
    """Add a finding if a program that has only float64 tensors, their dtypes being `kinds`, computed in less."""
    floats = {kind for kind in kinds if "float" in kind}
    if result.ulp > FLOAT32_ROUNDING and floats == {"torch.float64"} and not tolerance and not result.findings:
        result.findings.append(f"{what}: {result.ulp:.3g} units of the last place off, as if computed in less than float64")
    return result


def same_plain(a, b):
    """Plain results (numbers, sizes, strings, dtypes) agree in type and printed form."""
    return type(a).__name__ == type(b).__name__ and ADDRESS.sub("", repr(a)) == ADDRESS.sub("", repr(b))


def same_values(a, b):
    return np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")


def check_value(expected, got, tolerance=None, strides=True, signs=False, grad=True):
    """Structure, values, dtype, shape, strides, requires_grad, is_leaf; inputs unchanged, versions as torch's."""

    def observe(call):
        fn, args, kwargs = call.make(grad)
        tensors = tensors_of(call.lib, (args, kwargs))
        before = [to_array(t) for t in tensors]
        _, result = execute(fn, args, kwargs)
        after = [to_array(t) for t in tensors]
        changed = [i for i, (a, b) in enumerate(zip(after, before)) if not same_values(a, b)]
        seen = [
            (path, "tensor", facts(call.lib, x, strides), to_array(x))
            if isinstance(x, call.lib.Tensor)
            else (path, "value", x, None)
            for path, x in leaves_of(result)
        ]
        inputs = {"changed by the call": changed, "versions": [t._version for t in tensors]}
        return seen, inputs, {str(t.dtype) for t in tensors}

    theirs, ours, decided = both(observe, expected, got)
    if decided:
        return decided
    result = Result(differences("inputs", theirs[1], ours[1]))
    if [x[:2] for x in theirs[0]] != [x[:2] for x in ours[0]]:
        result.findings.append(
            f"result expected (torch) {[x[:2] for x in theirs[0]]} / got (minigrad) {[x[:2] for x in ours[0]]}"
        )
        return result
    for (path, kind, a, x), (_, _, b, y) in zip(theirs[0], ours[0]):
        if kind == "tensor":
            result.findings += differences("result" + path, a, b)
            result.add(compare("value" + path, x, y, tolerance, signs))
        elif not same_plain(a, b):
            result.findings.append(f"result{path} expected (torch) {a!r} / got (minigrad) {b!r}")
    kinds = theirs[2] | {a["dtype"] for _, kind, a, _ in theirs[0] if kind == "tensor"}
    return in_full_precision(result, "value", kinds, tolerance)


def first_gradients(call, rng, create_graph):
    """(leaves, cotangents, gradients, all dtypes) of the outputs that require grad, or None if none does."""
    inputs, result = run(call, True)
    leaves = [t for t in tensors_of(call.lib, inputs) if t.requires_grad and t.is_leaf]
    outputs = [t for t in tensors_of(call.lib, [result]) if t.requires_grad]
    if not outputs or not leaves:
        return None
    cotangents = [random_like(call.lib, o, rng) for o in outputs]
    if create_graph:
        cotangents = [c.requires_grad_() for c in cotangents]
    grads = call.lib.autograd.grad(outputs, leaves, cotangents, create_graph=create_graph, allow_unused=True)
    return leaves, cotangents, grads, {str(t.dtype) for t in tensors_of(call.lib, (inputs, result))}


def summary(gradients):
    """Gradients as plain data: (requires_grad, array) or None each."""
    return [None if g is None else (g.requires_grad, to_array(g)) for g in gradients]


def compare_gradients(what, theirs, ours, tolerance, result):
    """Add to `result` how two lists of gradients differ."""
    if (theirs is None) != (ours is None):
        a, b = ("no gradients" if x is None else "gradients" for x in (theirs, ours))
        result.findings.append(f"{what}: expected (torch) {a} / got (minigrad) {b}")
        return result
    for i, (a, b) in enumerate(zip(theirs or (), ours or ())):
        if (a is None) != (b is None):
            result.findings.append(f"{what} {i} expected (torch) {a} / got (minigrad) {b}")
        elif a is not None:
            result.findings += differences(f"{what} {i}", {"requires_grad": a[0]}, {"requires_grad": b[0]})
            result.add(compare(f"{what} {i}", a[1], b[1], tolerance))
    return result


def check_gradient(expected, got, tolerance=None):
    """Gradients of every differentiable output for random cotangents."""

    def observe(call):
        first = first_gradients(call, np.random.default_rng(1), False)
        return first and (summary(first[2]), first[3])

    theirs, ours, decided = both(observe, expected, got)
    if decided or theirs is None:
        return decided or compare_gradients("gradient", theirs, ours and ours[0], tolerance, Result([], ran=False))
    result = compare_gradients("gradient", theirs[0], ours and ours[0], tolerance, Result([]))
    return in_full_precision(result, "gradient", theirs[1], tolerance)


def check_second(expected, got, tolerance=None):
    """Gradients of the gradients, for inputs and for cotangents, with random vectors."""

    def observe(call):
        rng = np.random.default_rng(1)
        first = first_gradients(call, rng, True)
        if first is None:
            return None
        leaves, cotangents, grads, kinds = first
        on = [g for g in grads if g is not None and g.requires_grad]
        vectors = [random_like(call.lib, g, rng) for g in on]
        wanted = leaves + cotangents
        second = call.lib.autograd.grad(on, wanted, vectors, allow_unused=True) if on else []
        return summary(grads), summary(second), kinds

    theirs, ours, decided = both(observe, expected, got)
    if decided or theirs is None:
        return decided or compare_gradients("second gradient", theirs, ours, tolerance, Result([], ran=False))
    result = Result(compare_gradients("recorded gradient", theirs[0], ours and ours[0], tolerance, Result([])).findings)
    result = compare_gradients("second gradient", theirs[1], ours and ours[1], tolerance, result)
    return in_full_precision(result, "second gradient", theirs[2], tolerance)


def check_graph(expected, got, tolerance=None):
    """The graph: node names, edges, input numbers, which leaf each AccumulateGrad feeds."""

    def observe(call):
        inputs, result = run(call, True)
        leaves = tensors_of(call.lib, inputs)
        outputs = [t for t in tensors_of(call.lib, [result]) if t.requires_grad]
        return describe(call.lib, outputs, leaves)

    theirs, ours, decided = both(observe, expected, got)
    if decided:
        return decided
    if theirs == ours:
        return Result([], ran=bool(theirs))
    return Result(
        [
            "graph:\n  expected (torch):\n    {}\n  got (minigrad):\n    {}".format(
                *("\n    ".join(g) for g in (theirs, ours))
            )
        ]
    )


CHECKERS = {"value": check_value, "gradient": check_gradient, "second": check_second, "graph": check_graph}
