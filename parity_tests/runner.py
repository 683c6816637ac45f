"""Running one case with one checker in every layout: what the pytest suite and the command line share."""

from parity_tests.case import call
from parity_tests.checkers import CHECKERS
from parity_tests.compare import Result
from parity_tests.deviations import deviation, strict
from parity_tests.libs import REFERENCE


def checks(case, dtype):
    """The checkers that say something about a case in a dtype; graph and second order in its first dtype only."""
    if dtype[:5] != "float" or not case.specs or case.order == 0:
        return ["value"]
    if dtype != case.dtypes[0]:
        return ["value", "gradient"]
    return ["value", "gradient"] + ["second"] * (case.order > 1) + ["graph"] * case.graph


def check(case, dtype, checker, lib, samples=1):
    """The Result of a case over its layouts (and other random draws of the first)."""
    total = Result([], ran=False)
    plain = case.variants(dtype)
    for layout, seed in [(x, 0) for x in plain] + [("contiguous", s) for s in range(1, samples)]:
        programs = [call(case, one, dtype, layout, seed) for one in (REFERENCE, lib)]
        options = {"strides": case.strides, "signs": layout == "special"} if checker == "value" else {}
        one = CHECKERS[checker](*programs, case.tolerance.get(dtype), **options)
        total.include(one, layout if seed == 0 else f"{layout}, draw {seed}")
    return total


def verdict(name, dtype, checker, result, backend=None):
    """Messages that fail the run: findings no deviation covers, or a deviation that nothing needs any more."""
    known = deviation(name, dtype, checker, backend)
    if known is None:
        return result.findings
    if result.findings or not result.ran or not strict(known, backend):
        return []
    return [f"this known deviation is mended, remove it from deviations.py: {known.case} ({known.reason})"]
