"""Comparing two arrays: dtype, shape, values within torch.testing's tolerances, and the error in ulps."""

from dataclasses import dataclass, field

import numpy as np

TOLERANCE = {
    "float64": (1e-7, 1e-7),
    "float32": (1.3e-6, 1e-5),
    # Four units of float16's last place instead of one: torch's kernels compute several steps in float32 and round once,
    # ours round after each step of a formula, and which steps its kernels fuse differs from op to op and CPU to CPU.
    "float16": (4e-3, 2e-3),
    "bfloat16": (1.6e-2, 1e-5),
    "complex128": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
}


@dataclass
class Result:
    """What a check found: messages (none if it passed) and the largest error seen, in ulps and absolutely.

    Of a check over several programs also how many it compared, how many of these agreed, and counts of its own.
    """

    findings: list
    ulp: float = 0.0
    error: float = 0.0
    ran: bool = True
    programs: int = 0
    agreed: int = 0
    counts: dict = field(default_factory=dict)

    def add(self, other):
        self.findings += other.findings
        self.ulp, self.error = max(self.ulp, other.ulp), max(self.error, other.error)

    def include(self, other, label):
        """Take in what one of several programs gave; its messages say which it was."""
        other.findings = [f"[{label}] {text}" for text in other.findings]
        self.add(other)
        self.ran |= other.ran
        self.programs += other.ran
        self.agreed += other.ran and not other.findings


def ulps(expected, got):
    """The largest difference of two arrays in units of the expected value's last place.

    A value much smaller than 1 or than its neighbours counts with the unit of a thousandth of 1, or of the largest of
    them: what is left after cancellation is not billions of ulps wrong.
    """
    if expected.dtype.kind == "c":
        return max(ulps(expected.real.copy(), got.real.copy()), ulps(expected.imag.copy(), got.imag.copy()))
    ok = np.isfinite(expected) & np.isfinite(got)
    if not ok.any() or np.array_equal(expected[ok], got[ok]):
        return 0.0
    size, largest = np.abs(expected[ok]), max(np.abs(expected[ok]).max(), np.abs(got[ok]).max())
    unit = np.spacing(np.maximum(size, max(largest, size.dtype.type(1)) / size.dtype.type(1024))).astype(np.float64)
    return float((np.abs(got[ok].astype(np.float64) - expected[ok].astype(np.float64)) / unit).max())


def show(a):
    return np.array2string(np.asarray(a), threshold=40, precision=17, separator=", ")


def compare(what, expected, got, tolerance=None, signs=False):
    """Compare two NumPy arrays; `signs` also tells -0.0 from 0.0."""
    said = []
    if expected.dtype != got.dtype:
        said.append(f"{what}: dtype expected (torch) {expected.dtype} / got (minigrad) {got.dtype}")
    if expected.shape != got.shape:
        said.append(f"{what}: shape expected (torch) {expected.shape} / got (minigrad) {got.shape}")
    if said:
        return Result(said)
    if expected.dtype.kind not in "fc":
        same = expected == got
        return Result([] if same.all() else [difference(what, expected, got, ~np.asarray(same))])
    rtol, atol = (tolerance or TOLERANCE[str(expected.dtype)])[:2]
    with np.errstate(all="ignore"):
        close = np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
        gap = np.abs(np.where(np.isfinite(expected) & np.isfinite(got), got - expected, 0))
    if signs and expected.dtype.kind == "f":
        close &= (expected != 0) | (np.signbit(expected) == np.signbit(got))
    error = float(gap.max()) if gap.size else 0.0
    said = [] if np.all(close) else [difference(what, expected, got, ~np.asarray(close))]
    return Result(said, ulps(expected, got), error)


def difference(what, expected, got, wrong):
    """The message for values that differ: how many, the first place, and both arrays."""
    where = tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.ndim else ()
    return (
        f"{what}: {int(wrong.sum())} of {wrong.size} values differ, first at {where}: "
        f"expected (torch) {expected[where]!r} / got (minigrad) {got[where]!r}\n"
        f"  expected (torch): {show(expected)}\n  got (minigrad):   {show(got)}"
    )
