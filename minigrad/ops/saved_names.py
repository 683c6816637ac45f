"""grad_fn._saved_<name>: the values that a node keeps, by the names and in the forms that torch gives them.

Ops name their inputs as torch.nn.functional and the methods do; the nodes of torch often go by other names, and keep
one by one what ours keep together.  NAMES translates.  What ours keep in another form, or need not keep because it follows
from the rest, an op declares beside its formulas, `op.shows(name=function of what is kept)`: it is worked out when somebody
looks.
"""

import functools
import inspect
import re

from ..autograd.raw_saved import RawSaved
from ..autograd.saved import SavedList, SavedOutput, SavedTensor
from ..autograd.texts import FREED
from ..backends import BACKENDS
from ..device import device, device_of
from ..dtypes import bool_, float64, int64
from ..tensor import Tensor, wrap

SYNONYMS = {"self": "input", "result": "out", "self_shape": "input_shape"}
POOL = {"kernel_size": ("geometry", 0), "padding": ("geometry", 2)}
RESIZED = {"output_size": "size", "align_corners": "align",
           **{f"scales_{side}": lambda kept, i=i: kept["factors"] and kept["factors"][i]
              for i, side in ((-3, "d"), (-2, "h"), (-1, "w"))}}  # fmt: skip
NAMES = {  # node -> torch's name -> ours, or where it is in one of ours
    "AvgPool2DBackward0": POOL | {"count_include_pad": "include_pad", "divisor_override": "divisor"},
    "AvgPool3DBackward0": POOL | {"count_include_pad": "include_pad", "divisor_override": "divisor"},
    **{f"Upsample{kind}Backward0": RESIZED for kind in (
        "Nearest1D", "Nearest2D", "Nearest3D", "NearestExact1D", "NearestExact2D", "NearestExact3D", "Linear1D", "Bilinear2D",
        "Trilinear3D", "Bicubic2D", "Bilinear2DAa", "Bicubic2DAa")},
    "AffineGridGeneratorBackward0": {"align_corners": "align"},
    "CholeskyBackward0": {"result": "L"},
    "CholeskySolveBackward0": {"self": "input"},
    "Col2ImBackward0": {"kernel_size": "kernel"},
    "DiagonalScatterBackward0": {"offset": ("where", 0), "dim1": ("where", 1), "dim2": ("where", 2)},
    **{f"FractionalMaxPool{n}DBackward0": {"kernel_size": "kernel", "output_size": "count"} for n in (2, 3)},
    "Im2ColBackward0": {"kernel_size": "kernel"},
    "IndexBackward0": {"indices": "given"}, "IndexPutBackward0": {"indices": "given"},
    "LinalgLstsqBackward0": {"b": "B"},
    **{f"MaxPool{n}DWithIndicesBackward0": POOL | {"dilation": ("geometry", 3)} for n in (2, 3)},
    "NativeGroupNormBackward0": {"group": "groups"},
    "NormBackward1": {"p": "ord"},
    "NormalBackward3": {"mean_sym_sizes": "first_shape", "std_sym_sizes": "second_shape"},
    "PixelShuffleBackward0": {"upscale_factor": "r"}, "PixelUnshuffleBackward0": {"downscale_factor": "r"},
    "PowBackward2": {"self": "base"},
    **{f"{kind}Pad{n}DBackward0": {"padding": "pad"} for kind in ("Reflection", "Replication") for n in (1, 2, 3)},
    "ScaledDotProductFlashAttentionForCpuBackward0": {"output": "out"},
    "TriangularSolveBackward0": {"self": "b"},
    "TrilinearBackward0": {"i1": "input1", "i2": "weight", "i3": "input2"},
    "SelectScatterBackward0": {"dim": ("where", 0), "index": ("where", 1)},
    "SliceScatterBackward0": {name: ("where", i) for i, name in enumerate(("dim", "start", "end", "step"))},
}  # fmt: skip
KINDS = {bool: bool_, int: int64, float: float64}  # of number operands, which torch makes tensors of
CODES = {"reduction": {"none": 0, "mean": 1, "sum": 2}}  # options that torch turns into numbers
FACTS = ("sizes", "strides", "numel", *(f"argsize_{i}" for i in range(4)), *(f"argsize_minus_{i}" for i in range(1, 4)))
FACT = re.compile(r"(\w+?)_sym_(sizes|strides|numel|argsize_(minus_)?(\d+))")


def our_name(op, name):
    """The name under which an op keeps what torch calls `name`."""
    if name in op.inputs or name in (op.outputs or ()) or name in op.options:
        return name
    if name.startswith("result") and name[6:].isdigit() and int(name[6:]) < len(op.outputs or ()):
        return op.outputs[int(name[6:])]
    return SYNONYMS.get(name, name)


def place_of(op, name):
    """The same, or where it is in something that is kept as one."""
    return NAMES.get(op.node_class.__name__, {}).get(name) or our_name(op, name)


