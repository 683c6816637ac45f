"""The GPU's random numbers, without a GPU: figures that people have published from theirs, and torch's own headers.

FIGURES are what torch printed on CUDA devices, each with its source.  Words, transformations and the generator's
arithmetic are held against the C++ headers that come with torch, compiled here (where there is a compiler).  The CUDA
kernels, compiled for the host, must give what the NumPy reference gives; and the whole way from torch.rand(device="cuda")
to the kernel runs on the stand-in for CuPy.  On a machine with a GPU, CuPy and torch's CUDA build, all of it is compared
with torch there, to the bit; elsewhere that test sees nothing.
"""

import ctypes
import math
from pathlib import Path

import numpy as np
import pytest
import torch

import minigrad
from minigrad.backends.philox import launch, philox, real_of
from minigrad.backends.philox_stream import Philox
from parity_tests import host_cuda
from parity_tests.same import check
from parity_tests.test_cuda_source import on_stand_in

# ---- the function: Random123's known answers, file tests/kat_vectors ------------------------------------------------------

KNOWN = {  # counter and key -> words
    ("00000000 00000000 00000000 00000000", "00000000 00000000"): "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff"): "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0"): "d16cfe09 94fdcceb 5001e420 24126ea1",
}


@pytest.mark.parametrize("given", KNOWN)
def test_known_answers(given):
    counter, key = ([int(word, 16) for word in words.split()] for words in given)
    found = philox([np.array([word], np.uint64) for word in counter], key)
    assert " ".join(f"{int(word[0]):08x}" for word in found) == KNOWN[given]


# ---- figures ----------------------------------------------------------------------------------------------------------

