"""torch's own ModuleInfo as an independent source of modules: how each is constructed, what it is called on, what it refuses.

ModuleInfo is private to torch's tests, like OpInfo, and is imported when first asked for.  A sample is run with both
libraries from one seed: the module's printed form, its state before and after, what it returns, and the gradients of its
parameters and inputs.
"""

import functools
import itertools
import warnings

import torch

from parity_tests.case import Call
from parity_tests.checkers import CHECKERS, both, run
from parity_tests.compare import Result
from parity_tests.opinfo import carry
from parity_tests.rounding import judged

DTYPES = ("float64", "float32")


@functools.cache
def database():
    """All entries of module_db by the name of the module's class."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_modules import module_db
    return {info.module_cls.__name__: info for info in module_db}


def modes(name):
    """Whether the module is in training, for each of its modes that differ."""
    return (True, False) if database()[name].train_and_eval_differ else (True,)


@functools.lru_cache(maxsize=4)
def samples(name, dtype, training, most):
    """The first `most` inputs of a module, from a fixed seed."""
    info = database()[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        made = info.module_inputs_func(info, device="cpu", dtype=getattr(torch, dtype), requires_grad=True,
                                       training=training)
        return list(itertools.islice((x for x in made if x.forward_input is not None), most))


def error_samples(name):
    """The inputs that a module refuses, in construction or when called."""
    info = database()[name]
    torch.manual_seed(0)
    made = info.module_error_inputs_func
    return [] if made is None else [x.module_error_input for x in made(
        info, device="cpu", dtype=torch.float64, requires_grad=True, training=True)]  # fmt: skip


def pair(name, sample, dtype, training, lib, picture=False):
    """The sample as a Call of torch and one of `lib`."""
    return tuple(call(name, sample, dtype, training, one, picture) for one in (torch, lib))


def call(name, sample, dtype, training, lib, picture):
    """Construct the module, convert it and call it; with `picture`, also say how it prints and what its state is."""

    def make(grad):
        lib.manual_seed(0)
        args, kwargs = sample.constructor_input.args, sample.constructor_input.kwargs
        args = [twin(x, lib) if isinstance(x, torch.nn.Module) else carry(x, lib, grad) for x in args]
        module = getattr(lib.nn, name)(*args, **carry(kwargs, lib, grad)).to(getattr(lib, dtype))
        module.train(training)
        parameters = list(module.parameters())
        called = sample.forward_input
        forward = carry((list(called.args), dict(called.kwargs)) if called else ([], {}), lib, grad)

        def program(parameters, *args, **kwargs):
            if parameters and parameters[0].dtype is not getattr(lib, dtype):
                return in_dtype_of(parameters, module, args, kwargs)
            if not picture:
                return module(*args, **kwargs)
            before = {key: value.clone() for key, value in module.state_dict().items()}
            return [repr(module), before, module(*args, **kwargs), module.state_dict()]

        return program, (parameters, *forward[0]), forward[1]

    return Call(lib, make)


def in_dtype_of(parameters, module, args, kwargs):
    """torch's module called with other parameters and buffers of their dtype in place of its own."""
    state = {name: x.to(parameters[0].dtype) if x.is_floating_point() else x for name, x in module.named_buffers()}
    state |= dict(zip([name for name, _ in module.named_parameters()], parameters))
    return torch.func.functional_call(module, state, args, kwargs)


def twin(module, lib):
    """A module given to another's constructor, as one of `lib` with the same parameters and attributes."""
    kind, path = type(module).__name__, type(module).__module__.split(".")[1:]
    copy = object.__new__(getattr(lib.nn, kind, None) or getattr(functools.reduce(getattr, path, lib), kind))
    lib.nn.Module.__init__(copy)
    for name, value in vars(module).items():
        if name not in vars(torch.nn.Module()):
            setattr(copy, name, carry(value, lib))
    for name, value in module._parameters.items():
        copy.register_parameter(name, None if value is None else lib.nn.Parameter(carry(value.data, lib)))
    for name, value in module._modules.items():
        setattr(copy, name, twin(value, lib))
    return copy


def checks(name, dtype):
    """Which checks say something of a module in a dtype."""
    second = database()[name].supports_gradgrad and dtype == "float64"
    refuses = dtype == "float64" and database()[name].module_error_inputs_func is not None
    return ["value", "gradient"] + ["second"] * second + ["error"] * refuses


def check(name, lib, dtype, checker, most=None):
    """The Result of one check over a module's samples."""
    total = Result([], ran=False)
    if checker == "error":
        for i, sample in enumerate(error_samples(name)):
            decided = both(lambda one: run(one, True) and None, *pair(name, sample, dtype, True, lib))[2]
            total.add(Result([f"[error input {i}] {text}" for text in decided.findings] if decided else []))
            total.ran = True
        return total
    options = {"strides": False} if checker == "value" else {}
    for training in modes(name):
        for i, sample in enumerate(samples(name, dtype, training, most)):
            calls = pair(name, sample, dtype, training, lib, picture=checker == "value")
            one = CHECKERS[checker](*calls, None, **options)
            if one.findings and dtype == "float32" and checker != "value":
                one = judged(one, CHECKERS[checker], *calls, **options)
            one.findings = [f"[sample {i}{'' if training else ', eval'}] {text}" for text in one.findings]
            total.add(one)
            total.ran |= one.ran
    return total
