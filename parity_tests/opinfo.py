"""torch's own OpInfo as a second, independent source of programs: its functions, sample inputs and error inputs.

OpInfo is private to torch's tests (torch is pinned for that reason too) and is imported when first asked for.  A function
written for torch is run with minigrad by giving it another global `torch`; nothing of torch's is copied here.
"""

import functools
import itertools
import random
import re
import types
import warnings

import numpy as np
import torch

from parity_tests.case import Call
from parity_tests.checkers import CHECKERS, SIGNATURES, Failed, error_text, run, same_text
from parity_tests.compare import Result
from parity_tests.rounding import judged

UNINITIALISED = re.compile(r"^(new_)?empty(_like|_strided|_permuted)?$")  # values are whatever the memory held
OUT_OF_SCOPE = re.compile(r"^(_refs|ops\.|fft\.|sparse\.|masked\.|signal\.|torch\.ops|jiterator|_native|_segment|"
                          r"_upsample|_unsafe|_softmax|_batch|_foreach|_chunk|quantize|.*complex|view_as_real|"
                          r"native_dropout_backward|max_pool2d_with_indices_backward|"  # functions of torch.ops
                          r"resolve_|hash_tensor|conj|real$|imag$|chalf|cfloat|cdouble|stft|istft|polar|nested|to_sparse)")


@functools.cache
def database():
    """All entries of op_db by full name (name and variant)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_methods_invocations import op_db
    return {full_name(op): op for op in op_db}


def full_name(op):
    return op.name + ("." + op.variant_test_name if op.variant_test_name else "")


# Factors whose signs are the LAPACK library's choice: compared as OpInfo's own samples choose, mostly in absolute value.
UP_TO_SIGN = ("svd", "linalg.svd", "linalg.eigh", "svd_lowrank", "pca_lowrank")

# ---- the same function for another library --------------------------------------------------------------------------


def for_library(function, lib):
    """`function`, written for torch, as a function of `lib`.  Raises AttributeError where `lib` lacks something."""
    if isinstance(function, functools.partial):
        keywords = {key: carry(value, lib) for key, value in function.keywords.items()}
        return functools.partial(for_library(function.func, lib), *carry(list(function.args), lib), **keywords)
    if isinstance(function, types.FunctionType) and function.__module__.startswith("torch.testing"):
        return rebound(function, lib)
    owner = getattr(function, "__objclass__", None)
    if owner is not None and issubclass(torch.Tensor, owner):
        return getattr(lib.Tensor, function.__name__)
    name = getattr(function, "__name__", None)
    for path in ("", "nn.functional", "linalg", "special", "Tensor"):
        theirs, ours = (functools.reduce(lambda m, n: getattr(m, n, None), path.split(".") if path else (), one)
                        for one in (torch, lib))
        if name and getattr(theirs, name, None) is function and ours is not None:
            return getattr(ours, name)
    if type(function).__module__ == "operator" or function.__module__ in ("_operator", "operator", "builtins", "math"):
        return function
    raise AttributeError(f"no counterpart of {function}")


def rebound(function, lib):
    """A Python function of torch's tests with `lib` as its global `torch` (and the helpers it calls likewise)."""
    names = names_in(function.__code__)
    scope = dict(function.__globals__)
    for name in names:
        value = scope.get(name)
        if value is torch:
            scope[name] = lib
        elif isinstance(value, types.FunctionType) and value.__module__.startswith("torch.testing"):
            scope[name] = (HELPERS.get(name) or (lambda lib: rebound(value, lib)))(lib)
        elif isinstance(value, types.ModuleType) and value.__name__.startswith("torch."):
            scope[name] = functools.reduce(getattr, value.__name__.split(".")[1:], lib)
        elif callable(value) and getattr(value, "__module__", "") and str(value.__module__).startswith("torch."):
            try:
                scope[name] = for_library(value, lib)
            except AttributeError:
                pass
    closure = None
    if function.__closure__:
        closure = tuple(types.CellType(carry_function(cell.cell_contents, lib)) for cell in function.__closure__)
    twin = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__, closure)
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def names_in(code):
    """The global names that a function's code uses, and the functions it defines"""
    return set(code.co_names).union(*(names_in(x) for x in code.co_consts if isinstance(x, types.CodeType)))


def carry_function(value, lib):
    function = callable(value) and not isinstance(value, type) and not hasattr(value, "sample_inputs")
    return for_library(value, lib) if function else carry(value, lib)


def seeded(lib):
    """torch's wrapper_set_seed: run an op from a fixed seed, leaving the generator as it was."""
    def wrapper_set_seed(op, *args, **kwargs):
        with lib.random.fork_rng():
            lib.manual_seed(42)
            return op(*args, **kwargs)
    return wrapper_set_seed


HELPERS = {"wrapper_set_seed": seeded}

# ---- the same inputs for another library ----------------------------------------------------------------------------