GPUS = {  # name -> threads that run at once: multiprocessors x threads of each
    "any": 13 * 2048, "K80": 13 * 2048, "P100": 56 * 2048, "A100": 108 * 2048, "H100": 132 * 2048, "RTX A4000": 48 * 1536,
    "RTX A6000": 84 * 1536, "RTX 4080 SUPER": 80 * 1536, "of 43008": 28 * 1536,
}  # fmt: skip
ISSUE = "github.com/pytorch/pytorch/issues/"
REDRAFTER = "github.com/NVIDIA/TensorRT-LLM, tests of redrafter"
FIRST, LAST = slice(0, 3), slice(-3, None)
# (source, GPU, seed, calls of (method, shape, dtype, arguments), [(where in the last result, what torch printed there)])
FIGURES = [
    (ISSUE + "47347", "any", 0, [("uniform_", 5, "f4", ())], [(..., [0.3990, 0.5167, 0.0249, 0.9401, 0.9459])]),
    (REDRAFTER + ", _unpack_gen_data", "any", 0, [("uniform_", (9, 4), "f4", ())], [
        (3, [0.4092, 0.9601, 0.2093, 0.1940]), (6, [0.2117, 0.6606, 0.1654, 0.4250]), (8, [0.7494, 0.9303, 0.0494, 0.0750])]),
    ("github.com/being-aerys/Deep_Learning_Marathon_with_PyTorch", "any", 42, [("uniform_", (1, 5), "f4", ())],
     [(0, [0.6130, 0.0101, 0.3984, 0.0403, 0.1563])]),
    ("the same page, a second call", "any", 42, [("uniform_", (1, 5), "f4", ())] * 2,
     [(0, [0.9877, 0.1289, 0.5621, 0.5221, 0.7445])]),
    ("github.com/open-mmlab/mmdetection3d, tests of heads: boxes, scores, labels, then classes", "any", 0,
     [("uniform_", (5, 7), "f4", ()), ("uniform_", 5, "f4", ()), ("random_", 5, "i8", (0, 3)), ("uniform_", (5, 3), "f4", ())],
     [(0, [0.7874, 0.1344, 0.2190]), (1, [0.8193, 0.6969, 0.7304]), (4, [0.8985, 0.4894, 0.7152])]),
    ("github.com/mrdbourke/pytorch-deep-learning/issues/759: the bias of Linear(1, 1)", "any", 42,
     [("uniform_", (1, 1), "f4", (-1.0, 1.0)), ("uniform_", 1, "f4", (-1.0, 1.0))], [(..., [0.9754])]),
    ("the same, its weight", "any", 42, [("uniform_", (1, 1), "f4", (-1.0, 1.0))], [(0, [0.2259])]),
    (ISSUE + "79496", "any", 10, [("normal_", 3, "f4", ())], [(..., [-0.1029, 1.6810, -0.2708])]),
    (ISSUE + "143086", "H100", 1, [("normal_", 49 * 12 * 112 * 144, "f4", ())],
     [(FIRST, [-0.2963, 2.6764, -0.1408]), (LAST, [-0.6970, -0.7780, 0.3267])]),
    (ISSUE + "143086", "A100", 1, [("normal_", 49 * 12 * 112 * 144, "f4", ())],
     [(FIRST, [-0.2963, 2.6764, -0.1408]), (LAST, [0.1549, -0.6797, -0.1656])]),
    (ISSUE + "97097", "RTX A4000", 14, [("normal_", (1000, 100), "f4", (5, 5**0.5))], [
        ((0, FIRST), [2.8731, 5.2727, 2.9889]), ((2, LAST), [2.7704, 3.5479, 3.3063]), ((-3, FIRST), [8.6297, 2.3137, 6.2596]),
        ((-2, LAST), [4.1139, 8.9315, 4.2042]), ((-1, FIRST), [2.7337, 2.2106, 7.7815]),
        ((-1, LAST), [8.2207, 6.5395, 4.2604])]),
    (ISSUE + "62467", "RTX A6000", 43, [("normal_", (1, 3, 128, 128), "f4", ())],
     [((..., 0, 0), [[1.9983, 0.8704, 2.1127]])]),
    (ISSUE + "158398, whose GPU is not named", "of 43008", 42, [("normal_", (64, 2048), "f4", ())], [
        ((0, LAST), [1.4540, -2.7733, -0.8932]), ((1, FIRST), [-0.4574, 0.8063, 0.1580]),
        ((2, LAST), [-1.0001, -1.1552, -0.6955]), ((-3, FIRST), [-0.4861, 0.3358, 1.0578]),
        ((-2, FIRST), [0.7881, 0.8339, -1.1424]),
        ((-1, LAST), [-0.4841, 1.2850, -0.0282])]),
    ("a printed copy of torch.randn(3, 3, 5, dtype=torch.half, device='cuda') after manual_seed(0)", "any", 0,
     [("normal_", (3, 3, 5), "f2", ())], [
        ((0, 0), [-0.9248, -0.4253, -2.6445, 0.1451, -0.1208]), ((1, 2), [-0.0074, 1.8965, 0.6880, -0.0779, -0.8374]),
        ((2, 2), [0.0141, 0.4531, 1.6348, 0.7124, -0.1805])]),
    ("a printed 8x8 tensor of device='cuda:0', dtype=torch.float64 in an example of max pooling", "any", 0,
     [("normal_", (8, 8), "f8", ())], [
        (0, [-0.3104, -0.0343, 0.1756, -2.2804, 0.5039, 0.5596, -0.0750, 0.9691]),
        (3, [3.1702, 0.0387, -1.5728, 1.2985, -0.4419, -0.6965, -1.4002, -0.0884]),
        (7, [0.5576, -0.1883, -0.5894, -1.0192, -1.4553, -0.8599, -1.3645, -0.0069])]),
    (REDRAFTER + ", _gather_beams", "any", 0, [("random_", (2, 3, 4), "i4", (0, 100))],
     [((0, 0), [41, 97, 91, 72]), ((0, 1), [53, 4, 3, 33]), ((1, 0), [98, 84, 78, 8]), ((1, 2), [12, 57, 51, 75])]),
    ("the same, its indices: [1, 1, 0] and [0, 2, 0] make of x what the test expects", "any", 0,
     [("random_", (2, 3), "i4", (0, 100)), ("random_", (2, 3), "i4", (0, 3))], [(..., [[1, 1, 0], [0, 2, 0]])]),
    ("what bergson's ProjectionGenerator expects of randint(0, torch.iinfo(torch.int64).max, ()) before it works", "any", 0,
     [("random_", (), "i8", (0, 2**63 - 1))], [(..., 7361108121267848589)]),
]  # fmt: skip


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure[0]} {figure[1]}"[-60:])
def test_figures(figure):
    _, gpu, seed, calls, printed = figure
    stream = Philox(seed, GPUS[gpu])
    for method, shape, dtype, arguments in calls:
        out = np.empty(shape, dtype)
        getattr(stream, method)(out, *arguments)
    for where, numbers in printed:
        if out.dtype.kind == "i":
            assert out[where].tolist() == numbers
        np.testing.assert_allclose(out[where], numbers, rtol=5e-4 if out.dtype == np.float16 else 0, atol=5.1e-5)


