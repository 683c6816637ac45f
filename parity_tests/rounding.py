"""Two float32 results that differ by more than the tolerance: whose rounding is it?

Sums that cancel lose digits in either library, and in which order each adds is its own affair.  torch computing the same
sample in float64 is the judge: ours must lie as near to its verdict as torch's own float32 result, within a factor of 4
(each error is the largest of some hundreds, and as random as those: over the attention samples the ratio of the two ran
from 0.3 to 2.5).
"""

import torch

from parity_tests.case import Call
from parity_tests.compare import TOLERANCE

SLACK = 4  # how many times torch's own error ours may have
TRUSTED = 32  # how many times the tolerance torch's float32 result may be off; more is no rounding, but another result


def converted(tree, source, target):
    """Nested results with the tensors of one dtype in another."""
    if isinstance(tree, torch.Tensor):
        return tree.to(target) if tree.dtype is source else tree
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(converted(item, source, target) for item in tree))
    if isinstance(tree, (list, tuple)) and not isinstance(tree, torch.Size):
        return type(tree)(converted(item, source, target) for item in tree)
    if isinstance(tree, dict):
        return {key: converted(item, source, target) for key, item in tree.items()}
    return tree


def in_float64(call):
    """torch's program with float32 inputs and results, computed in float64 in between."""

    def make(grad):
        function, args, kwargs = call.make(grad)

        def program(*args, **kwargs):
            args, kwargs = converted((args, kwargs), torch.float32, torch.float64)
            return converted(function(*args, **kwargs), torch.float64, torch.float32)

        return program, args, kwargs

    return Call(torch, make)


def judged(result, checker, expected, got, **options):
    """`result`, a check's findings in float32, without them if ours is no less exact than torch."""
    rtol, atol = TOLERANCE["float32"]
    trusted = TRUSTED * rtol, TRUSTED * atol
    truth = in_float64(expected)
    theirs, ours = (checker(truth, one, trusted, **options) for one in (expected, got))
    if theirs.findings or ours.findings or ours.error > SLACK * theirs.error:
        return result
    result.findings = []
    return result
