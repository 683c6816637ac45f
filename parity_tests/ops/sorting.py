"""Order: sorting, the k largest, distinct values, searching and counting."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import I, T, V

SORTS = {
    "sort": lambda lib, x: x.sort(),
    "sort descending": lambda lib, x: x.sort(0, True),
    "sort stable": lambda lib, x: lib.sort(x, dim=1, stable=True),
    "argsort": lambda lib, x: x.argsort(0),
    "msort": lambda lib, x: lib.msort(x),
    "topk": lambda lib, x: x.topk(2),
    "topk smallest": lambda lib, x: lib.topk(x, 2, 0, largest=False),
    "topk too many": lambda lib, x: x.topk(9),
    "kthvalue": lambda lib, x: x.kthvalue(2),
    "kthvalue kept": lambda lib, x: x.kthvalue(1, 0, True),
    "kthvalue too many": lambda lib, x: x.kthvalue(9),
    "sort bad dim": lambda lib, x: x.sort(5),
    "printed": lambda lib, x: str(x.sort()),
}
for title, program in SORTS.items():
    case("sorting", title, program, T(3, 5), dtypes=FLOATS[:2])
TIES = V([3, 1, 2, 3, 1, 1, 0, 2], "int64", grad=False)
COUNTS = {
    "unique": lambda lib, x: (*lib.unique(x, return_inverse=True, return_counts=True),),
    "unique_consecutive": lambda lib, x: (*lib.unique_consecutive(x, return_inverse=True, return_counts=True),),
    "stable ties": lambda lib, x: (*x.sort(stable=True), *x.sort(stable=True, descending=True)),
    "bincount": lambda lib, x: (x.bincount(), lib.bincount(x, minlength=9), lib.bincount(x, x.float())),
    "bincount of floats": lambda lib, x: x.float().bincount(),
    "bincount of negatives": lambda lib, x: (x - 2).bincount(),
    "histc": lambda lib, x: (lib.histc(x.float(), 4), lib.histc(x.float(), 3, 1, 2)),
    "nonzero": lambda lib, x: (x.nonzero(), *x.nonzero(as_tuple=True), lib.argwhere(x)),
    "isin": lambda lib, x: (lib.isin(x, lib.tensor([1, 3])), lib.isin(x, 2, invert=True)),
    "searchsorted": lambda lib, x: lib.searchsorted(lib.tensor([0, 1, 2, 3]), x, right=True),
    "bucketize": lambda lib, x: lib.bucketize(x.float(), lib.tensor([0.5, 2.0])),
    "unravel_index": lambda lib, x: [i.tolist() for i in lib.unravel_index(x, (2, 2))],
}
for title, program in COUNTS.items():
    case("counting", title, program, TIES, dtypes=FLOATS[:1], layouts=("contiguous",), order=0)
case("unique", "along a dimension", lambda lib, x: (*x.unique(dim=0, return_counts=True),), I(6, 2, high=2), order=0)

BINS = V([-1.0, 0.0, 0.4, 2.0])
HISTOGRAMS = {
    "of 3 bins": lambda lib, x, e: lib.histogram(x, 3),
    "of edges": lambda lib, x, e: lib.histogram(x, e),
    "range": lambda lib, x, e: x.histogram(4, range=(-1.0, 2.0)),
    "weights": lambda lib, x, e: lib.histogram(x, e, weight=x * x),
    "density": lambda lib, x, e: lib.histogram(x, 3, density=True),
    "of one value": lambda lib, x, e: lib.histogram(lib.ones_like(x), 2),
    "out": lambda lib, x, e: lib.histogram(x, 2, out=(lib.empty(0, dtype=x.dtype), lib.empty(0, dtype=x.dtype))),
    "no bins": lambda lib, x, e: lib.histogram(x, 0),
    "bins in two dimensions": lambda lib, x, e: lib.histogram(x, e[None]),
    "no edges": lambda lib, x, e: lib.histogram(x, e[:0]),
    "edges of another dtype": lambda lib, x, e: lib.histogram(x, e.half()),
    "weights of another size": lambda lib, x, e: lib.histogram(x, 3, weight=e),
    "weights of another dtype": lambda lib, x, e: lib.histogram(x, 3, weight=x.half()),
    "integers": lambda lib, x, e: lib.histogram(x.long(), 3),
    "range the wrong way": lambda lib, x, e: lib.histogram(x, 3, range=(2.0, 1.0)),
    "endless range": lambda lib, x, e: lib.histogram(x, 3, range=(0.0, float("inf"))),
    "half a range": lambda lib, x, e: lib.histogram(x, 3, range=(1.0,)),
    "points": lambda lib, x, e: lib.histogramdd(x, [2, 3, 1]),
    "points, one number of bins": lambda lib, x, e: lib.histogramdd(x, 2, density=True),
    "points, edges": lambda lib, x, e: lib.histogramdd(x, [e, e, e], weight=x[:, 0].abs()),
    "points, range": lambda lib, x, e: lib.histogramdd(x, [2, 2, 2], range=[-1.0, 1.0, 0.0, 1.0, -1.0, 2.0]),
    "points, too few bins": lambda lib, x, e: lib.histogramdd(x, [2]),
    "points, short range": lambda lib, x, e: lib.histogramdd(x, 2, range=[0.0, 1.0]),
    "points of one dimension": lambda lib, x, e: lib.histogramdd(e, 2),
}
for title, program in HISTOGRAMS.items():
    case("histogram", title, lambda lib, x, e, f=program: (*f(lib, x.detach(), e.detach()),), T(4, 3), BINS,
         dtypes=FLOATS[:2], layouts=("contiguous", "transposed"), order=0)  # fmt: skip