def test_dropout_as_published():
    """github.com/intel/torch-xpu-ops/issues/2926: which of 2^21 elements an RTX 4080 SUPER drops with p = 0.1"""
    stream, ones = Philox(1, GPUS["RTX 4080 SUPER"]), np.ones(512 * 4 * 1024, np.float32)
    kept = np.empty(ones.shape, bool)
    stream.keep_(kept, ones, 1 - 0.1)
    dropped = np.flatnonzero(~kept)
    assert dropped[:3].tolist() == [8, 14, 20] and dropped[-3:].tolist() == [2097121, 2097140, 2097151]


@pytest.mark.parametrize("gpu, total", [("P100", 999826), ("K80", 999100)])
def test_a_million_elements_as_published(gpu, total):
    """Issue 25690 of pytorch: the sum of Dropout(0.5) of a million ones, when dropout had no vectors yet"""
    u = Philox(0, GPUS[gpu]).draw("uniform", 10**6, np.float32, 0.0, 1.0, math.nan)
    assert 2 * int((u < np.float32(0.5)).sum()) == total


def test_states_as_published():
    """Pull request 99565 of pytorch: seed 123, then an offset of 40"""
    stream = Philox(123)
    assert stream.get_state().tolist() == [123] + [0] * 15
    stream.set_offset(40)
    assert stream.get_state().tolist() == [123] + [0] * 7 + [40] + [0] * 7


# ---- torch's headers ----------------------------------------------------------------------------------------------------

SEEDS, THREADS, OFFSETS = (0, 1, 2**63 + 7, 2**64 - 1), (0, 5, 2**32 + 3), (0, 4, 2**33, 2**35 - 8)
HEADERS = """
#include <ATen/core/PhiloxRNGEngine.h>
#include <ATen/NumericUtils.h>
#include <c10/util/MathConstants.h>
struct half;
#define __HIPCC__  // for the formulas of the GPU
#include <ATen/core/TransformationHelper.h>
namespace t = at::transformation;
extern "C" void words(unsigned long long seed, unsigned long long thread, unsigned long long draws, unsigned* out) {
    at::Philox4_32 engine(seed, thread, draws);
    for (int i = 0; i < 12; i++) out[i] = engine();
}
#define SHAPED(T, letter) extern "C" void shaped_##letter(int kind, T x, double a, double b, T* out) { \\
    *out = kind == 0 ? t::normal<T>(x, a, b) : kind == 1 ? t::log_normal<T>(t::normal<T>(x, a, b)) \\
         : kind == 2 ? t::exponential<T>(x, a) : kind == 3 ? t::cauchy<T>(x, a, b) : t::geometric<T>(x, a); }
SHAPED(float, f)
SHAPED(double, d)
#define INTEGER(T, V, name) \\
    extern "C" void name(V word, unsigned long long range, long long base, T* out) { \\
        out[0] = t::uniform_int_from_to<T>(word, range, base); out[1] = t::uniform_int<T>(word); }
INTEGER(int8_t, unsigned, i1) INTEGER(int, unsigned, i4) INTEGER(int64_t, uint64_t, i8) INTEGER(bool, unsigned, b1)
INTEGER(float, unsigned, f4) INTEGER(double, uint64_t, f8)
"""
INCLUDE = Path(torch.__file__).parent / "include"


def headers():
    return host_cuda.library(HEADERS, f"-I{INCLUDE}")