def carry(tree, lib, grad=True, seen=None):
    """Nested arguments with every tensor, dtype, device ... replaced by `lib`'s: equal bits, strides and aliasing."""
    seen = {} if seen is None else seen
    if isinstance(tree, torch.Tensor):
        if id(tree) not in seen:
            seen[id(tree)] = carry_tensor(tree, lib, grad, seen)
        return seen[id(tree)]
    if isinstance(tree, torch.Size):
        return lib.Size(tree)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(carry(item, lib, grad, seen) for item in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)(carry(item, lib, grad, seen) for item in tree)
    if isinstance(tree, dict):
        return {key: carry(item, lib, grad, seen) for key, item in tree.items()}
    if isinstance(tree, slice):
        return slice(*(carry(x, lib, grad, seen) for x in (tree.start, tree.stop, tree.step)))
    if isinstance(tree, (torch.dtype, torch.memory_format, torch.layout)):
        return getattr(lib, str(tree).removeprefix("torch."))
    if isinstance(tree, torch.device):
        return lib.device(str(tree))
    if isinstance(tree, torch.nn.PairwiseDistance):
        return lambda x, y: lib.nn.functional.pairwise_distance(x, y, tree.norm, tree.eps, tree.keepdim)
    if isinstance(tree, (types.FunctionType, types.BuiltinFunctionType)):
        return for_library(tree, lib)
    return tree


def carry_tensor(tensor, lib, grad, seen):
    """A copy of `tensor` over a copy of its whole storage, which the tensors of one call that share it share again."""
    array = tensor.detach().resolve_conj().resolve_neg()
    storage = array.untyped_storage()
    key = storage.data_ptr() or id(tensor), array.dtype
    if key not in seen:
        seen[key] = torch.empty(0, dtype=array.dtype).set_(storage).clone()
    flat, sizes, strides, offset = seen[key], tuple(array.shape), array.stride(), array.storage_offset()
    if lib is torch:
        result = torch.empty(0, dtype=array.dtype).set_(flat.untyped_storage(), offset, sizes, strides).data
    else:
        block = flat.numpy()
        steps = [step * block.itemsize for step in strides]
        result = lib.from_numpy(np.ndarray(sizes, block.dtype, block, offset * block.itemsize, steps))
    return result.requires_grad_() if grad and tensor.requires_grad and tensor.is_leaf else result


