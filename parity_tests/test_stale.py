"""Writes between forward and backward: each input and each output of every op case in its turn is written to, and the
backward pass must refuse that where torch's does, and nowhere else."""

import pytest

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests.case import CASES, call
from parity_tests.checkers import Failed, run, tensors_of
from parity_tests.libs import REFERENCE, seal

REFUSAL = "modified by an inplace operation"
KNOWN = {  # case -> what may be written to, for want of being kept: our max_pool finds the indices again on the way back
    "max_pool1d/{'kernel_size': 2, 'return_indices': True}": ["output 1"],
    "max_pool2d/indices": ["output 1"],
    "max_pool3d/{'kernel_size': 2, 'return_indices': True}": ["output 1"],
}


def written(lib, case):
    """[(what was written to, "refused", "used", or "raised" something else)], or [] if the case cannot be run."""
    found, count = [], 1
    while len(found) < count:
        seal(lib)
        try:
            (inputs, _), result = run(call(case, lib, "float64", "contiguous"), True)
        except Failed:
            return []
        outputs = tensors_of(lib, [result])
        places = [(f"input {i}", x) for i, x in enumerate(inputs)]
        places += [(f"output {i}", x) for i, x in enumerate(outputs) if not any(x is y for y in inputs)]
        roots = [x for x in outputs if x.requires_grad]
        if not roots:
            return []
        count, (place, tensor) = len(places), places[len(found)]
        lib.autograd.graph.increment_version(tensor)
        try:
            sum(x.sum() for x in roots).backward()
            found.append((place, "used"))
        except RuntimeError as error:
            found.append((place, "refused" if REFUSAL in str(error) else "raised"))
    return found


@pytest.mark.filterwarnings("ignore")
def test_stale_values(lib):
    differing, probed, refused = {}, 0, 0
    for case in CASES:
        if not case.graph or "float64" not in case.dtypes:
            continue
        theirs, ours = written(REFERENCE, case), written(lib, case)
        if theirs and ours:
            probed, refused = probed + len(theirs), refused + sum(what == "refused" for _, what in theirs)
            wrong = [place for (place, a), (_, b) in zip(theirs, ours, strict=True) if a != b]
            if wrong:
                differing[case.id] = wrong
    assert probed > 4000 and refused > 1000
    assert differing == KNOWN
