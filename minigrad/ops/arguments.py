"""What torch's argument parser says of an argument of the wrong type, said when a function fails over one.

A function that is declared with torch's signature runs as it is; only when it raises are its arguments looked at.
"""

import functools
import inspect

from ..tensor import Tensor
from .checks import type_name


def _is_int(value):
    return hasattr(value, "__index__") and not isinstance(value, (bool, Tensor))


KINDS = {
    "any": lambda value: True,  # torch's Python has looked at it before the parser does
    "Tensor": lambda value: isinstance(value, Tensor),
    "int": _is_int,
    "float": lambda value: isinstance(value, (int, float, Tensor)),
    "bool": lambda value: isinstance(value, bool),
    "str": lambda value: isinstance(value, str),
    "Number": lambda value: isinstance(value, (int, float, complex, Tensor)),
    "pair of ints": lambda value: _is_int(value) or KINDS["tuple of ints"](value),  # one number stands for two
    "tuple of ints": lambda value: isinstance(value, (tuple, list)) and all(map(_is_int, value)),
}


def declared(signature, by_keyword=False):
    """Declare torch's signature of a function, "name(kind parameter, kind? that_may_be_None, ...)".

    `by_keyword`: torch's parser sees keywords as such, and then names no position.
    """
    name, _, rest = signature.partition("(")
    wanted = []
    for parameter in rest.removesuffix(")").split(", "):
        kind, _, parameter = parameter.rpartition(" ")
        wanted.append((parameter, kind.rstrip("?"), kind.endswith("?")))

    def decorate(function):
        bind = inspect.signature(function).bind

        @functools.wraps(function)
        def call(*args, **keywords):
            try:
                return function(*args, **keywords)
            except Exception:
                said = _wrong(name, wanted, bind, args, keywords, by_keyword)
                if said is None:
                    raise
            raise TypeError(said)

        return call

    return decorate


def _wrong(name, wanted, bind, args, keywords, by_keyword):
    """What is wrong with the type of an argument, the first one of them; None if nothing is."""
    try:
        given = bind(*args, **keywords).arguments
    except TypeError:
        return None
    for position, (parameter, kind, optional) in enumerate(wanted, 1):
        if parameter not in given or optional and given[parameter] is None or KINDS[kind](given[parameter]):
            continue
        value, said = given[parameter], f"{name}(): argument '{parameter}'"
        if kind == "pair of ints":
            kind, value = "tuple of ints", value if isinstance(value, (tuple, list)) else (value, value)
        where = "" if by_keyword and parameter in keywords else f" (position {position})"
        if kind != "tuple of ints" or not isinstance(value, (tuple, list)):
            return f"{said}{where} must be {kind}, not {type_name(value)}"
        at, found = next((i, type_name(x)) for i, x in enumerate(value) if not _is_int(x))
        if at == 0:
            return f"{said}{where} must be {kind}, but found element of type {found} at pos 0"
        return f'{said} failed to unpack the object at pos {at + 1} with error "type must be {kind},but got {found}"'
    return None
