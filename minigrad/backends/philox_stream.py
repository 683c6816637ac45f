"""torch's generator for a GPU: a seed, an offset, and what each distribution takes from Philox's words (philox.py).

The arrays are NumPy's here: this file is the reference for what the cupy backend makes on the GPU (cupy_philox.py).

Equal to figures that people have published from their GPUs (parity_tests/test_philox.py): uniform_ in float32; normal_ in
float32, float16 and float64; random_ with bounds; keep_ (dropout) in float32; states and offsets.
Following torch's headers (for the last three in part its published sources) alone, for want of a figure: uniform_ in float64
and float16, random_ without bounds, bernoulli_, bernoulli_from, exponential_, cauchy_, geometric_, log_normal_, randperm,
multinomial, keep_ in float64 and float16.
Not torch's numbers: poisson, binomial and gamma, which go on from this stream's next word on the host.
"""

import math

import numpy as np

from . import random_checks as checks
from .mt19937 import DEFAULT_SEED, MT19937, fill_order
from .philox import DRAWS, LOW, below, dense, launch, philox, place, real_of, u32, u64, units

STATE = np.dtype([("seed", "<u8"), ("offset", "<i8")])  # torch's saved state, 16 bytes
A100 = 108 * 2048  # threads that one model runs at once
MOST_ROWS = 65535  # of blocks of threads


