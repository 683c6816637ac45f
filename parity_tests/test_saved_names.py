"""`grad_fn._saved_*` and `_raw_saved_*`: every attribute that torch's nodes have, node by node over the graphs of all op
cases.

KNOWN says which attributes are not there, or differ in some case, and why.  It is strict: an attribute that appears or
agrees makes its line fail.
"""

import collections
import warnings

import numpy as np

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests.case import CASES, call
from parity_tests.checkers import Failed, run, tensors_of, to_array
from parity_tests.libs import REFERENCE, seal
from parity_tests.saved_deviations import KNOWN

UNSIGNED = 2**63 - 1  # torch shows a negative number as unsigned, and "to the end" as this: they say nothing more


def pairs_of_nodes(theirs, ours):
    """The nodes of two equal graphs, side by side; none if the graphs differ, which is for others to say."""
    pairs, stack, seen = [], [(theirs, ours)], set()
    while stack:
        a, b = stack.pop()
        if a is None or b is None or id(a) in seen:
            continue
        if a.name() != b.name() or len(a.next_functions) != len(b.next_functions):
            return []
        seen.add(id(a))
        pairs.append((a, b))
        stack += [(x, y) for (x, _), (y, _) in zip(a.next_functions, b.next_functions)]
    return pairs


def same(a, b, lib):
    """Whether a saved value of torch's and one of ours say the same; tensors up to rounding, with their history."""
    if isinstance(a, REFERENCE.Tensor):
        if not isinstance(b, lib.Tensor) or (str(a.dtype), tuple(a.shape)) != (str(b.dtype), tuple(b.shape)):
            return False
        history = [(x.requires_grad, x.grad_fn and x.grad_fn.name()) for x in (a, b)]
        return history[0] == history[1] and np.allclose(to_array(a), to_array(b), 1e-9, 1e-9, equal_nan=True)
    if isinstance(a, (tuple, list)):
        return isinstance(b, (tuple, list)) and len(a) == len(b) and all(same(x, y, lib) for x, y in zip(a, b))
    if type(a) is int and a >= UNSIGNED:
        return isinstance(b, int)
    return a == b and not isinstance(b, lib.Tensor) and (a is None) == (b is None)


def compared(lib):
    """{(node, attribute): how often it agrees, is missing, differs} over all cases in float64."""
    found = collections.defaultdict(collections.Counter)
    for case in CASES:
        if not case.graph or "float64" not in case.dtypes:
            continue
        try:
            (_, theirs), (_, ours) = (run(call(case, one, "float64", "contiguous"), True) for one in (REFERENCE, lib))
        except Failed:
            continue
        for a, b in zip(tensors_of(REFERENCE, [theirs]), tensors_of(lib, [ours])):
            for x, y in pairs_of_nodes(a.grad_fn, b.grad_fn):
                for name in dir(x):
                    if name.startswith("_saved_"):
                        found[f"{x.name()}.{name.removeprefix('_saved_')}"][verdict(x, y, name, lib)] += 1
                    elif name.startswith("_raw_saved_"):
                        found[f"{x.name()}.{name.removeprefix('_')}"][raw_verdict(x, y, name)] += 1
    return found


def verdict(theirs, ours, name, lib):
    try:
        expected = getattr(theirs, name)
    except RuntimeError:
        return "unreadable"
    try:
        got = getattr(ours, name)
    except AttributeError:
        return "missing"
    return "same" if same(expected, got, lib) else "differs"


def raw_verdict(theirs, ours, name):
    """Whether ours has the attribute, one thing or as many in a tuple; what it can do test_hooks.py tells."""
    try:
        expected, got = getattr(theirs, name), getattr(ours, name)
    except AttributeError:
        return "missing"
    several = isinstance(expected, tuple)
    return "same" if several == isinstance(got, tuple) and (not several or len(expected) == len(got)) else "differs"


def test_saved_attributes(lib, backend):
    seal(lib)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = compared(lib)
    wrong = {name for name, counts in found.items() if counts["missing"] or counts["differs"]}
    known = {name for names in KNOWN.values() for name in names.split()}
    for kind in ("_saved_", "_raw_saved_"):
        names = {name for name in found if (".raw_saved_" in name) == (kind == "_raw_saved_")}
        print(f"{kind}*: {len(names)} attributes of torch's nodes in {sum(found[name].total() for name in names)} places; "
              f"{len(names - wrong)} agree everywhere, {len(names & wrong)} are missing or differ somewhere")  # fmt: skip
    assert len(found) - len(wrong) > 1000
    assert sorted(wrong - known) == []
    assert backend == "torch" or sorted(known - wrong) == []  # its kernels compute some of them as torch does
