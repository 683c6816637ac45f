"""torch's random numbers on the CPU, bit for bit.

`torch.manual_seed(s)` starts a Mersenne Twister (Matsumoto and Nishimura 1998), the same one that NumPy has; everything
after that is convention, and all of it is written here: which bits of a word become a fraction, how many words a number
costs, in which order a tensor is filled, where a multiply-add is rounded once.  Every bit matters: after one word too
many all later numbers are others, and with one rounding too many a net starts from other weights than torch's.

The ladder: words (`u32`, `u64`) -> fractions in [0, 1) (`units32`, `units64`) -> distributions.  A method whose name
ends in `_` fills the given array in place, whatever its strides, in torch's order: along the smallest stride first.
"""

import math

import numpy as np

from . import binomial
from . import random_checks as checks
from .box_muller import box_muller, fma32, fma64, libm

DEFAULT_SEED = 67280421310721  # what torch.Generator() starts with
CHUNK = 2**13  # elements at a time: intermediate arrays stay in the cache, and their memory with the process
STATE = np.dtype([  # torch's saved state, 5056 bytes
    ("seed", "<u8"), ("left", "<i4"), ("seeded", "<i4"), ("next", "<u8"), ("key", "<u8", 624), ("unused_x", "<f8"),
    ("normal", "<f8"), ("unused_rho", "<f8"), ("has_normal", "<i4"), ("unused_float", "<i4", 3),
])  # fmt: skip