# ---- checks ---------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=4)
def sample_inputs(name, dtype, most):
    """The first `most` sample inputs of an entry; from a fixed seed, so that every run has the same ones."""
    op = database()[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        random.seed(0)
        wanted = dtype.is_floating_point and op.supports_autograd
        return list(itertools.islice(op.sample_inputs("cpu", dtype, requires_grad=wanted), most))


class Entry:
    """One OpInfo entry that has a counterpart: its samples as pairs of Calls, torch's and ours."""

    def __init__(self, op, lib):
        self.op, self.lib, self.name = op, lib, full_name(op)
        self.function = ours(op, lib)

    @property
    def differentiable(self):
        return self.op.supports_autograd

    def dtypes(self):
        """The dtypes to check: floating ones, and integers and bools where the op takes them."""
        wanted = (torch.float64, torch.float32, torch.int64, torch.bool)
        return [str(d).removeprefix("torch.") for d in wanted if d in self.op.dtypes]

    def samples(self, dtype, most=None):
        """(Call of torch, Call of ours) for each sample input."""
        return map(self.pair, sample_inputs(self.name, getattr(torch, dtype), most))

    def pair(self, sample):
        pair = (torch, self.op.op), (self.lib, self.function)
        return tuple(self.call(sample, one, initialised(self.name, function)) for one, function in pair)

    def call(self, sample, lib, function):
        pick = getattr(sample, "output_process_fn_grad", None)
        pick = None if pick is None else pick if lib is torch else for_library(pick, lib)

        def make(grad):
            seen = {}
            lib.manual_seed(0)
            args = carry((sample.input, *sample.args), lib, grad, seen)
            kwargs = carry(sample.kwargs, lib, grad, seen)
            program = (lambda *a, **k: pick(function(*a, **k))) if pick and grad == "picked" else function
            return program, args, kwargs

        return Call(lib, make)

    def variants(self, dtype, most=None):
        """The method and in-place variants as pairs, where both libraries have them."""
        for kind in ("method_variant", "inplace_variant"):
            theirs = getattr(self.op, kind)
            mine = theirs and getattr(self.lib.Tensor, getattr(theirs, "__name__", "-"), None)
            if mine is None:
                continue
            for sample in sample_inputs(self.name, getattr(torch, dtype), most):
                yield tuple(self.call(sample, one, of_a_copy(initialised(self.name, function)))
                            for one, function in ((torch, theirs), (self.lib, mine)))


    def outs(self, dtype, most=None):
        """The same with out=: empty tensors, and ones of the right size."""
        for sample in sample_inputs(self.name, getattr(torch, dtype), most):
            for fresh in (True, False):
                yield tuple(self.call(sample, one, into_out(initialised(self.name, function), one, fresh))
                            for one, function in ((torch, self.op.op), (self.lib, self.function)))


def into_out(function, lib, fresh):
    """`function` with out=: what it wrote there, and whether it returned just that"""

    def blank(like):
        return lib.empty(0, dtype=like.dtype) if fresh else lib.zeros_like(like)

    def call(*args, **kwargs):
        like = function(*args, **kwargs)
        if any(isinstance(x, tuple) for x in like):
            return None  # a tuple in a tuple has no out=
        out = blank(like) if isinstance(like, lib.Tensor) else tuple(map(blank, like))
        result = function(*args, **kwargs, out=out)
        pairs = zip((result,), (out,)) if isinstance(out, lib.Tensor) else zip(result or (), out)
        return out, [one is other for one, other in pairs]

    return call


def initialised(name, function):
    """`function`, its result set to zero if it is one that leaves memory as it finds it."""
    if not UNINITIALISED.match(name):
        return function

    def zeroed(*args, **kwargs):
        result = function(*args, **kwargs)
        result.detach().zero_()
        return result

    return zeroed


def of_a_copy(function):
    """`function`, which may change its first argument, of a copy of that, so that it may require grad"""
    return lambda x, *args, **kwargs: function(x.clone(), *args, **kwargs)


def ours(op, lib):
    """Our counterpart of an entry's function.  Raises AttributeError where there is none."""
    if isinstance(op.op, types.FunctionType) and op.op.__module__.startswith("torch.testing"):
        head = op.name.split(".")
        if not has(lib, head) and not any(hasattr(lib.Tensor, op.name + end) for end in ("", "_")):
            raise AttributeError(op.name)
        return for_library(op.op, lib)
    if has(lib, op.name.split(".")):
        return functools.reduce(getattr, op.name.split("."), lib)
    return for_library(op.op, lib)


def has(lib, path):
    for name in path:
        lib = getattr(lib, name, None)
    return lib is not None


def mapped(lib):
    """(entries that have a counterpart, names of those in scope that have none)"""
    found, missing = {}, []
    for name, op in database().items():
        if OUT_OF_SCOPE.match(name):
            continue
        try:
            found[name] = Entry(op, lib)
        except AttributeError:
            missing.append(name)
    return found, missing


def first_dtype(entry):
    """The dtype whose checks say most: float64 where the op takes it."""
    return "float64" if "float64" in entry.dtypes() else (entry.dtypes() or ["float32"])[0]


def checks(entry, dtype):
    """Which checks say something of an entry in a dtype."""
    if not dtype.startswith("float"):
        return ["value"]
    names = ["value"] + ["gradient"] * entry.differentiable
    if dtype == "float64":
        names += ["second"] * (entry.differentiable and entry.op.supports_gradgrad) + ["variant"]
        names += ["out"] * (entry.op.supports_out and entry.op.name not in UP_TO_SIGN)
        names += ["error"] * (entry.op.error_inputs_func is not None)
    return names


def check(entry, dtype, checker, most=None):
    """The Result of one check over an entry's samples."""
    if checker == "error":
        return check_errors(entry)
    choose = picked if checker in ("gradient", "second") or entry.op.name in UP_TO_SIGN else lambda call: call
    total = Result([], ran=False)
    source = {"variant": entry.variants, "out": entry.outs}.get(checker, entry.samples)
    run_one = CHECKERS.get(checker, CHECKERS["value"])
    options = {"strides": False, "grad": checker != "out"} if run_one is CHECKERS["value"] else {}
    for i, (expected, got) in enumerate(source(dtype, most)):
        expected, got = choose(expected), choose(got)
        one = run_one(expected, got, None, **options)
        if one.findings and dtype == "float32":
            one = judged(one, run_one, expected, got, **options)
        total.include(one, f"sample {i}")
    return total


def picked(call):
    """The call with the sample's own choice of differentiable outputs applied."""
    return Call(call.lib, lambda grad: call.make("picked"))


def check_errors(entry):
    """Error inputs: the class of the exception, and its text where torch's is not a list of signatures."""
    total = Result([], ran=False)
    counts = total.counts = dict.fromkeys(("inputs", "class", "worded", "text"), 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i, wrong in enumerate(entry.op.error_inputs("cpu")):
            if on_another_device(wrong.sample_input):
                continue
            theirs, ours = map(raised, entry.pair(wrong.sample_input))
            said = [] if same_text(theirs, ours) else [f"error expected (torch) {theirs} / got (minigrad) {ours}"]
            total.include(Result(said), f"error input {i}")
            if theirs != NO_ERROR:
                worded = SIGNATURES.match(theirs) is None
                counts["inputs"] += 1
                counts["class"] += theirs.partition(":")[0] == ours.partition(":")[0]
                counts["worded"] += worded
                counts["text"] += worded and not said
    return total


def on_another_device(sample):
    """Whether an input lies on torch's "meta" device, which has no counterpart"""
    given = torch.utils._pytree.tree_leaves((sample.input, sample.args, sample.kwargs))
    return any(isinstance(x, torch.Tensor) and x.device.type != "cpu" for x in given)


NO_ERROR = "no error"


def raised(call):
    """Class and text of what a program raises."""
    try:
        run(call, True)
    except Failed as error:
        return error_text(error.cause)
    except ValueError as error:  # NumPy's, of inputs that it cannot hold
        return error_text(error)
    return NO_ERROR
