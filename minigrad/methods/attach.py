"""How functions become methods and attributes of Tensor."""

from ..tensor import Tensor


def method(function):
    """Make a function a method of Tensor."""
    setattr(Tensor, function.__name__, function)
    return function


def attribute(function):
    """Make a function a read-only attribute of Tensor."""
    setattr(Tensor, function.__name__.removeprefix("get_"), property(function))
    return function
