"""How the in-place twin of a function says what is wrong with its arguments."""

import re

from ..ops.promotion import NUMBERS, result_type
from ..ops.rounding import ZERO
from ..tensor import Tensor
from .writable import check_result


def say_in_place(error, input, others, name):
    """Turn an error of a function into that of its twin `name`, which writes to `input`.

    An argument of the wrong type is counted as the method counts.  Where a kernel refuses the common dtype of its
    operands, RuntimeError says so first if `input` could not hold it anyway.
    """
    if isinstance(error, TypeError):
        error.args = (as_method(str(error), name),)
    elif isinstance(error, NotImplementedError) or str(error) == ZERO:
        kind = result_type(input, *[x for x in others if isinstance(x, (Tensor, *NUMBERS))])
        check_result(input, input._data.shape, kind, name[:-1])


def as_method(text, name):
    """What is wrong with an argument of a function, said of the method, which does not count the tensor itself"""
    ours = re.escape(name[:-1])
    return re.sub(rf"^{ours}\(\): argument '(\w+)' \(position (\d)\)",
                  lambda found: f"{name}(): argument '{found[1]}' (position {int(found[2]) - 1})", text)
