"""torch.signal.windows: values to the last bits, gradients asked for, and what is refused."""

import pytest

from parity_tests.same import check

OPTIONS = {
    "bartlett": [{}], "blackman": [{}], "cosine": [{}], "hamming": [{}], "hann": [{}], "nuttall": [{}],
    "exponential": [{}, {"tau": 0.5}, {"center": 2.0}, {"tau": 0}],
    "gaussian": [{}, {"std": 0.9}, {"std": -1}],
    "general_cosine": [{"a": [0.46, 0.23, 0.31]}, {"a": []}, {"a": 3}],
    "general_hamming": [{}, {"alpha": 0.3}],
    "kaiser": [{}, {"beta": 0.9}, {"beta": -1}],
}  # fmt: skip


@pytest.mark.parametrize("sym", [True, False])
@pytest.mark.parametrize("name, options", [(name, one) for name, all in OPTIONS.items() for one in all])
def test_window(lib, name, options, sym):
    for length in (0, 1, 2, 7, 10):
        check(lambda lib: getattr(lib.signal.windows, name)(length, sym=sym, dtype=lib.float64, **options), lib, ulps=8)
    check(lambda lib: repr(getattr(lib.signal.windows, name)(5, sym=sym, requires_grad=True, **options)), lib)


@pytest.mark.parametrize("name", OPTIONS)
def test_refusals(lib, name):
    options = OPTIONS[name][0]
    check(lambda lib: getattr(lib.signal.windows, name)(-1, **options), lib)
    check(lambda lib: getattr(lib.signal.windows, name)(3, dtype=lib.int64, **options), lib)
