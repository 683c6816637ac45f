"""Writes between forward and backward: each input and each output of every op case in its turn is written to, and the
backward pass must refuse that where torch's does, and nowhere else; whether all inputs require grad or only one."""

import pytest

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests.case import CASES, call
from parity_tests.checkers import Failed, execute, tensors_of
from parity_tests.libs import REFERENCE, seal

REFUSAL = "modified by an inplace operation"
KNOWN = {  # case -> what may be written to, for want of being kept: our max_pool finds the indices again on the way back
    "max_pool1d/{'kernel_size': 2, 'return_indices': True}": ["output 1"],
    "max_pool2d/indices": ["output 1"],
    "max_pool3d/{'kernel_size': 2, 'return_indices': True}": ["output 1"],
}
NEEDED_ONLY = {f"conv{kind}{n}d" for kind in ("", "_transpose") for n in (1, 2, 3)}  # torch keeps both factors in any case


def made(lib, case, only):
    """The inputs and the result of a case; `only` one of its inputs requires grad, if given.  None if there is no such case."""
    seal(lib)
    function, inputs, _ = call(case, lib, "float64", "contiguous").make(True)
    differentiable = [x for x in inputs if x.requires_grad]
    if only is not None:
        if only >= len(differentiable) or len(differentiable) < 2:
            return None
        for x in differentiable:
            x.requires_grad_(x is differentiable[only])
    try:
        return execute(function, inputs, {})
    except Failed:
        return None


def written(lib, case, only):
    """[(what was written to, "refused", "used", or "raised" something else)], or [] if the case cannot be run."""
    found, count = [], 1
    while len(found) < count:
        run = made(lib, case, only)
        outputs = [] if run is None else tensors_of(lib, [run[1]])
        roots = [x for x in outputs if x.requires_grad]
        if not roots:
            return []
        inputs = run[0][0]
        places = [(f"input {i}", x) for i, x in enumerate(inputs)]
        places += [(f"output {i}", x) for i, x in enumerate(outputs) if not any(x is y for y in inputs)]
        count, (place, tensor) = len(places), places[len(found)]
        lib.autograd.graph.increment_version(tensor)
        try:
            sum(x.sum() for x in roots).backward()
            found.append((place, "used"))
        except RuntimeError as error:
            found.append((place, "refused" if REFUSAL in str(error) else "raised"))
    return found


def differences(lib, only):
    """{case: the places of which torch and the library say otherwise}, how many were asked about, how many refused."""
    differing, probed, refused = {}, 0, 0
    for case in CASES:
        if not case.graph or "float64" not in case.dtypes:
            continue
        theirs, ours = written(REFERENCE, case, only), written(lib, case, only)
        if theirs and ours:
            probed, refused = probed + len(theirs), refused + sum(what == "refused" for _, what in theirs)
            wrong = [place for (place, a), (_, b) in zip(theirs, ours, strict=True) if a != b]
            if wrong:
                differing[case.id] = wrong
    return differing, probed, refused


@pytest.mark.filterwarnings("ignore")
def test_stale_values(lib):
    differing, probed, refused = differences(lib, None)
    assert probed > 4000 and refused > 1500
    assert differing == KNOWN


@pytest.mark.filterwarnings("ignore")
def test_stale_values_of_one_gradient(lib):
    found = [differences(lib, only) for only in range(4)]
    assert sum(probed for _, probed, _ in found) > 3000 and sum(refused for *_, refused in found) > 1000
    assert {case.partition("/")[0] for differing, *_ in found for case in differing} == NEEDED_ONLY