class Philox:
    """A seed, and how many words each thread has had.  Fills NumPy arrays; see mt19937.py for what the methods take."""

    def __init__(self, seed=DEFAULT_SEED, most_threads=A100):
        self.most_threads = most_threads
        self.seed(seed)

    def seed(self, seed):
        """Start over.  All 64 bits matter; a negative seed counts from 2^64.  ValueError beyond."""
        if not -(2**63) <= seed < 2**64:
            raise ValueError("Overflow when unpacking long long")
        self._seed, self.offset = seed % 2**64, 0

    def initial_seed(self):
        """The seed this stream was started with."""
        return self._seed

    def set_offset(self, offset):
        """Continue where each thread has had `offset` words."""
        checks.need(offset % 4 == 0, "offset must be a multiple of 4")
        self.offset = offset

    def get_state(self):
        """Seed and offset, as torch's 16 bytes."""
        return np.frombuffer(np.array((self._seed, self.offset), STATE).tobytes(), np.uint8).copy()

    def set_state(self, state):
        """Continue from get_state()'s bytes, or from its first 8 with an offset of 0."""
        if state.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        checks.need(state.flags.c_contiguous, "RNG state must be contiguous")
        checks.need(state.size in (8, 16), "RNG state is wrong size")
        seed, offset = np.append(state.reshape(-1), np.zeros(16 - state.size, np.uint8)).view(STATE)[0].item()
        self.set_offset(offset)
        self._seed = seed

    def clone(self):
        """An independent generator at the same place."""
        copy = type(self)(self._seed, self.most_threads)
        copy.offset = self.offset
        return copy

    # ---- from draws to elements -------------------------------------------------------------------------------------
    def blocks(self, draws, threads, first=0):
        """Four arrays (draws, threads): the words of the next draws of some threads.  Moves nothing on."""
        counts = np.arange(draws, dtype=np.uint64)[:, None] + np.uint64(self.offset // 4)
        thread = np.arange(threads, dtype=np.uint64) + np.uint64(first)
        return philox((counts & LOW, counts >> 32, thread & LOW, thread >> 32), (self._seed & LOW, self._seed >> 32))

    def words_of(self, thread, n):
        """One thread's next n words.  Moves nothing on."""
        return np.stack(self.blocks(-(-n // 4), 1, thread), axis=-1).reshape(-1)[:n]

    def spread(self, n, many, give):
        """n numbers in the order of elements, where give(words) has `many` of them for each draw and thread."""
        threads, draws = launch(n, many, self.most_threads)
        numbers = give(self.blocks(draws, threads))
        self.advance(4 * draws)
        return numbers.swapaxes(0, 1).reshape(-1)[:n]

    def draw(self, name, n, real, *parameters):
        """n numbers of a float dtype from one of DRAWS."""
        a, b, c = (*parameters, 0.0, 0.0, 0.0)[:3]
        with np.errstate(all="ignore"):
            return self.spread(n, 4 if real == np.float32 else 2, lambda words: DRAWS[name](real, words, a, b, c))

    def words(self, n, wide):
        """n words, or pairs of them, as uint64."""
        return self.spread(n, 2 if wide else 4, u64 if wide else u32)

    def in_vectors(self, n, size, threads):
        """n float32 fractions, `size` neighbours to a thread: a draw for each four of them, or for two.  Moves nothing on."""
        each = max(size // 4, 1)
        fours = units(np.float32, self.blocks(-(-n // (size * threads)) * each, threads))
        fours = fours.reshape(4, -1, each, threads).transpose(1, 3, 2, 0)[..., : min(size, 4)]
        return fours.reshape(-1)[:n]

    def advance(self, words):
        """Each thread has had so many words, rounded up to whole draws."""
        self.offset += -(-words // 4) * 4

    def fill(self, out, name, *parameters, then=None):
        """out <- numbers of DRAWS, in the order of its memory."""
        if out.size:
            values = self.draw(name, out.size, real_of(out), *parameters)
            place(out, values if then is None else then(values))

    # ---- distributions ----------------------------------------------------------------------------------------------
    def uniform_(self, out, low=0.0, high=1.0):
        """low + (high - low) u, and low where that is high."""
        checks.uniform_bounds(out.dtype, low, high)
        kind = out.dtype.type
        a, b = kind(low), kind(high)
        half = kind == np.float16
        self.fill(out, "uniform", float(a), float(b - a), math.nan if half else float(b),
                  then=(lambda x: below(x.astype(kind), a, b)) if half else None)  # fmt: skip

    def normal_(self, out, mean=0.0, std=1.0):
        """mean + std z."""
        checks.need(std >= 0, f"normal expects std >= 0.0, but found std {std:g}")
        checks.need_dtype("normal_kernel_cuda", out.dtype, checks.FLOATING)
        self.fill(out, "normal", mean, std)

    def log_normal_(self, out, mean=1.0, std=2.0):
        """e^(mean + std z)."""
        checks.need(std > 0, f"log_normal_ expects std > 0.0, but found std={std:g}")
        checks.need_dtype("log_normal_cuda", out.dtype, checks.FLOATING)
        self.fill(out, "log_normal", mean, std)

    def exponential_(self, out, rate=1.0):
        """-log(u) / rate."""
        checks.need(rate > 0, f"exponential_ expects lambda > 0.0, but found lambda={rate:g}")
        checks.need_continuous("Exponential", out.dtype, name=0)
        self.fill(out, "exponential", rate)

    def cauchy_(self, out, median=0.0, sigma=1.0):
        """median + sigma tan(pi (u - 1/2))."""
        checks.need(sigma > 0, f"cauchy_ expects sigma > 0.0, but found sigma={sigma:g}")
        checks.need_continuous("Cauchy", out.dtype, name=1)
        self.fill(out, "cauchy", median, sigma)

    def geometric_(self, out, p):
        """ceil(log u / log(1 - p))."""
        checks.need(0 < p < 1, f"geometric_ expects p to be in (0, 1), but got p={p:g}")
        checks.need_dtype("geometric_cuda", out.dtype, checks.INTEGRAL[1:] + checks.FLOATING)
        self.fill(out, "geometric", p)

    def random_(self, out, low=None, high=None):
        """Integers in [low, high); without high up to the dtype's largest; without both, 0 up to that."""
        if not out.size:
            return
        if low is None:
            checks.need_dtype("random_kernel_cuda", out.dtype, checks.INTEGRAL + checks.FLOATING)
            floating = out.dtype.kind == "f"
            count = 2 ** (np.finfo(out.dtype).nmant + 1) if floating else largest(out.dtype)
            place(out, self.words(out.size, out.dtype.itemsize == 8) % np.uint64(count + 1))
        elif high is None and low == -(2**63):
            checks.full_range(out.dtype, "random_full_64_bits_range_kernel_cuda")
            place(out, self.words(out.size, True).view(np.int64))
        else:
            place(out, self.integers(out.size, *checks.random_range(out.dtype, low, high)))

    def integers(self, n, first, count):
        """n integers in [first, first + count), as int64: the remainder of a word, or of two from 2^28 on."""
        return (self.words(n, count >= 2**28) % np.uint64(count) + np.uint64(first % 2**64)).view(np.int64)

    def bernoulli_(self, out, p=0.5):
        """1 where u < p."""
        checks.need(0 <= p <= 1, f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
        checks.need_dtype("bernoulli_scalar_cuda_", out.dtype, checks.INTEGRAL + checks.FLOATING)
        self.fill(out, "uniform", 0.0, 1.0, math.nan, then=lambda u: u < real_of(out)(p))

    def bernoulli_from(self, out, probabilities):
        """1 where u <= each element's own probability; four neighbours to a thread, as many threads as that takes."""
        checks.need_dtype("bernoulli_tensor_cuda_self_", out.dtype, checks.INTEGRAL + checks.FLOATING)
        if out.size:
            p = probabilities.astype(real_of(out)).transpose(fill_order(out)).reshape(-1)
            place(out, self.in_vectors(out.size, 4, -(-out.size // 4)) <= p)
            self.advance(10)

    def keep_(self, mask, input, p):
        """True with probability p: the mask of dropout's own kernel, which reads 16 bytes of its input at a time."""
        threads, draws = launch(input.size, 4, self.most_threads)
        p, size = p if input.dtype == np.float64 else np.float32(p), self.vector(input)
        if size > 1:
            place(mask, self.in_vectors(input.size, size, threads) < p)
            self.advance(4 * draws)
        else:
            u = self.draw("uniform", input.size, np.float32, 0.0, 1.0, math.nan)
            mask[...] = (u < p).reshape(mask.shape)

    def vector(self, array):
        """How many elements dropout's kernel takes at a time: as many as fit 16 bytes, start on a multiple, leave no rest."""
        size = 16 // array.itemsize if dense(array) else 1
        while size > 1 and (self.address(array) % (size * array.itemsize) or array.size % size):
            size //= 2
        return size

    # ---- on the host ------------------------------------------------------------------------------------------------
    def randperm(self, n):
        """0 .. n-1 in the order of random keys of as many bits as make equal ones rare; those are exchanged at random."""
        checks.need(n >= 0, f"n must be non-negative, got{n}")
        if n == 0:
            return np.empty(0, np.int64)
        bits = min(64, math.ceil(math.log2(n - (6 * n * n + 1) / (12 * math.log(0.9)))))
        size = 32 if bits <= 32 else 64
        keys = self.to_host(self.integers(n, -(2 ** (size - 1)), 2**size - 1)).view(np.uint64)
        keys = (keys + np.uint64(2 ** (size - 1)) if bits == size else keys) & np.uint64(2**bits - 1)
        order = np.argsort(keys, kind="stable")
        same = np.append(np.diff(keys[order]) == 0, False)
        for start in np.flatnonzero(same & ~np.append(False, same[:-1])):
            self.shuffle(order[start : start + 1 + np.argmin(same[start:])], start)
        self.advance(n)
        return order

    def shuffle(self, part, thread):
        """Exchange the elements of a short array at random, by one thread's words.  Moves nothing on."""
        for i, word in zip(range(part.size - 1, 0, -1), self.words_of(thread, part.size).tolist()):
            j = word % (i + 1)
            part[i], part[j] = part[j], part[i]

    def multinomial(self, probabilities, k, replacement=False):
        """k column numbers for each row of weights (2-D): the first of a race, or by the cumulative weights."""
        checks.multinomial(probabilities, k, replacement)
        p = self.to_host(probabilities)
        if len(p) == 0:
            return np.empty((0, k), np.int64)
        if k == 1 or not replacement:
            checks.race_weights(p)
            real = real_of(p)
            arrival = self.to_host(self.draw("exponential", p.size, real, 1.0)).reshape(p.shape).astype(p.dtype)
            with np.errstate(all="ignore"):
                score = p / arrival
            return np.argsort(-score, axis=1, kind="stable")[:, :k] if k > 1 else score.argmax(axis=1, keepdims=True)
        rows, columns = min(len(p), MOST_ROWS), -(-k // 128) * 128  # of threads
        turns = -(-len(p) // rows)
        u = units(np.float32, self.blocks(turns, rows * columns))[0].reshape(-1, columns)[:, :k]
        self.advance(4 * turns)
        return np.stack([inverse(row, x) for row, x in zip(p, u)])

    def poisson(self, out, rates):
        """How many events, for each element's own rate.  Not torch's numbers."""
        self.host(20).poisson(out, rates)

    def binomial(self, out, counts, probs):
        """How many of each element's trials succeed.  Not torch's numbers."""
        self.host(20).binomial(out, counts, probs)

    def gamma(self, out, shapes):
        """Numbers of the gamma distribution.  Not torch's."""
        self.host(10).gamma(out, shapes)

    def host(self, words):
        """A stream of the CPU's kind, started from the next word of this one, which moves on."""
        seed = int(self.blocks(1, 1)[0][0, 0])
        self.advance(words)
        return MT19937(seed)

    # ---- what an array library does its own way ---------------------------------------------------------------------
    def to_host(self, array):
        return array

    def address(self, array):
        return array.__array_interface__["data"][0]


def inverse(row, u):
    """The first column at which the cumulative share reaches u, or before it the last that weighs anything."""
    checks.row_weights(row)
    share = row / row.sum()
    found = np.minimum(np.searchsorted(np.cumsum(share), u), row.size - 1)
    return np.maximum.accumulate(np.where(share > 0, np.arange(row.size), 0))[found]


def largest(dtype):
    """The largest integer of a dtype."""
    return 1 if dtype.kind == "b" else int(np.iinfo(dtype).max)
