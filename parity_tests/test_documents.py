"""The five documents run with both libraries: every printed line, every value, and the figures the documents record."""

import re
from functools import lru_cache

import numpy as np
import pytest

from parity_tests.checkers import ADDRESS, same_text
from parity_tests.compare import TOLERANCE, compare
from parity_tests.documents import doc000, doc001, doc002, doc003, doc004
from parity_tests.documents.stage import Stage
from parity_tests.libs import REFERENCE, seal

DOCUMENTS = {module.__name__.rsplit(".")[-1]: module for module in (doc000, doc001, doc002, doc003, doc004)}
RECORDED = {
    "doc000": [
        "tensor([[0.1595]])",
        "tensor([[0.9835, 0.0738]])",
        "tensor([1, 2, 3], dtype=torch.int32)",
        "tensor([2.7183])",
        "tensor([5., 7., 9.])",
        "tensor([[1, 2],",
        "        [3, 4]])",
        "torch.Size([1, 5])",
    ],
    "doc001": [
        "[[4.5, 4.5], [4.5, 4.5]]",
        "tensor([[4.5000, 4.5000],",
        "tensor(27., grad_fn=<MeanBackward0>)",
        "        [3., 3.]], grad_fn=<AddBackward0>)",
        "        [27., 27.]], grad_fn=<MulBackward0>)",
        "0 2 (2, 1)",
    ],
    "doc002": [
        "gradient tensor([ 8., 12.]) None None",
        "loss tensor(25., grad_fn=<SumBackward0>)",
        "True True",
        "False",
    ],
    "doc003": [
        "tensor([[-0.1468,  0.7861,  0.9468, -1.1143,  1.6908]])",
        "tensor([[-0.8948, -0.3556,  1.2324,  0.1382, -1.6822]])",
        "tensor([[0.3177]])",
        "tensor([[0.1595]])",
        "tensor([[-1.9796]])",
        "True",
        "tensor([[-1.1143,  1.6908],",
        "tensor([[0.1328, 0.1373]])",
        "tensor([[0.2405]])",
        "tensor([[0.3171]])",
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x5 and 1x5)",
    ],
    "doc004": [
        "tensor([1.0240e+02, 1.0240e+03, 1.0240e-01])",
        "10",
        "torch.Size([6, 1, 3, 3])",
        "None",
        "tensor(True)",
        "  (conv1): Conv2d(1, 6, kernel_size=(3, 3), stride=(1, 1))",
        "  (fc1): Linear(in_features=576, out_features=120, bias=True)",
        "        [27., 27.]], grad_fn=<MulBackward0>) tensor(27., grad_fn=<MeanBackward0>)",
    ],
}
# float32 programs: sums of products are accumulated in another order, and a training loop carries the difference on.
TRAINED = {"float32": (1e-5, 1e-5), "float64": TOLERANCE["float64"]}


FULL = re.compile(r"-?\d+\.\d{8,}")  # a float32 printed with every digit it has, by item() or in NumPy


def same_line(theirs, ours):
    """Equal text; but numbers printed in full, which show the order of additions, may differ as values may."""
    if FULL.sub("#", theirs) != FULL.sub("#", ours):
        return same_text(theirs, ours)
    numbers = ([float(x) for x in FULL.findall(text)] for text in (theirs, ours))
    return np.allclose(*numbers, rtol=TRAINED["float32"][0], atol=0)


@lru_cache(None)
def staged(lib, name, full):
    """The stage after a document ran; a program that raised keeps its error beside what it had shown."""
    seal(lib)
    show = Stage(lib)
    show.error = None
    try:
        DOCUMENTS[name].program(lib, show, full)
    except Exception as error:
        show.error = error
    return show


def whole(lib, name, full):
    show = staged(lib, name, full)
    if show.error is not None:
        raise show.error
    return show


def test_only_full_numbers_may_differ():
    assert same_line("w 1.9933876991 b", "w 1.9933891296 b") and same_line("loss 0.1595", "loss 0.1595")
    assert not same_line("w 1.9933876991", "w 1.9943876991") and not same_line("loss 0.1595", "loss 0.1596")
    assert not same_line("w 1.9933876991", "v 1.9933876991")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_printed_lines(name, lib, full):
    expected, got = ([ADDRESS.sub("0x...", line) for line in whole(one, name, full).lines] for one in (REFERENCE, lib))
    wrong = [
        f"line {i}: expected (torch) {a!r} / got (minigrad) {b!r}"
        for i, (a, b) in enumerate(zip(expected, got))
        if not same_line(a, b)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(expected) == len(got)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_values(name, lib, full):
    expected, got = whole(REFERENCE, name, full).values, whole(lib, name, full).values
    assert len(expected) == len(got)
    for i, (a, b) in enumerate(zip(expected, got)):
        result = compare(f"value {i}", a, b, TRAINED.get(str(a.dtype)))
        assert not result.findings, "\n".join(result.findings)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_recorded_figures(name, lib, full):
    """What the documents themselves show (where today's torch still prints it so)."""
    lines = [ADDRESS.sub("0x...", line) for line in whole(lib, name, full).lines]
    assert [figure for figure in RECORDED[name] if figure not in lines] == []


def test_training_curves(lib, full):
    """Document 002: both loss curves follow torch's step by step; the largest distance is printed in ulps."""
    curves = [
        [v for v in whole(one, "doc002", full).values if v.ndim == 1 and v.size in (300, 500, 10000)]
        for one in (REFERENCE, lib)
    ]
    assert [c.size for c in curves[0]] == [500, 10000 if full else 300]
    for expected, got in zip(*curves):
        result = compare("losses", expected, got, (1e-6, 0))
        print(f"{expected.size} steps: largest error {result.ulp} ulp, {np.max(np.abs(expected - got)):.3g}")
        assert not result.findings, "\n".join(result.findings)


def test_vector_jacobian_product(lib):
    """102.4, 1024, 0.1024: ten doublings of x, times the vector."""
    x = lib.tensor([0.1111, 1.6964, 0.8650], requires_grad=True)
    y = x * 2
    while y.data.norm() < 1000:
        y = y * 2
    y.backward(lib.tensor([0.1, 1.0, 0.0001], dtype=lib.float))
    np.testing.assert_allclose(x.grad.numpy(), [102.4, 1024, 0.1024], rtol=1e-6)
