"""Datasets, samplers, loaders: the same examples in the same order, and the same use of random numbers."""

from collections import namedtuple

import numpy as np
import pytest

from parity_tests.same import attempt, check

DS = list(range(37))
Point = namedtuple("Point", "x y")


def seeded(lib, seed=3):
    return lib.Generator().manual_seed(seed)


def epochs(loader, n=3):
    return [list(loader) for _ in range(n)]


ORDERS = {
    "shuffled": lambda lib, D: epochs(D.DataLoader(DS, 5, shuffle=True)),
    "in order": lambda lib, D: epochs(D.DataLoader(DS, 5)),
    "own generator": lambda lib, D: epochs(D.DataLoader(DS, 5, shuffle=True, generator=seeded(lib))),
    "last dropped": lambda lib, D: epochs(D.DataLoader(DS, 5, shuffle=True, drop_last=True)),
    "no batches": lambda lib, D: epochs(D.DataLoader(DS, batch_size=None, shuffle=True)),
    "left early": lambda lib, D: [next(iter(D.DataLoader(DS, 5, shuffle=True))) for _ in range(3)],
    "left early, own generator": lambda lib, D: [
        next(iter(loader)) for loader in [D.DataLoader(DS, 5, shuffle=True, generator=seeded(lib))] * 3],
    "replacement": lambda lib, D: epochs(D.RandomSampler(DS, replacement=True, num_samples=80)),
    "replacement, own generator": lambda lib, D: epochs(D.RandomSampler(DS, True, 80, generator=seeded(lib))),
    "more than once": lambda lib, D: epochs(D.RandomSampler(DS, num_samples=80)),
    "more than once, own generator": lambda lib, D: epochs(D.RandomSampler(DS, num_samples=80, generator=seeded(lib))),
    "subset": lambda lib, D: epochs(D.SubsetRandomSampler(DS[3:])),
    "weighted": lambda lib, D: epochs(D.WeightedRandomSampler([0.1, 0.5, 3], 10)),
    "weighted once": lambda lib, D: epochs(D.WeightedRandomSampler([0.1, 0.5, 3], 2, False)),
    "split": lambda lib, D: [[s.indices, list(s)] for s in D.random_split(DS, [10, 27])],
    "split by fractions": lambda lib, D: [s.indices for s in D.random_split(DS, [0.3, 0.3, 0.4], seeded(lib))],
}


@pytest.mark.parametrize("name", ORDERS)
def test_order(name, lib):
    check(lambda lib: (ORDERS[name](lib, lib.utils.data), lib.get_rng_state()), lib)


def stream(lib, sized=False):
    class Stream(lib.utils.data.IterableDataset):
        def __iter__(self):
            return iter(range(5))

    if sized:
        Stream.__len__ = lambda self: 3
    return Stream()


LOADERS = [
    dict(num_workers=-1), dict(timeout=-1), dict(prefetch_factor=2), dict(persistent_workers=True),
    dict(shuffle=True, sampler=[1]), dict(batch_sampler=[[1]], batch_size=2), dict(batch_sampler=[[1]], shuffle=True),
    dict(batch_sampler=[[1]], drop_last=True), dict(batch_sampler=[[1]], sampler=[1]),
    dict(batch_size=None, drop_last=True), dict(batch_size=0), dict(batch_size=-1), dict(batch_size="a"),
    dict(batch_size=True), dict(drop_last="a"), dict(multiprocessing_context="fork"), dict(sampler=[1, 2, 3]),
    dict(sampler=[1, 2, 3], batch_size=2), dict(batch_sampler=[[1, 2], [3]]), dict(collate_fn=list, batch_size=4),
    dict(batch_size=5, drop_last=True),
]  # fmt: skip


@pytest.mark.parametrize("options", LOADERS, ids=str)
def test_loader_options(options, lib):
    def program(lib):
        loader = lib.utils.data.DataLoader(list(range(10)), **options)
        return len(loader), list(loader), [attempt(lambda: setattr(loader, name, 1))
                                           for name in ("batch_size", "sampler", "dataset", "drop_last")]

    check(program, lib)


@pytest.mark.parametrize("options", [{}, dict(batch_size=2), dict(batch_size=2, drop_last=True), dict(batch_size=None),
                                     dict(shuffle=True), dict(shuffle=False), dict(sampler=[1]),
                                     dict(batch_sampler=[[1]])], ids=str)  # fmt: skip
@pytest.mark.parametrize("sized", [False, True])
def test_streams(options, sized, lib):
    def program(lib):
        loader = lib.utils.data.DataLoader(stream(lib, sized), **options)
        length = attempt(lambda: len(loader))
        return length, list(loader) if not sized or options.get("batch_size", 1) == 2 else None

    check(program, lib)


