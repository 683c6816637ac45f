"""torch's random numbers on a GPU: Philox 4x32-10, and how its words reach the elements of a tensor.

Philox (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) is a function, not a chain: ten rounds of

    (a, b, c, d), (k, l) -> (hi(M1 c) ^ b ^ k, lo(M1 c), hi(M0 a) ^ d ^ l, lo(M0 a)),   k += W0, l += W1

turn a counter of four words and a key of two into four random words, so every thread of a GPU finds its own numbers.
The key is the seed.  The counter is (how many draws the thread has made, which thread it is), 64 bits each; `offset`, four
for each draw, is all that changes in a generator from call to call.

Which thread fills which element: a launch has as many threads as elements, rounded up to blocks of 256, but no more than
the GPU runs at once.  With T threads and a draw giving m numbers (four, or two of 64 bits), number j of thread t's draw r
is element t + T (j + m r).  So the numbers of a tensor with more elements than `most_threads` differ from one model of
GPU to another, in torch as here; those of smaller ones do not.

What torch's CUDA kernels do was read off the headers that come with torch 2.13 and off what cuRAND documents;
philox_stream.py says which numbers have been held against figures from GPUs.  Tensors of more than 2^31 elements, which
torch fills in parts, are not torch's.

The arithmetic here is NumPy's and is the reference for the CUDA kernels (philox_source.py) that the cupy backend runs.
A GPU's log, sin, cos, tan and exp are rough in float32 (__logf, __sincosf, ...), so its normals and exponentials may
differ from these, which are rounded once, by some units in the last place; with the same instructions they are torch's.
"""

import math

import numpy as np

from .box_muller import fma32, fma64
from .mt19937 import cast, fill_order

M0, M1, W0, W1 = 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85
BLOCK = 256  # threads
LOW = 0xFFFFFFFF


# ---- the function ---------------------------------------------------------------------------------------------------
def philox(counter, key):
    """Four words, as uint64 arrays below 2^32, from four such arrays and two integers."""
    a, b, c, d = counter
    for _ in range(10):
        first, second = a * np.uint64(M0), c * np.uint64(M1)
        k, l = (np.uint64(part) for part in key)
        a, b, c, d = second >> 32 ^ b ^ k, second & LOW, first >> 32 ^ d ^ l, first & LOW
        key = (key[0] + W0) & LOW, (key[1] + W1) & LOW
    return a, b, c, d


def launch(n, many, most_threads):
    """(threads, draws of each) for n elements, `many` of them a draw."""
    threads = min(-(-n // BLOCK) * BLOCK, most_threads)
    return threads, (n - 1) // (threads * many) + 1


# ---- four words -> fractions and normals of a dtype -----------------------------------------------------------------
def u32(words):
    return np.stack(words)


def u64(words):
    a, b, c, d = words
    return np.stack([a << 32 | b, c << 32 | d])


def units(real, words):
    """Fractions in (0, 1]: float32 of one word, float64 of 53 bits of two; half a step above k 2^-32 or k 2^-53."""
    if real == np.float32:
        return u32(words).astype(np.float32) * np.float32(2**-32) + np.float32(2**-33)
    a, b, c, d = words
    return np.stack([a ^ b << 21, c ^ d << 21]) * 2.0**-53 + 2.0**-54


def normals(real, words):
    """Box and Muller: R sin(2 pi v), R cos(2 pi v) with R = sqrt(-2 log u)."""
    if real == np.float32:
        u = units(real, words)[::2].astype(np.float64)
        step = float(np.float32(2 * math.pi)) * 2**-32
        v = fma32(u32(words)[1::2].astype(np.float32).astype(np.float64), step, step / 2).astype(np.float64)
    else:
        u, v = units(real, words)
        u, v = u[None], 2 * math.pi * v[None]
    radius = np.sqrt(-2 * np.log(u))
    return np.stack([radius * np.sin(v), radius * np.cos(v)], axis=1).reshape(-1, *u.shape[1:]).astype(real)


def exponentials(real, words):
    """-log u, and half the dtype's epsilon where that is nearly 0."""
    u, tiny = units(real, words), np.finfo(real).eps / 2
    return np.where(u >= 1 - tiny, tiny, -np.log(u.astype(np.float64))).astype(real)


def tangents(real, words):
    """tan(pi (u - 1/2)), in float32 kept from its poles."""
    tiny = real(np.finfo(real).eps if real == np.float32 else 0)
    angle = real(math.pi) * (np.clip(units(real, words), tiny, real(1) - tiny) - real(0.5))
    return np.tan(angle.astype(np.float64)).astype(real)


def trials(real, words, p):
    """ceil(log u / log(1 - p)): how many until the first success of probability p."""
    below_one = np.log(real(1) - real(p)) if real == np.float32 else np.log1p(-real(p))
    return np.ceil(np.log(units(real, words)) / below_one)


def fma(x, scale, shift):
    """scale x + shift in x's dtype, rounded once."""
    real = x.dtype.type
    found = (fma32 if real is np.float32 else fma64)(x.astype(np.float64), float(real(scale)), float(real(shift)))
    return found.reshape(x.shape)


DRAWS = {  # name -> (a number of the dtype, from the words of a draw, and three parameters)
    "uniform": lambda real, words, low, width, high: below(fma(units(real, words), width, low), low, high),
    "normal": lambda real, words, mean, std, _: fma(normals(real, words), std, mean),
    "log_normal": lambda real, words, mean, std, _: np.exp(fma(normals(real, words), std, mean)),
    "exponential": lambda real, words, rate, *_: real(1) / real(rate) * exponentials(real, words),
    "cauchy": lambda real, words, median, sigma, _: fma(tangents(real, words), sigma, median),
    "geometric": lambda real, words, p, *_: trials(real, words, p),
}


def below(x, low, high):
    """x, and low where it has been rounded up to high.  In place."""
    x[x == x.dtype.type(high)] = x.dtype.type(low)
    return x


# ---- arrays ---------------------------------------------------------------------------------------------------------
def real_of(array):
    """The dtype that numbers for an array are computed in."""
    return np.float64 if array.dtype == np.float64 else np.float32


def place(out, values):
    """out <- values, in the order of its memory."""
    ordered = out.transpose(fill_order(out))
    with np.errstate(all="ignore"):
        ordered[...] = cast(values, out.dtype).reshape(ordered.shape)


def dense(array):
    """Whether the elements fill their memory without gaps, in whatever order."""
    step = array.itemsize
    for d in reversed(fill_order(array)):
        if array.shape[d] > 1 and array.strides[d] != step:
            return False
        step *= array.shape[d]
    return True
