"""A case: one small program of a library and its input tensors, written once and run with both libraries."""

from dataclasses import dataclass, field, replace
from functools import partial

from parity_tests import inputs as make_inputs

FLOATS = ("float64", "float32", "float16")
INTEGERS = ("int64", "int32", "uint8", "bool")
NUMBERS = FLOATS + INTEGERS
CASES = []


@dataclass(frozen=True)
class Case:
    """`fn(lib, *tensors)` on `specs`; `order` 0: no gradient, 1: no second one.

    `tolerance` gives a dtype another (rtol, atol, reason).
    """

    op: str
    name: str
    fn: object
    specs: tuple = ()
    dtypes: tuple = FLOATS
    order: int = 2
    layouts: tuple = make_inputs.LAYOUTS
    strides: bool = True
    graph: bool = True
    tolerance: dict = field(default_factory=dict)

    @property
    def id(self):
        return f"{self.op}/{self.name}"

    def variants(self, dtype):
        """The layouts to try: all of them in float64, the plain one in other dtypes."""
        first = dtype == self.dtypes[0]
        return [x for x in self.layouts if make_inputs.applies(self.specs, x)] if first else ["contiguous"]


@dataclass(frozen=True)
class Call:
    """A program bound to one library: `make(grad)` gives (function, args, kwargs) with fresh tensors each time."""

    lib: object
    make: object


def call(case, lib, dtype, layout, seed=0):
    """The case as a Call."""

    def make(grad):
        values, same = make_inputs.arrays(case.specs, dtype, layout, f"{case.id} {seed}")
        tensors = []
        for value, spec, twin in zip(values, case.specs, same):
            if twin != len(tensors):
                tensors.append(tensors[twin])
                continue
            tensor = lib.from_numpy(value)
            tensors.append(tensor.requires_grad_() if grad and spec.grad and value.dtype.kind in "fc" else tensor)
        return partial(case.fn, lib), tuple(tensors), {}

    return Call(lib, make)


def case(op, name, fn, *specs, inplace=None, kinks="", **options):
    """Declare a case. `inplace` is the same program on its first input, changed in place. `kinks` names the extra
    layouts that mean something here: "special" (every special value against every other), "ties"."""
    layouts = options.pop("layouts", make_inputs.LAYOUTS) + tuple(kinks.split())
    one = Case(op, name, fn, specs, layouts=layouts if specs else ("contiguous",), **options)
    CASES.append(one)
    if inplace:
        CASES.append(replace(one, name=name + " in place", fn=partial(on_copy, inplace)))


def on_copy(inplace, lib, x, *rest):
    """Run an in-place program on a clone, so that leaves may require grad; the result must be the clone itself."""
    y = x.clone()
    z = inplace(lib, y, *rest)
    return y, z is y, y._version