BATCHES = {
    "ints": lambda lib: [1, 2], "floats": lambda lib: [1.0, 2.0], "bools": lambda lib: [True, False],
    "strings": lambda lib: ["a", "b"], "bytes": lambda lib: [b"a", b"b"], "mixed": lambda lib: [1, 2.0],
    "dicts": lambda lib: [{"a": 1, "b": 2.0}, {"a": 3, "b": 4.0}],
    "named tuples": lambda lib: [Point(1, 2), Point(3, 4)], "tuples": lambda lib: [(1, "a"), (2, "b")],
    "lists": lambda lib: [[1, 2], [3, 4]], "empty lists": lambda lib: [[], []],
    "tensors": lambda lib: [lib.ones(2), lib.zeros(2)], "uneven tensors": lambda lib: [lib.ones(2), lib.ones(3)],
    "nested tensors": lambda lib: [(lib.ones(1),), (lib.zeros(1),)], "uneven tuples": lambda lib: [(1, 2), (1,)],
    "arrays": lambda lib: [np.ones(2), np.ones(2)], "0-d arrays": lambda lib: [np.array(1), np.array(2)],
    "array scalars": lambda lib: [np.float32(1), np.float32(2)], "doubles": lambda lib: [np.float64(1), np.float64(2)],
    "array ints": lambda lib: [np.int32(3)], "array bools": lambda lib: [np.bool_(True)],
    "text arrays": lambda lib: [np.array(["a"])], "text scalars": lambda lib: [np.array("a"), np.array("b")],
    "objects": lambda lib: [object], "None": lambda lib: [None], "sets": lambda lib: [{1}],
    "complex": lambda lib: [1 + 2j],
}  # fmt: skip


@pytest.mark.parametrize("name", BATCHES)
def test_collate(name, lib):
    check(lambda lib: lib.utils.data.default_collate(BATCHES[name](lib)), lib)
    check(lambda lib: lib.utils.data.default_convert(BATCHES[name](lib)), lib)


DATASETS = {
    "tensors of unequal length": lambda lib, D: D.TensorDataset(lib.ones(2), lib.ones(3)),
    "tensors": lambda lib, D: [list(D.TensorDataset(lib.arange(3), lib.ones(3, 2))[i]) for i in (0, 2, -1)],
    "tensors in batches": lambda lib, D: list(D.DataLoader(D.TensorDataset(lib.arange(5), lib.ones(5, 2)), 2)),
    "subset": lambda lib, D: (D.Subset(DS, [4, 7])[1], len(D.Subset(DS, [4])), D.Subset(DS, [4, 7]).__getitems__([1])),
    "concatenated": lambda lib, D: (D.ConcatDataset([DS, DS])[40], D.ConcatDataset([DS, DS])[-1],
                                    len(D.ConcatDataset([DS, DS])), D.ConcatDataset([DS, DS]).cumulative_sizes),
    "nothing concatenated": lambda lib, D: D.ConcatDataset([]),
    "stream concatenated": lambda lib, D: D.ConcatDataset([stream(lib)]),
    "beyond the start": lambda lib, D: D.ConcatDataset([DS])[-99],
    "old name": lambda lib, D: D.ConcatDataset([DS]).cummulative_sizes,
    "stacked": lambda lib, D: (D.StackDataset(DS, DS)[3], D.StackDataset(a=DS, b=DS)[3],
                               D.StackDataset(DS, DS).__getitems__([0, 1]),
                               D.StackDataset(a=DS).__getitems__([0, 1])),
    "nothing stacked": lambda lib, D: D.StackDataset(),
    "stacked of unequal length": lambda lib, D: D.StackDataset(DS, [1]),
    "stacked both ways": lambda lib, D: D.StackDataset(DS, a=DS),
    "chained": lambda lib, D: (list(D.ChainDataset([stream(lib)] * 2)), len(D.ChainDataset([stream(lib, True)] * 2))),
    "chained lists": lambda lib, D: list(D.ChainDataset([DS])),
    "added": lambda lib, D: [type(stream(lib) + stream(lib)).__name__,
                             list(D.TensorDataset(lib.ones(1)) + D.TensorDataset(lib.zeros(1)))],
    "abstract": lambda lib, D: D.IterableDataset(),
    "no items": lambda lib, D: D.Dataset()[0],
    "split too long": lambda lib, D: D.random_split(DS, [3, 3]),
    "split negative": lambda lib, D: D.random_split(DS, [-0.5, 1.5]),
    "split to nothing": lambda lib, D: [len(s) for s in D.random_split(range(10), [0.99, 0.01])],
    "split unevenly": lambda lib, D: [len(s) for s in D.random_split(range(11), [0.5, 0.25, 0.25])],
    "replacement": lambda lib, D: D.RandomSampler(DS, replacement=3),
    "no samples": lambda lib, D: D.RandomSampler([]),
    "half a sample": lambda lib, D: D.RandomSampler(DS, num_samples=2.0),
    "matrix of weights": lambda lib, D: D.WeightedRandomSampler([[1]], 3),
    "weights, replacement": lambda lib, D: D.WeightedRandomSampler([1], 3, 3),
    "batches of nothing": lambda lib, D: D.BatchSampler(DS, 0, False),
    "batches, drop_last": lambda lib, D: D.BatchSampler(DS, 3, 3),
    "batches": lambda lib, D: [(list(s), len(s)) for s in (D.BatchSampler(range(10), 3, drop)
                                                           for drop in (True, False))],
    "bare sampler": lambda lib, D: iter(D.Sampler()),
    "no worker": lambda lib, D: D.get_worker_info(),
}  # fmt: skip


@pytest.mark.parametrize("name", DATASETS)
def test_dataset(name, lib):
    check(lambda lib: DATASETS[name](lib, lib.utils.data), lib)


def test_more_workers_change_nothing(lib):
    """Batches, their order and the random numbers used are those of one process."""
    def program(lib, workers):
        loader = lib.utils.data.DataLoader(DS, 5, shuffle=True, num_workers=workers)
        return [[batch.tolist() for batch in epoch] for epoch in epochs(loader)], lib.get_rng_state().tolist()

    runs = []
    for workers in (0, 1):
        lib.manual_seed(5)
        runs.append(program(lib, workers))
    assert runs[0] == runs[1]
