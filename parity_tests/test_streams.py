"""The random streams against live torch: every value and every byte of the generator's state, after every call."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
import torch

from minigrad.backends.box_muller import fma32, fma64
from minigrad.backends.mt19937 import MT19937

SEEDS = (0, 7, -1, 2**32 + 7, 2**64 - 1, -(2**63))
SIZES = (0, 1, 2, 3, 15, 16, 17, 31, 32, 100, 1003)
FLOATS = ("float32", "float64", "float16")
INTEGERS = ("int64", "int32", "int16", "int8", "uint8", "bool")
LAYOUTS = {
    "contiguous": lambda new: new(4, 5, 6),
    "transposed": lambda new: new(4, 30).T,
    "permuted": lambda new: new(4, 5, 6).transpose(1, 2, 0),
    "channels last": lambda new: new(2, 4, 5, 3).transpose(0, 3, 1, 2),
    "every other": lambda new: new(60, 2)[:, 1],
    "window": lambda new: new(9, 9)[2:7, 1:8],
    "small window": lambda new: new(4, 4)[1:, 1:3].T,
    "scalar": lambda new: new(1)[0:1].reshape(()),
    "size one": lambda new: new(5, 1, 4).transpose(2, 1, 0),
}

# The same method names on both sides: (name, arguments)
CONTINUOUS = [
    ("uniform_", ()), ("uniform_", (-0.3, 0.77)), ("uniform_", (-1 / 28, 1 / 28)), ("uniform_", (2.5, 2.5)),
    ("uniform_", (0.1, 0.10000001)), ("uniform_", (-7.0, 0)), ("normal_", ()), ("normal_", (0.3, 1.7)),
    ("normal_", (0, 0.02)), ("normal_", (-1.1, 0)), ("normal_", (0.0, math.inf)), ("log_normal_", ()),
    ("log_normal_", (700.0, 30.0)), ("exponential_", ()), ("exponential_", (1.3,)), ("exponential_", (math.inf,)),
    ("cauchy_", ()), ("cauchy_", (0.4, 2.2)),
]  # fmt: skip
DISCRETE = [("geometric_", (0.3,)), ("geometric_", (0.0007,)), ("bernoulli_", (0.3,)), ("bernoulli_", (0.0,))]
INTERVALS = [(), (0, 2), (0, None), (3, 100), (-5, 100), (-5, None), (0, 2**28 - 1), (0, 2**28), (-(2**27), 2**27),
             (5, 2**31 - 1), (-5, 2**40), (-(2**62) - 1, 2**62 + 3), (2**12, 2**13), (2**24 + 1, 2**24 + 5),
             (2**53 + 1, 2**53 + 2), (-(2**63), None), (-(2**63), 2**63 - 1), (300, None), (65504, 65505), (0, 1),
             (-(2**24) - 3, 2**25 + 1), (65505, 70000), (2**25 + 1, None), (5, 5), (5, 1), (0, 300)]  # fmt: skip


def bits(array):
    array = np.ascontiguousarray(array)
    return array.dtype, array.shape, array.tobytes()


class Pair:
    """One generator of each library, which must never differ."""

    def __init__(self, seed):
        self.ours, self.theirs = MT19937(seed), torch.Generator().manual_seed(seed)

    def fill(self, name, args, new):
        """The method applied to the array that `new()` makes, on both sides: same bits, or same refusal."""
        ours, theirs = new(), new()
        try:
            getattr(torch.from_numpy(theirs), name)(*args, generator=self.theirs)
        except (RuntimeError, NotImplementedError) as error:
            with pytest.raises(type(error)) as raised:
                getattr(self.ours, name)(ours, *args)
            assert str(raised.value) == str(error)
            assert bits(ours) == bits(new())
        else:
            getattr(self.ours, name)(ours, *args)
            assert bits(ours) == bits(theirs), (name, args)
        self.check()

    def check(self):
        assert self.ours.get_state().tobytes() == self.theirs.get_state().numpy().tobytes()


def zeros(dtype, *shape):
    return lambda: np.zeros(shape, dtype)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name, args", CONTINUOUS + DISCRETE)
def test_floating_fills(name, args, dtype):
    for seed in SEEDS:
        pair = Pair(seed)
        for size in SIZES:
            pair.fill(name, args, zeros(dtype, size))


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("name, args", [*DISCRETE, *((name, ()) for name, args in CONTINUOUS if not args)])
def test_integer_fills(name, args, dtype):
    pair = Pair(11)
    for size in SIZES:
        pair.fill(name, args, zeros(dtype, size))


@pytest.mark.filterwarnings("ignore:.*out of bounds")
@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
def test_integers(dtype):
    pair = Pair(5)
    for args in INTERVALS:
        for size in (0, 3, 1200):
            pair.fill("random_", args, zeros(dtype, size))


def test_gaps_between_floating_integers_are_warned_about():
    with pytest.warns(UserWarning) as theirs:
        torch.empty(1).random_(-(2**24) - 3, 2**25 + 1)
    with pytest.warns(UserWarning) as ours:
        MT19937().random_(np.empty(1, np.float32), -(2**24) - 3, 2**25 + 1)
    assert [str(w.message) for w in ours] == [str(w.message).split(" (Triggered")[0] for w in theirs]


@pytest.mark.filterwarnings("ignore:.*out of bounds")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_strided_outputs_are_filled_in_memory_order(layout, dtype):
    for name, args in [*CONTINUOUS, *DISCRETE, ("random_", ()), ("random_", (0, 2**30))]:
        pair = Pair(3)
        for _ in range(2):  # the second call meets the leftover of the first
            pair.fill(name, args, lambda: LAYOUTS[layout](lambda *shape: np.zeros(shape, dtype)))


def test_float16_is_rounded_by_way_of_float32():
    for name, args in [("exponential_", ()), ("log_normal_", ()), ("cauchy_", (0.4, 2.2))]:
        Pair(6).fill(name, args, zeros("float16", 60_000))  # rounding once differs in about four of them


def test_a_million_normals():
    for args in ((), (0.3, 1.7)):
        Pair(42).fill("normal_", args, zeros("float32", 1_000_003))


@pytest.mark.filterwarnings("ignore:.*out of bounds")
def test_mixed_sequences_share_one_stream():
    calls = [*CONTINUOUS, *DISCRETE, *(("random_", args) for args in [(), (0, 10), (0, 2**28), (-5, 100)])]
    for seed in range(60):
        choose, pair, saved = random.Random(seed), Pair(seed * 2**31), None
        for _ in range(12):
            name, args = choose.choice(calls)
            layout, dtype = choose.choice(list(LAYOUTS.values())), choose.choice(FLOATS)
            pair.fill(name, args, lambda: layout(lambda *shape: np.zeros(shape, dtype)))
            if choose.random() < 0.2:
                saved = pair.ours.get_state()
            elif saved is not None and choose.random() < 0.2:
                pair.ours.set_state(saved)
                pair.theirs.set_state(torch.from_numpy(saved))
                pair.check()


@pytest.mark.parametrize("n", [0, 1, 2, 10, 624, 1000, 30000])
def test_randperm(n):
    for seed in SEEDS:
        pair = Pair(seed)
        for _ in range(2):
            assert pair.ours.randperm(n).tolist() == torch.randperm(n, generator=pair.theirs).tolist()
            pair.check()


@pytest.mark.parametrize("p_dtype", FLOATS)
@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
def test_bernoulli_of_probabilities(dtype, p_dtype):
    pair = Pair(8)
    p = np.linspace(0, 1, 70).astype(p_dtype).reshape(7, 10)
    for layout in (lambda x: x, lambda x: x.T, lambda x: x[1:6, ::3], lambda x: x[:0]):
        ours, theirs = layout(np.zeros((7, 10), dtype)), layout(np.zeros((7, 10), dtype))
        pair.ours.bernoulli_from(ours, layout(p))
        torch.from_numpy(theirs).bernoulli_(torch.from_numpy(layout(p)), generator=pair.theirs)
        assert bits(ours) == bits(theirs)
        pair.check()
    ours = np.zeros((7, 10), p_dtype)
    pair.ours.bernoulli_from(ours, p.reshape(10, 7).T)
    assert bits(ours) == bits(torch.bernoulli(torch.from_numpy(p.reshape(10, 7).T), generator=pair.theirs).numpy())


@pytest.mark.parametrize("dtype", FLOATS)
def test_poisson(dtype):
    rates = np.array([0, 0.1, 1, 3.3, 9.99, 10, 11.5, 40, 900, 6e4] * 20, dtype).reshape(20, 10)
    if dtype != "float16":
        rates[0] *= 1e6
        rates[3, 3] = math.inf
    for seed in SEEDS:
        pair = Pair(seed)
        for one in (rates, rates.T, rates[:, ::3]):
            ours = np.zeros(one.shape, dtype)
            pair.ours.poisson(ours, one)
            assert bits(ours) == bits(torch.poisson(torch.from_numpy(one), generator=pair.theirs).numpy())
            pair.check()


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("k, replacement", [(1, False), (1, True), (3, False), (10, False), (3, True), (50, True)])
def test_multinomial(k, replacement, dtype):
    draw = np.random.RandomState(0)
    for seed in SEEDS:
        pair = Pair(seed)
        for shape in ((1, 10), (4, 30), (0, 10)):
            for p in (draw.rand(*shape).astype(dtype), draw.rand(*shape[::-1]).astype(dtype).T):
                theirs = torch.multinomial(torch.from_numpy(p), k, replacement, generator=pair.theirs)
                assert bits(pair.ours.multinomial(p, k, replacement)) == bits(theirs.numpy())
                pair.check()


@pytest.mark.parametrize("p, k, replacement", [
    ([[1.0, 2]], 3, False), ([[1.0, 2]], 0, True), ([[0.0, 0]], 1, True), ([[0.0, 0]], 2, True),
    ([[-1.0, 2]], 1, False), ([[-1.0, 2]], 2, True), ([[math.nan, 2]], 1, False), ([[math.nan, 2]], 2, True),
    ([[math.inf, 2]], 2, True), ([[1.0, 1], [0, 0]], 2, False), ([[1, 2]], 1, False),
    ([[]], 1, True), ([[]], 2, True), ([[]], 1, False),
])  # fmt: skip
def test_multinomial_refuses(p, k, replacement):
    p = np.array(p)
    with pytest.raises(RuntimeError) as theirs:
        torch.multinomial(torch.from_numpy(p), k, replacement)
    with pytest.raises(RuntimeError) as ours:
        MT19937().multinomial(p, k, replacement)
    assert str(ours.value) == str(theirs.value)


BAD = [-1.5, -1e-9, 0, 1, 1.5, math.nan, 1e39, -1e39, math.inf, -math.inf]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ["bernoulli_", "exponential_", "geometric_"])
def test_one_bad_parameter(name, dtype):
    for value in BAD:
        Pair(1).fill(name, (value,), zeros(dtype, 3))
        Pair(1).fill(name, (value,), zeros(dtype, 0))


@pytest.mark.parametrize("dtype", [*FLOATS, "int64"])
@pytest.mark.parametrize("name", ["uniform_", "normal_", "log_normal_", "cauchy_"])
def test_two_bad_parameters(name, dtype):
    finite = [x for x in BAD if not math.isnan(x)]  # the sign of a nan that was computed is nobody's promise
    for a in (BAD if name == "uniform_" else finite[:-2]):
        for b in BAD:
            Pair(1).fill(name, (a, b), zeros(dtype, 3))
            Pair(1).fill(name, (a, b), zeros(dtype, 0))
    for a, b in [(-3e38, 3e38), (-1e308, 1e308), (-65504, 65504), (0, 70000), (1e20, -1.5e-7)]:
        Pair(1).fill(name, (a, b), zeros(dtype, 3))


def test_bad_tensors_of_parameters():
    for value in (1.5, -0.1, math.nan):
        p = np.array([0.5, value])
        for ours, theirs in [(MT19937().bernoulli_from, torch.bernoulli), (MT19937().poisson, torch.poisson)]:
            if theirs is torch.poisson and value == 1.5:
                continue
            out = np.zeros(2)
            with pytest.raises(RuntimeError) as reference:
                theirs(torch.from_numpy(p))
            with pytest.raises(RuntimeError) as raised:
                ours(out, p)
            assert str(raised.value) == str(reference.value).split("\n")[0]
            assert not out.any()


def test_seeds():
    for seed in (*SEEDS, 1, 2**31, 2**63 - 1):
        pair = Pair(seed)
        assert pair.ours.initial_seed() == pair.theirs.initial_seed()
        pair.check()
    for seed in (2**64, -(2**63) - 1, 10**30):
        with pytest.raises(ValueError, match=r"^Overflow when unpacking long long$"):
            MT19937().seed(seed)
        with pytest.raises(ValueError, match=r"^Overflow when unpacking long long$"):
            torch.manual_seed(seed)
    assert MT19937().initial_seed() == torch.Generator().initial_seed()


def test_clones_part_ways():
    one = MT19937(4)
    one.normal_(np.empty(3))
    other = one.clone()
    assert other.u32(700).tolist() == one.u32(700).tolist()
    one.u64(1)
    assert one.get_state().tolist() != other.get_state().tolist()


@pytest.mark.parametrize("drawn", [0, 1, 623, 624, 625, 1248])
def test_state_travels_both_ways(drawn):
    pair = Pair(9)
    pair.fill("uniform_", (), zeros("float32", drawn))
    fresh = MT19937(1)
    fresh.set_state(pair.theirs.get_state().numpy())
    pair.ours = fresh
    pair.check()
    pair.fill("uniform_", (), zeros("float32", 700))


def test_states_that_are_none():
    state = torch.Generator().get_state().numpy()
    bad = [state[:10], np.concatenate([state, state])[::2], state.astype(np.float32), state.view(np.int8)]
    for offset, kind, value in [(12, "<i4", 0), (8, "<i4", 0), (8, "<i4", 625), (8, "<i4", -1), (16, "<u8", 625)]:
        bad.append(state.copy())
        bad[-1][offset : offset + np.dtype(kind).itemsize] = np.array([value], kind).view(np.uint8)
    for one in bad:
        generator = MT19937(3)
        with pytest.raises((RuntimeError, TypeError)) as theirs:
            torch.Generator().set_state(torch.from_numpy(one))
        with pytest.raises(type(theirs.value)) as ours:
            generator.set_state(one)
        assert str(ours.value) == str(theirs.value)
        assert generator.get_state().tolist() == MT19937(3).get_state().tolist()


def test_fused_multiply_add_against_exact_fractions():
    draw = np.random.RandomState(0)
    for _ in range(100):
        a, (b, c) = draw.randn(20), draw.randn(2).tolist()
        exact = [float(Fraction(x) * Fraction(b) + Fraction(c)) for x in a.tolist()]
        assert fma64(a, b, c).tolist() == exact
    # 1 + 2^-23 + 2^-24 - 2^-60: float64 drops the last term, and the tie it leaves would go up to 1 + 2^-22
    a, b, c = 2.0**-12 + 2.0**-30, 2.0**-12 - 2.0**-30, 1 + 2.0**-23
    assert np.float32(a * b + c) == 1 + 2.0**-22
    assert fma32(np.array([a]), b, c).tolist() == [1 + 2.0**-23]