def names_shown(op, asked):
    """All the names under which torch may show what an op's formulas ask for."""
    outputs = op.outputs or ()
    for ours in asked:
        aliases = [ours, *[theirs for theirs, name in SYNONYMS.items() if name == ours]]
        aliases += [f"result{i}" for i, name in enumerate(outputs) if name == ours]
        yield from aliases
        for alias in aliases:
            source = alias.removesuffix("_shape")
            if source != alias or ours in op.inputs:
                yield from (f"{source}_sym_{fact}" for fact in FACTS)
    yield from NAMES.get(op.node_class.__name__, ())


def saved_attribute(op, name, node):
    """What torch shows as `_saved_<name>`; None for a tensor that is kept only if other inputs need gradients."""
    place = place_of(op, name)
    kept = kept_by(node)
    if callable(place):
        return shown(name, place(kept))
    if isinstance(place, tuple) and place[0] in kept:
        return kept[place[0]][place[1]]
    if isinstance(place, str) and place in kept:
        value = node.value(place, recording=True)
        if type(value) in KINDS and name in ("self", "other") and type(node).__name__.endswith("0"):
            return wrap(device("cpu").backend.from_host(value, KINDS[type(value)]), device("cpu"))
        return shown(name, value)
    if node.saved is None:
        raise RuntimeError(FREED)
    fact = FACT.fullmatch(name)
    if fact is not None and (found := fact_of(op, node, *fact.groups())) is not None:
        return found
    if is_asked(op, place):
        return None
    raise AttributeError(f"'{node.name()}' object has no attribute '_saved_{name}'")


def shows(op, **functions):
    """Let the op's nodes show, by torch's names, what functions make of what they keep, arrays and options by name.

    What is not kept is None; `sizes` are those of the outputs.  Nothing more is kept for them.
    """
    for name, function in functions.items():
        asked = tuple(inspect.signature(function).parameters)
        setattr(op.node_class, f"_saved_{name}", property(functools.partial(worked_out, name, function, asked)))


def worked_out(name, function, asked, node):
    """What an op declares by `shows`."""
    known = {"sizes": [size for size, _ in node.outputs]}
    for ours in kept_by(node):
        if ours in asked:
            known[ours] = node.value(ours, recording=False)
    if node.saved is None and len(known.keys() & asked) < len(asked):
        raise RuntimeError(FREED)
    return shown(name, function(*map(known.get, asked)))


def kept_by(node):
    """What a node keeps, by our names: after a backward pass perhaps only options."""
    return dict(zip(node.op.options, node.options or ())) | (node.saved or {})


def is_asked(op, name):
    """Whether it is an input or output for which a formula asks."""
    asked = [parameter for formula in op.formulas.values() for parameter in inspect.signature(formula).parameters]
    return name in (*op.inputs, *(op.outputs or ())) and name in asked


def fact_of(op, node, name, fact, from_the_end, place):
    """Sizes, strides or the number of elements of an input, from its kept shape or from itself."""
    name = our_name(op, name)
    shape = node.saved.get(name + "_shape")
    if is_tensor(node.saved.get(name)):
        tensor = node.value(name, recording=True)
        if fact == "strides":
            return tensor.stride()
        shape = tuple(tensor.shape)
    if shape is None or fact == "strides":
        return None
    if fact == "numel":
        count = 1
        for size in shape:
            count *= size
        return count
    return shape if fact == "sizes" else shape[-int(place)] if from_the_end else shape[int(place)]


def shown(name, value):
    """A saved value as torch shows it: arrays and number operands as tensors, options by their numbers."""
    if type(value) in BACKENDS:
        return wrap(value, device_of(value))
    if isinstance(value, (tuple, list)) and any(type(item) in BACKENDS for item in value):
        return tuple(None if isinstance(item, slice) else shown(name, item) for item in value)
    if isinstance(value, list):
        return tuple(value)
    return CODES.get(name, {}).get(value, value) if isinstance(value, str) else value


def is_tensor(kept):
    """Whether what a node keeps is an input or an output, in whatever form."""
    return isinstance(kept, (SavedTensor, SavedOutput, Tensor))


def raw_saved(op, name, node):
    """torch's `grad_fn._raw_saved_<name>`"""
    if node.saved is None:
        return RawSaved(None, freed=True)
    place = place_of(op, name)
    kept = None if node.saved is None or not isinstance(place, str) else node.saved.get(place)
    if isinstance(kept, SavedList):
        kept[:] = map(boxed, kept)
        return tuple(map(RawSaved, kept))
    if is_tensor(kept):
        node.saved[place] = kept = boxed(kept)
        return RawSaved(kept)
    if kept is None and is_asked(op, place):
        return RawSaved(None)
    raise AttributeError(f"'{node.name()}' object has no attribute '_raw_saved_{name}'")


def boxed(kept):
    """What is kept of a tensor in the form that hooks can be given to."""
    if not isinstance(kept, Tensor):
        return kept
    saved = SavedTensor(kept)
    saved.expected = 0  # a tensor is kept as it is if nobody had written to it
    return saved
