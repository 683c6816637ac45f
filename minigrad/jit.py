"""torch.jit: functions and modules stay the Python programs that they are, since there is no compiler."""


def script(obj, *args, **kwargs):
    """The function or module itself"""
    return obj


def trace(func, example_inputs=None, **kwargs):
    """The function or module itself"""
    return func


def ignore(drop=False, **kwargs):
    """The function itself; also a decorator with arguments"""
    return drop if callable(drop) else lambda fn: fn


unused = export = script


def is_scripting():
    """Whether a compiled program asks: never"""
    return False


is_tracing = is_scripting