class MT19937:
    """One generator: a stream of 32-bit words, and at most one normal number left over from a pair."""

    def __init__(self, seed=DEFAULT_SEED):
        self._engine = np.random.MT19937(0)
        self._legacy = np.random.RandomState(self._engine)
        self.seed(seed)

    # ---- seed and state ---------------------------------------------------------------------------------------------
    def seed(self, seed):
        """Start over.  Only the low 32 bits matter; a negative seed counts from 2^64.  ValueError beyond 64 bits."""
        if not -(2**63) <= seed < 2**64:
            raise ValueError("Overflow when unpacking long long")
        self._seed = seed % 2**64
        self._legacy.seed(self._seed % 2**32)
        self._untouched = True  # nothing drawn yet: torch's state says so
        self._left_over = None

    def initial_seed(self):
        """The seed this stream was started with."""
        return self._seed

    def get_state(self):
        """Everything that decides what comes next, as torch's 5056 bytes."""
        _, key, position, _, _ = self._legacy.get_state()
        state = np.zeros((), STATE)
        state["seed"], state["seeded"], state["key"] = self._seed, 1, key
        state["left"] = 1 if self._untouched else 625 - position
        state["next"] = 0 if self._untouched else position
        if self._left_over is not None:
            state["normal"], state["has_normal"] = self._left_over, 1
        return np.frombuffer(state.tobytes(), np.uint8).copy()

    def set_state(self, state):
        """Continue from get_state()'s bytes.  TypeError or RuntimeError, and no change, if they cannot be a state."""
        if state.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        checks.need(state.flags.c_contiguous, "RNG state must be contiguous")
        checks.need(state.size == STATE.itemsize,
                    f"Expected a CPUGeneratorImplState of size {STATE.itemsize} but found the input RNG state size "
                    f"to be {state.size}")
        fields = state.reshape(-1).view(STATE)[0]
        left, position = int(fields["left"]), int(fields["next"])
        checks.need(fields["seeded"] and 1 <= left <= 624 and position <= 624, "Invalid mt19937 state")
        self._seed = int(fields["seed"])
        self._untouched = left == 1 and position == 0
        self._left_over = float(fields["normal"]) if fields["has_normal"] else None
        self._legacy.set_state(("MT19937", fields["key"].astype(np.uint32), 624 if left == 1 else position))

    def clone(self):
        """An independent generator at the same place."""
        copy = MT19937()
        copy.set_state(self.get_state())
        return copy

    # ---- words and fractions ----------------------------------------------------------------------------------------
    def u32(self, n):
        """The next n words."""
        self._untouched &= n == 0
        if n < 1000:  # cheaper to call
            return self._engine.random_raw(n).astype(np.uint32)
        return self._legacy.randint(0, 2**32, dtype=np.uint32, size=n)

    def u64(self, n):
        """The next n pairs of words, the first of a pair on top."""
        self._untouched &= n == 0
        if n < 1000:
            pairs = self._engine.random_raw(2 * n)
            return pairs[::2] << np.uint64(32) | pairs[1::2]
        return self._legacy.randint(0, 2**64, dtype=np.uint64, size=n)

    def units32(self, n):
        """n float32 fractions in [0, 1): the low 24 bits of a word."""
        return (self.u32(n) & np.uint32(2**24 - 1)).astype(np.float32) * np.float32(2.0**-24)

    def units64(self, n):
        """n float64 fractions in [0, 1): the low 53 bits of two words."""
        return (self.u64(n) & np.uint64(2**53 - 1)) * 2.0**-53

    def _units(self, n, dtype):
        return self.units64(n) if dtype == np.float64 else self.units32(n)

    def _unit(self):
        """units64(1) as a Python float."""
        return float(self.units64(1)[0])

    # ---- uniform ----------------------------------------------------------------------------------------------------
    def uniform_(self, out, low=0.0, high=1.0):
        """low + (high - low) u, fused; where that rounds to high, low.  One word an element (float64: two)."""
        checks.uniform_bounds(out.dtype, low, high)
        real = np.float64 if out.dtype == np.float64 else np.float32
        a, b = real(low), real(high)
        fma = fma64 if real is np.float64 else fma32
        width = float(b - a)

        def sample(n):
            x = self._units(n, out.dtype)
            if (a, b) == (0, 1) and out.dtype != np.float16:  # u itself, and never 1
                return x
            x = fma(x.astype(np.float64), width, float(a)).astype(out.dtype)
            x[x == b.astype(out.dtype)] = a
            return x

        _fill(out, sample)

    # ---- normal -----------------------------------------------------------------------------------------------------
    def normal_(self, out, mean=0.0, std=1.0):
        """mean + std z.  From 16 contiguous elements on in blocks, otherwise one by one: two unrelated streams."""
        checks.need(std >= 0, f"normal expects std >= 0.0, but found std {std:g}")
        if out.size == 0:
            return
        checks.need_dtype("normal_kernel_cpu", out.dtype, checks.FLOATING)
        if out.size >= 16 and out.flags.c_contiguous:
            with np.errstate(all="ignore"):
                self._normal_blocks(out.reshape(-1), mean, std)
        else:
            _fill(out, lambda n: self._serial_normals(n, mean, std))

    def _normal_blocks(self, out, mean, std):
        """Blocks of 16; if some elements remain, the *last* 16 are drawn afresh."""
        remainder = out.size % 16
        whole = out[: out.size - remainder]
        for start in range(0, whole.size, CHUNK):
            part = whole[start : start + CHUNK]
            part[...] = box_muller(self._units(part.size, out.dtype), mean, std)
        if remainder:
            if out.dtype != np.float16:  # torch had drawn a fraction for every element
                self._units(remainder, out.dtype)
            out[-16:] = box_muller(self._units(16, out.dtype), mean, std)

    def _serial_normals(self, n, mean, std):
        """n float64 normals; the odd half of the last pair waits for the next call, of whatever dtype."""
        ready = [] if self._left_over is None else [self._left_over]
        u = self.units64(n - len(ready) + (n - len(ready)) % 2).reshape(-1, 2)
        radius = np.sqrt(-2.0 * libm(math.log1p, -u[:, 1]))
        angle = 2 * math.pi * u[:, 0]
        pairs = np.stack([radius * libm(math.cos, angle), radius * libm(math.sin, angle)], axis=1)
        z = np.concatenate([ready, pairs.reshape(-1)])
        self._left_over = float(z[n]) if z.size > n else None
        return fma64(z[:n], float(std), float(mean))

    def log_normal_(self, out, mean=1.0, std=2.0):
        """exp of a serial normal, whatever the size."""
        checks.need(std > 0, f"log_normal_ expects std > 0.0, but found std={std:g}")
        if out.size:
            checks.need_dtype("log_normal_cpu", out.dtype, checks.FLOATING)
            _fill(out, lambda n: libm(_exp, self._serial_normals(n, mean, std)))

    # ---- integers ---------------------------------------------------------------------------------------------------
    def random_(self, out, low=None, high=None):
        """Integers in [low, high); without high up to the dtype's largest; without both, 0 up to that."""
        if low is None:
            return self._random_natural(out)
        if high is None and low == -(2**63):
            return self._random_full(out)
        first, count = checks.random_range(out.dtype, low, high)
        _fill(out, lambda n: self._below(count, n) + np.uint64(first % 2**64), through=np.int64)

    def _below(self, count, n):
        """n integers in [0, count): a remainder of one word, or of two from 2^28 on."""
        return (self.u32(n) % np.uint32(count)).astype(np.uint64) if count < 2**28 else self.u64(n) % np.uint64(count)

    def _random_natural(self, out):
        """All non-negative integers that the dtype counts without a gap."""
        if out.size == 0:
            return
        checks.need_dtype("random_kernel_cpu", out.dtype, checks.INTEGRAL + checks.FLOATING)
        if out.dtype.kind == "f":
            count = 2 ** (np.finfo(out.dtype).nmant + 1) + 1
        else:
            count = 2 if out.dtype.kind == "b" else int(np.iinfo(out.dtype).max) + 1
        wide = out.dtype.itemsize == 8
        _fill(out, lambda n: self.u64(n) % np.uint64(count) if wide else self.u32(n) % np.uint32(count))

    def _random_full(self, out):
        """All 64 bits, as a signed integer."""
        if out.size:
            checks.full_range(out.dtype)
            _fill(out, self.u64, through=np.int64)

    def randperm(self, n):
        """A random order of 0 .. n-1 (int64), by Fisher and Yates' exchanges."""
        checks.need(n >= 0, f"Trying to create tensor with negative dimension {n}: [{n}]")
        if n >= (2**32 - 1) // 20:
            return self._randperm_inside_out(n)
        order = list(range(n))
        steps = self.u32(max(n - 1, 0)) % np.arange(n, 1, -1, dtype=np.uint32)
        for i, step in enumerate(steps.tolist()):
            order[i], order[i + step] = order[i + step], order[i]
        return np.array(order, np.int64)

    def _randperm_inside_out(self, n):
        """The same for n so large that one word would not do."""
        order = np.arange(n)
        for start in range(0, n, CHUNK):
            end = min(start + CHUNK, n)
            place = self.u64(end - start) % np.arange(start + 1, end + 1, dtype=np.uint64)
            for i, j in zip(range(start, end), place.tolist()):
                order[i] = order[j]
                order[j] = i
        return order

    # ---- yes or no --------------------------------------------------------------------------------------------------
    def bernoulli_(self, out, p=0.5):
        """1 with probability p.  Two words an element, even for p = 0."""
        checks.need(0 <= p <= 1, f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
        if out.size:
            checks.need_dtype("bernoulli_scalar_cpu_", out.dtype, checks.INTEGRAL + checks.FLOATING)
            _fill(out, lambda n: self.units64(n) < p)

    def bernoulli_from(self, out, probabilities):
        """1 with each element's own probability (broadcast).  One word an element, two for float64 probabilities."""
        if out.size == 0:
            return
        checks.need_dtype("bernoulli_tensor_cpu_self_", out.dtype, checks.INTEGRAL + checks.FLOATING)
        checks.need_dtype("bernoulli_tensor_cpu_p_", probabilities.dtype, checks.FLOATING)
        checks.probabilities(probabilities)
        p = np.broadcast_to(probabilities, out.shape).transpose(fill_order(out)).reshape(-1)
        _write(out, self._units(out.size, p.dtype) < p)

    # ---- other distributions: computed in double, two words an element ----------------------------------------------
    def exponential_(self, out, rate=1.0):
        """-log(1 - u) / rate."""
        checks.need(rate > 0, f"exponential_ expects lambda > 0.0, but found lambda={rate:g}")
        if out.size:
            checks.need_continuous("Exponential", out.dtype, name=0)
            _fill(out, lambda n: -1.0 / np.float64(rate) * libm(math.log1p, -self.units64(n)))

    def geometric_(self, out, p):
        """ceil(log u / log(1 - p)): how many trials until the first success."""
        checks.need(0 < p < 1, f"geometric_ expects p to be in (0, 1), but got p={p:g}")
        if out.size:
            checks.need_dtype("geometric_cpu", out.dtype, checks.INTEGRAL[1:] + checks.FLOATING)
            _fill(out, lambda n: np.ceil(libm(_log, self.units64(n)) / math.log1p(-p)))

    def cauchy_(self, out, median=0.0, sigma=1.0):
        """median + sigma tan(pi (u - 1/2))."""
        checks.need(sigma > 0, f"cauchy_ expects sigma > 0.0, but found sigma={sigma:g}")
        checks.need_continuous("Cauchy", out.dtype, name=1)
        _fill(out, lambda n: fma64(libm(math.tan, math.pi * (self.units64(n) - 0.5)), float(sigma), float(median)))

    def poisson(self, out, rates):
        """How many events, for each element's own rate."""
        checks.need_dtype("poisson_cpu", out.dtype, checks.FLOATING)
        checks.need(bool(np.all(rates >= 0)), "invalid Poisson rate, expected rate to be non-negative")
        ordered = np.broadcast_to(rates, out.shape).transpose(fill_order(out)).reshape(-1)
        counts = (self._poisson(rate) if rate else 0 for rate in ordered.tolist())
        _write(out, np.fromiter(counts, np.int64, out.size))

    def _poisson(self, rate):
        """Below 10, multiply fractions until exp(-rate); above, Hoermann's transformed rejection (PTRS, 1993)."""
        if rate >= 10:
            return self._poisson_ptrs(rate)
        limit, product, count = math.exp(-rate), self._unit(), 0
        while product > limit:
            product *= self._unit()
            count += 1
        return count

    def _poisson_ptrs(self, rate):
        log_rate = math.log(rate)
        b = 0.931 + 2.53 * math.sqrt(rate)
        a = -0.059 + 0.02483 * b
        log_inverse_alpha = math.log(1.1239 + 1.1328 / (b - 3.4))
        squeeze = 0.9277 - 3.6224 / (b - 2)
        while True:
            u, v = self._unit() - 0.5, self._unit()
            us = 0.5 - abs(u)
            k = _to_int64((2 * a / us + b) * u + rate + 0.43)
            if us >= 0.07 and v <= squeeze:
                return k
            if k < 0 or (us < 0.013 and v > us):
                continue
            density = -rate + k * log_rate - math.lgamma(k + 1)
            if _log(v) + log_inverse_alpha - math.log(a / (us * us) + b) <= density:
                return k

    def binomial(self, out, counts, probs):
        """How many of each element's trials succeed."""
        ordered = [np.broadcast_to(x, out.shape).transpose(fill_order(out)).reshape(-1) for x in (counts, probs)]
        _write(out, np.fromiter((binomial.draw(self._unit, *pair) for pair in zip(*ordered)), np.float64, out.size))

    def gamma(self, out, shapes):
        """One number of the gamma distribution for each element's own shape (and rate 1)."""
        ordered = np.broadcast_to(shapes, out.shape).transpose(fill_order(out)).reshape(-1)
        drawn = np.fromiter(map(self._gamma, ordered), np.float64, out.size)
        _write(out, np.maximum(drawn, np.finfo(out.dtype).tiny))

    def _gamma(self, shape):
        """Marsaglia and Tsang's rejection (2000), the shape in its own precision; one below 1 is raised by 1, and a power
        of a fraction makes up for it."""
        one, scale = shape.dtype.type(1), 1.0
        if shape < 1:
            if shape == 0:
                return 0.0
            scale, shape = (1 - self._unit()) ** float(one / shape), shape + one
        d = float(shape - one * np.float32(1 / 3))
        c = 1 / math.sqrt(9 * d)
        while True:
            y = 0.0
            while y <= 0:
                x = float(self._serial_normals(1, 0.0, 1.0)[0])
                y = 1 + c * x
            v, u, square = y * y * y, 1 - self._unit(), x * x
            if u < 1 - 0.0331 * square * square or _log(u) < 0.5 * square + d * (1 - v + _log(v)):
                return scale * d * v

    def multinomial(self, probabilities, k, replacement=False):
        """k column numbers for each row of weights (2-D), as int64 rows."""
        checks.multinomial(probabilities, k, replacement)
        if len(probabilities) == 0:
            return np.empty((0, k), np.int64)
        if k == 1 or not replacement:
            return self._race(probabilities, k)
        return np.stack([self._inverse_cdf(row, k) for row in probabilities])

    def _race(self, p, k):
        """Each entry arrives at a rate p: the first k win.  (Entries of weight 0 come last.)"""
        checks.race_weights(p)
        arrival = np.empty_like(p)
        self.exponential_(arrival)
        with np.errstate(all="ignore"):
            score = p / arrival
        return np.argsort(-score, axis=1, kind="stable")[:, :k] if k > 1 else score.argmax(axis=1, keepdims=True)

    def _inverse_cdf(self, row, k):
        """The first entry at which the cumulative probability reaches u."""
        checks.row_weights(row)
        with np.errstate(over="ignore", invalid="ignore"):
            cumulative = np.cumsum(row, dtype=np.promote_types(row.dtype, np.float32))
            cumulative /= cumulative[-1]
        cumulative[-1] = 1
        return np.searchsorted(cumulative.astype(np.float64), self.units64(k))


# ---- filling an array -----------------------------------------------------------------------------------------------
def fill_order(out):
    """The dimensions from the largest stride to the smallest; of equal ones the larger first."""
    return sorted(range(out.ndim), key=lambda d: (-out.strides[d], -out.shape[d]))


def _fill(out, sample, through=None):
    """out <- sample(n), a chunk at a time, in torch's order; reinterpreted as the type `through` on the way."""
    ordered = out.transpose(fill_order(out))
    flat = ordered.reshape(-1)  # a view where that is possible
    with np.errstate(all="ignore"):
        for start in range(0, flat.size, CHUNK):
            part = flat[start : start + CHUNK]
            values = sample(part.size)
            part[...] = cast(values if through is None else values.view(through), out.dtype)
    if not np.may_share_memory(flat, out):
        ordered[...] = flat.reshape(ordered.shape)


def _write(out, values):
    """out <- values, which are in torch's order."""
    ordered = out.transpose(fill_order(out))
    with np.errstate(all="ignore"):
        ordered[...] = cast(values, out.dtype).reshape(ordered.shape)


def cast(values, dtype):
    """To the dtype as torch does, float16 by way of float32."""
    return (values.astype(np.float32) if dtype == np.float16 else values).astype(dtype, copy=False)


# ---- C's answers where Python raises --------------------------------------------------------------------------------
def _log(x):
    return math.log(x) if x else -math.inf


def _exp(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _to_int64(x):
    """floor(x) as a C cast has it: what does not fit becomes the smallest."""
    return math.floor(x) if -(2.0**63) <= x < 2.0**63 else -(2**63)