@pytest.mark.parametrize("seed", SEEDS)
def test_words_are_those_of_torchs_engine(seed):
    found = headers()
    for thread in THREADS if found else ():
        for offset in OFFSETS:
            stream, want = Philox(seed), (ctypes.c_uint * 12)()
            found.words(*(ctypes.c_ulonglong(x) for x in (seed, thread, offset // 4)), want)
            stream.set_offset(offset)
            assert stream.words_of(thread, 12).tolist() == list(want), (thread, offset)


KINDS = {"normal": (0.3, 1.7), "log_normal": (0.1, 0.5), "exponential": (1.3,), "cauchy": (0.4, 2.2), "geometric": (0.3,)}


@pytest.mark.parametrize("letter", "fd")
@pytest.mark.parametrize("name", KINDS)
def test_shapes_are_torchs(name, letter):
    found, real, n = headers(), np.dtype(letter).type, 500
    if not found:
        return
    plain = "normal" if "normal" in name else "uniform"
    x = Philox(3).draw(plain, n, real, 0.0, 1.0, math.nan)
    a, b = (*KINDS[name], 0.0)[:2]
    number, out = {"f": ctypes.c_float, "d": ctypes.c_double}[letter], np.empty(n, letter)
    for i in range(n):
        getattr(found, "shaped_" + letter)(list(KINDS).index(name), number(x[i]), ctypes.c_double(a), ctypes.c_double(b),
                                           ctypes.c_void_p(out[i:].ctypes.data))  # fmt: skip
    got = Philox(3).draw(name, n, real, *KINDS[name])
    np.testing.assert_allclose(got, out, rtol={"f": 2e-6, "d": 1e-14}[letter], atol={"f": 1e-6, "d": 1e-15}[letter])


@pytest.mark.parametrize("dtype", ["i1", "i4", "i8", "b1", "f4", "f8"])
@pytest.mark.parametrize("low, high", [(0, 2), (-100, 27), (-3, 100)])
def test_integers_are_torchs(dtype, low, high):
    found, n = headers(), 300
    if not found or dtype == "b1" and (low, high) != (0, 2):
        return
    wide = dtype[1] == "8"
    for column, arguments in enumerate([(low, high), ()]):
        words = Philox(5).words(n, wide if not arguments else False)
        out, want = np.empty(n, dtype), np.empty((n, 2), dtype)
        Philox(5).random_(out, *arguments)
        for i, word in enumerate(words.tolist()):
            getattr(found, dtype)(*([ctypes.c_uint, ctypes.c_ulonglong][wide](word), ctypes.c_ulonglong(high - low)),
                                  ctypes.c_longlong(low), ctypes.c_void_p(want[i:].ctypes.data))  # fmt: skip
        assert out.tolist() == want[:, column].tolist()


# ---- from words to elements ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype, many", [("f4", 4), ("f2", 4), ("f8", 2)])
@pytest.mark.parametrize("n", [0, 1, 255, 1024, 1025, 2048, 2049, 4096, 4097, 10000])
def test_offsets(dtype, many, n):
    """Four words for each draw of a thread: torch's counter_offset"""
    stream = Philox(0, 1024)
    stream.normal_(np.empty(n, dtype))
    threads = min((n + 255) // 256, 4) * 256
    assert stream.offset == (((n - 1) // (threads * many) + 1) * 4 if n else 0)


def test_other_offsets():
    for method, arguments, moved in (("bernoulli_from", (np.full(9, 0.5),), 12), ("poisson", (np.ones(9),), 20),
                                     ("gamma", (np.ones(9),), 12)):  # fmt: skip
        stream = Philox(0)
        getattr(stream, method)(np.empty(9), *arguments)
        assert stream.offset == moved
    stream = Philox(0)
    stream.randperm(10)
    assert stream.offset == 4 + 12


def test_memory_decides_the_order():
    flat, turned = np.empty(24, "f4"), np.empty((4, 6), "f4").T
    Philox(0).normal_(flat)
    Philox(0).normal_(turned)
    assert turned.T.reshape(-1).tolist() == flat.tolist()
    every_other = np.empty((24, 2), "f4")[:, 1]
    Philox(0).normal_(every_other)
    assert every_other.tolist() == flat.tolist()


@pytest.mark.parametrize("dtype, n, size", [("f4", 4096, 4), ("f4", 4098, 2), ("f4", 4097, 1), ("f8", 4096, 2), ("f2", 4096, 8),
                                            ("f2", 4100, 4)])  # fmt: skip
def test_vectors_of_dropout(dtype, n, size):
    stream, x = Philox(0, 256), np.empty(n + 64, dtype)
    start = -x.ctypes.data % 64 // x.itemsize
    x = x[start : start + n]
    assert stream.vector(x) == size and stream.vector(x[::2]) == 1
    kept, want = np.empty(n, bool), np.empty(n)
    each = max(size // 4, 1)
    words = np.stack(stream.blocks(-(-n // 256), 256), axis=-1).astype(np.float64)
    for i in range(n):
        thread, turn = (i // size % 256, i // size // 256) if size > 1 else (i % 256, i // 256)
        draw, word = (turn * each + i % size // 4, i % size % 4) if size > 1 else (turn // 4, turn % 4)
        want[i] = (words[draw, thread, word] + 0.5) * 2.0**-32
    stream.keep_(kept, x, 0.3)
    assert kept.tolist() == (want < 0.3).tolist()
    assert stream.offset == ((n - 1) // 1024 + 1) * 4


@pytest.mark.parametrize("n", [1, 2, 5, 10, 1000])
def test_randperm(n):
    """A permutation that sorts the keys' low bits, and exchanges only what has equal ones"""
    changed = 0
    for seed in range(100):
        order = Philox(seed).randperm(n)
        assert sorted(order.tolist()) == list(range(n))
        bits = math.ceil(math.log2(n - (6 * n * n + 1) / (12 * math.log(0.9))))
        keys = Philox(seed).words(n, True) % np.uint64(2**32 - 1) + np.uint64(2**31) & np.uint64(2**bits - 1)
        assert np.array_equal(keys[order], np.sort(keys))
        changed += not np.array_equal(order, np.argsort(keys, kind="stable"))
    assert changed < 20 and (changed or n < 5)


def test_refusals():
    """torch's words; and nothing has changed"""
    stream = Philox(7)
    stream.set_offset(8)
    before = stream.get_state().tolist()
    for wrong, error, said in (
        (lambda: stream.set_offset(6), RuntimeError, "offset must be a multiple of 4"),
        (lambda: stream.set_state(np.zeros(17, np.uint8)), RuntimeError, "RNG state is wrong size"),
        (lambda: stream.set_state(np.zeros(16, np.int8)), TypeError, "RNG state must be a torch.ByteTensor"),
        (lambda: stream.normal_(np.empty(3), std=-1), RuntimeError, "normal expects std >= 0.0, but found std -1"),
        (lambda: stream.uniform_(np.empty(3), 1, 0), RuntimeError, "expects to return a"),
        (lambda: stream.bernoulli_(np.empty(3), 2), RuntimeError, "expects p to be in"),
        (lambda: stream.normal_(np.empty(3, int)), NotImplementedError, '"normal_kernel_cuda" not implemented'),
        (lambda: stream.seed(2**64), ValueError, "Overflow when unpacking long long")):  # fmt: skip
        with pytest.raises(error, match=said):
            wrong()
        assert stream.get_state().tolist() == before


def test_bounds_of_yes():
    """u < p of one number, u <= p of a tensor"""
    u = Philox(3).draw("uniform", 4, np.float32, 0.0, 1.0, math.nan)
    out = np.empty(4, "f4")
    Philox(3).bernoulli_(out, float(u[1]))
    assert out[1] == 0
    fours = Philox(3).in_vectors(4, 4, 1)
    Philox(3).bernoulli_from(out, fours)
    assert out.tolist() == [1] * 4


def test_means():
    """What no figure is known for: at least the distribution is right"""
    n, found = 200_000, {}
    drawn = {"exponential_": (2.0,), "geometric_": (0.25,), "log_normal_": (0.0, 0.5), "bernoulli_": (0.3,)}
    for name, arguments in drawn.items():
        for dtype in ("f4", "f8"):
            out = np.empty(n, dtype)
            getattr(Philox(1), name)(out, *arguments)
            found[name, dtype] = float(out.mean())
    out = np.empty(n, "f4")
    Philox(1).bernoulli_from(out, np.full(n, 0.3, "f4"))
    found["bernoulli_", "from"] = float(out.mean())
    want = {"exponential_": 0.5, "geometric_": 4.0, "log_normal_": math.exp(0.125), "bernoulli_": 0.3}
    for (name, _), mean in found.items():
        assert abs(mean / want[name] - 1) < 0.02, (name, mean)
    rows = np.tile(np.array([[1.0, 2.0, 0.0, 5.0]], "f4"), (5000, 1))
    for drawn in (Philox(2).multinomial(rows, 1), Philox(2).multinomial(rows, 2)[:, :1], Philox(2).multinomial(rows, 3, True)):
        np.testing.assert_allclose(np.bincount(drawn.reshape(-1), minlength=4) / drawn.size, rows[0] / 8, atol=0.02)


# ---- the kernels, compiled for the host -----------------------------------------------------------------------------------

FILLS = {"uniform": (-0.3, 1.07, 0.77), "normal": (0.3, 1.7), "log_normal": (0.1, 0.5), "exponential": (1.3,),
         "cauchy": (0.4, 2.2), "geometric": (0.3,)}  # fmt: skip


def big(seed=2**63 + 12345):
    stream = Philox(seed, 1024)
    stream.set_offset(2**34 + 8)
    return stream


def place(stream, threads):
    return int(np.uint64(stream._seed).view(np.int64)), stream.offset // 4, threads


@pytest.mark.parametrize("n", [1, 7, 1024, 5000])
@pytest.mark.parametrize("letter", "fd")
@pytest.mark.parametrize("name", FILLS)
def test_fills(name, letter, n):
    out, options = np.empty(n, letter), (*FILLS[name], 0.0, 0.0)[:3]
    threads, _ = launch(n, {"f": 4, "d": 2}[letter], 1024)
    if host_cuda.rows(f"random_{name}", 3, letter, out, n, *place(big(), threads), *options):
        want = big().draw(name, n, np.dtype(letter).type, *FILLS[name])
        if name == "uniform":
            assert out.tolist() == want.tolist()
        tiny = {"f": 1e-6, "d": 1e-14}[letter]
        np.testing.assert_allclose(out, want, rtol=tiny, atol=tiny)


@pytest.mark.parametrize("n", [1, 5000])
def test_words(n):
    for name, many in (("random_words", 4), ("random_pairs", 2)):
        out = np.empty(n, np.int64)
        if host_cuda.rows(name, 3, "f", out, n, *place(big(), launch(n, many, 1024)[0])):
            assert out.view(np.uint64).tolist() == big().words(n, many == 2).tolist()


@pytest.mark.parametrize("size", [2, 4, 8])
def test_vectors(size):
    out = np.empty(5000, np.float32)
    if host_cuda.rows("random_vectors", 3, "f", out, 5000, *place(big(), 256), size):
        assert out.tolist() == big().in_vectors(5000, size, 256).tolist()


# ---- the way from torch.rand(device="cuda") to them, on the stand-in --------------------------------------------------------

PROGRAM = """
import numpy as np, math
import minigrad as torch
from minigrad.backends import use
from minigrad.backends.philox_stream import Philox
from minigrad.backends.strict import counts

torch.manual_seed(9)
with torch.random.fork_rng():
    torch.manual_seed(10)
    torch.rand(3, device="cuda")  # the GPU's first numbers at all
assert torch.cuda.initial_seed() == 9 and not torch.cuda.get_rng_state()[8:].any()

METHODS = [("uniform_", (-0.3, 0.77)), ("normal_", (0.3, 1.7)), ("log_normal_", (0.1, 0.5)), ("exponential_", (1.3,)),
           ("cauchy_", ()), ("geometric_", (0.3,)), ("random_", ()), ("random_", (5, 100)), ("random_", (0, 2**40)),
           ("random_", (-2**63, None)), ("bernoulli_", (0.3,))]
INTEGERS = {"geometric_", "random_", "bernoulli_"}
for dtype in (torch.float32, torch.float64, torch.float16, torch.int64, torch.int32, torch.bool):
    for name, arguments in METHODS:
        whole, far = dtype in (torch.int64, torch.int32, torch.bool), max(map(abs, filter(None, arguments)), default=0) > 2**30
        if whole and name not in INTEGERS or far and dtype is not torch.int64:
            continue
        if dtype is torch.bool and name != "bernoulli_":
            continue
        for shape in ((), (3,), (10, 300), (7, 1000)):
            torch.manual_seed(2**40 + 1)
            a = torch.empty(*reversed(shape), dtype=dtype, device="cuda").permute(*reversed(range(len(shape))))
            arrays, method = np.empty(shape[::-1], str(dtype)[6:]).T, getattr(a, name)
            waited = counts.synchronizations
            method(*arguments) if arguments[1:] != (None,) else method(**{"from": arguments[0], "to": None})
            assert counts.synchronizations == waited, name
            stream = Philox(2**40 + 1, 1024)
            getattr(stream, name)(arrays, *arguments)
            b = torch.from_numpy(arrays)
            assert torch.cuda.get_rng_state().tolist() == stream.get_state().tolist(), (name, dtype, shape)
            assert torch.allclose(a.cpu(), b, 1e-3 if dtype is torch.float16 else 1e-6, 1e-6), (name, dtype, shape)

for shape in ((10,), (70, 100)):
    p = torch.rand(shape)
    torch.manual_seed(3)
    a, b, stream = torch.bernoulli(p.to("cuda")), np.empty(shape, "f4"), Philox(3, 1024)
    stream.bernoulli_from(b, p.numpy())
    assert a.cpu().tolist() == b.tolist() and torch.cuda.get_rng_state().tolist() == stream.get_state().tolist()

x, before = torch.empty(5000, device="cuda"), counts.kernels
x.normal_()
assert counts.kernels == before + 1
assert torch.native_dropout(torch.empty(0, device="cuda"), 0.5, True)[0].numel() == 0

torch.cuda.manual_seed(5)
assert torch.rand(3, device="cuda").tolist() != torch.rand(3, device="cuda").tolist()
torch.manual_seed(0)
late = torch.rand(3, device="cuda")
assert late.device.type == "cuda" and torch.allclose(late.cpu(), torch.tensor([0.3990, 0.5167, 0.0249]), atol=1e-4)
assert torch.cuda.initial_seed() == 0 and torch.Generator("cuda").initial_seed() == 67280421310721
g = torch.Generator(device="cuda").manual_seed(42)
assert torch.allclose(torch.randn(2, generator=g, device="cuda").cpu(), torch.tensor([0.1940, 2.1614]), atol=1e-4)
assert g.get_offset() == 4 and g.set_offset(0) is g and g.clone_state().get_offset() == 0
torch.manual_seed(42)
layer = torch.nn.Linear(1, 1, device="cuda")
assert abs(layer.weight.item() - 0.2259) < 1e-4 and abs(layer.bias.item() - 0.9754) < 1e-4

with torch.random.fork_rng():
    first = torch.rand(5, device="cuda")
assert torch.equal(first, torch.rand(5, device="cuda"))
state = torch.cuda.get_rng_state()
assert state.device.type == "cpu" and len(state) == 16
second = torch.randperm(20, device="cuda")
torch.cuda.set_rng_state(state)
assert torch.equal(second, torch.randperm(20, device="cuda")) and sorted(second.tolist()) == list(range(20))
torch.cuda.manual_seed_all(7)
assert torch.cuda.get_rng_state()[0] == 7

for shape in ((512, 16), (5, 5)):
    torch.manual_seed(1)
    x = torch.full(shape, 2.0, device="cuda", requires_grad=True)
    y = torch.nn.functional.dropout(x, 0.1)
    kept = np.empty(shape, bool)
    Philox(1, 1024).keep_(kept, np.empty(shape, "f4"), 0.9)
    assert torch.allclose(y.cpu(), torch.from_numpy(kept) * 2 / 0.9) and y.grad_fn.name() == "NativeDropoutBackward0"
    (slope,) = torch.autograd.grad(y.sum(), x)
    assert torch.allclose(slope.cpu(), torch.from_numpy(kept) / 0.9)
weights = torch.tensor([[0.1, 0.0, 0.9], [0.5, 0.5, 0.0]], device="cuda")
for drawn in (torch.multinomial(weights, 1), torch.multinomial(weights, 2), torch.multinomial(weights, 50, True)):
    assert drawn.is_cuda and weights.cpu().gather(1, drawn.cpu()).min() > 0
assert torch.bernoulli(weights).is_cuda and torch.poisson(weights).is_cuda
use("cupy")
torch.manual_seed(0)
print(torch.rand(3).tolist())
"""


def test_on_the_stand_in():
    said = on_stand_in("-c", PROGRAM)
    if said is not None:
        torch.manual_seed(0)
        assert said.strip() == str(torch.rand(3).tolist())  # in the CPU's place the CPU's numbers


# ---- beside torch on a GPU, where there are both: to the bit ----------------------------------------------------------------

BESIDE = {
    **{f"{name} {kind}": lambda lib, name=name, kind=kind: [
        getattr(lib, name)(n, device="cuda", dtype=getattr(lib, kind)) for n in (5, 1000, 3_000_001)]
       for name in ("rand", "randn") for kind in ("float32", "float64", "float16")},
    **{f"{name}{arguments} {kind}": lambda lib, name=name, arguments=arguments, kind=kind: [
        getattr(lib.empty(n, device="cuda", dtype=getattr(lib, kind)), name)(*arguments) for n in (5, 3_000_001)]
       for name, arguments in (("uniform_", (-0.3, 0.77)), ("normal_", (0.3, 1.7)), ("log_normal_", (0.1, 0.5)),
                               ("exponential_", (1.3,)), ("cauchy_", ()), ("geometric_", (0.3,)), ("bernoulli_", (0.3,)),
                               ("random_", ()), ("random_", (5, 100))) for kind in ("float32", "float64", "float16")},
    "randint": lambda lib: [lib.randint(0, high, (n,), device="cuda") for high in (3, 2**28 - 1, 2**28, 2**60)
                            for n in (5, 3_000_001)],
    "randperm": lambda lib: [lib.randperm(n, device="cuda") for n in (0, 1, 2, 10, 1000, 1000, 1000, 300_000)],
    "bernoulli": lambda lib: [lib.bernoulli(lib.rand(n, device="cuda")) for n in (5, 1000, 3_000_001)],
    "multinomial": lambda lib: [lib.multinomial(lib.rand(7, 50, device="cuda"), k, again)
                                for k, again in ((1, True), (1, False), (20, False), (20, True), (200, True))],
    "transposed": lambda lib: lib.empty(40, 50, device="cuda").t().normal_(),
    "dropout": lambda lib: [lib.nn.functional.dropout(lib.ones(shape, device="cuda", dtype=getattr(lib, kind)), p)
                            for kind in ("float32", "float64", "float16") for p in (0.1, 0.5)
                            for shape in ((5,), (1000, 1000), (1001, 999), (6, 5))],
    "modules": lambda lib: list(lib.nn.Sequential(lib.nn.Linear(30, 20), lib.nn.Conv2d(3, 4, 5)).to("cuda").parameters()) + [
        *lib.nn.Linear(30, 20, device="cuda").parameters(), lib.nn.Embedding(10, 5, device="cuda").weight],
}  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_beside_torch_on_cuda(name):
    if not (torch.cuda.is_available() and minigrad.cuda.is_available()):
        return
    found = []
    for lib in (torch, minigrad):
        lib.manual_seed(1234)
        result = BESIDE[name](lib)
        found.append([x.detach().cpu().numpy() for x in (result if isinstance(result, list) else [result])])
        found[-1].append(lib.cuda.get_rng_state().numpy())
    for theirs, ours in zip(*found, strict=True):
        assert theirs.dtype == ours.dtype and theirs.tobytes() == ours.tobytes()


# ---- what every device has of it ------------------------------------------------------------------------------------------

DROPS = {"0.3": (0.3, True), "None": (0.3, None), "not training": (0.3, False), "0": (0.0, True), "1": (1.0, True)}


@pytest.mark.parametrize("name", DROPS)
def test_native_dropout(name, lib):
    p, train = DROPS[name]

    def run(lib):
        lib.manual_seed(0)
        x = lib.arange(12.0).reshape(3, 4).requires_grad_()
        out, kept = lib.native_dropout(x, p, train)
        (slope,) = lib.autograd.grad(out, x, lib.arange(12.0).reshape(3, 4) + 1, retain_graph=True)
        node = out.grad_fn
        return out.detach(), kept, slope, node.name(), node._saved_p, node._saved_result1, len(node.next_functions)

    check(run, lib)


def test_native_dropout_refuses(lib):
    check(lambda lib: lib.native_dropout(lib.ones(3), 1.3, True), lib)


def test_generators_of_the_cpu_have_no_offset(lib):
    check(lambda lib: lib.Generator().get_offset(), lib)
    check(lambda lib: lib.Generator().set_offset(4), lib)


def test_numbers_of_integers_are_float32():
    assert real_of(np.empty(1, int)) is np.float32 and real_of(np.empty(1)) is np.float64
