"""Two uniform numbers become two normal ones, and torch's last bit is kept.

    R = sqrt(-2 log u1),   z1 = R cos(2 pi u2),   z2 = R sin(2 pi u2)

torch evaluates this in float32 with AVX2 polynomials (Cephes' coefficients) in which most multiply-adds are *fused*:
a*b + c rounded once.  NumPy has no fused multiply-add, and its own log, sin and cos differ in about one element of
six, so this file does torch's steps one by one.  The means is simple: hold float32 numbers in float64 arrays.  There
the product of two of them is exact (24 + 24 <= 53 bits), hence `round32(a * b + c)` is a fused multiply-add and
`round32(a * b)` an ordinary float32 product.  Both agree with the hardware for all 2^24 possible u1 and u2.

In float64 torch calls the C library, as Python's `math` does, and only the last step is fused.
"""

import math

import numpy as np


# ---- fused multiply-add -------------------------------------------------------------------------------------------
def round32(x):
    """x rounded to float32, still held in float64."""
    return x.astype(np.float32).astype(np.float64)


def two_sum(a, b):
    """(s, e) with s = fl(a + b) and s + e = a + b exactly (Knuth)."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def two_product(a, b):
    """(p, e) with p = fl(a * b) and p + e = a * b exactly (Dekker)."""
    p = a * b
    a_high, a_low = split(a)
    b_high, b_low = split(b)
    return p, a_low * b_low - (((p - a_high * b_high) - a_low * b_high) - a_high * b_low)


def split(a):
    """a = high + low, each of at most 26 bits (Veltkamp)."""
    t = 134217729.0 * a  # 2^27 + 1
    high = t - (t - a)
    return high, a - high


def add_to_odd(a, b):
    """a + b, where an inexact sum goes to its neighbour with an odd last bit: rounding that once more is harmless."""
    s, error = two_sum(a, b)
    bits = s.view(np.int64)
    away = np.where((error > 0) == (s > 0), 1, -1)
    return np.where((error != 0) & ((bits & 1) == 0), bits + away, bits).view(np.float64)


def fma32(a, b, c):
    """float32(a*b + c), rounded once; a (array), b and c are float32 values held in float64."""
    product = a * b
    total = product + c
    if c == 0:
        return total.astype(np.float32)
    halfway = (total.view(np.uint64) & 0x1FFFFFFF) == 0x10000000  # only here can rounding twice go wrong
    if halfway.any():
        total[halfway] = add_to_odd(product[halfway], c)
    return total.astype(np.float32)


def fma64(a, b, c):
    """float64(a*b + c), rounded once (Boldo and Melquiond 2008); a is an array, b and c are floats."""
    plain = a * b + c
    if b == 1 or c == 0:  # one of the two operations is exact
        return plain
    if 2.0**900 < max(abs(b), abs(c)) < math.inf:  # keep `split` from overflowing
        return fma64(a, b * 2.0**-200, c * 2.0**-200) * 2.0**200
    high, low = two_product(a, b)
    t, t_low = two_sum(c, low)
    v, v_low = two_sum(high, t)
    fused = v + add_to_odd(t_low, v_low)
    return np.where(np.isfinite(fused), fused, plain)


# ---- float32: Cephes' logf and sincosf as torch vectorises them ---------------------------------------------------
def _floats(bits):
    """float32 numbers written as the eight hex digits of their bits."""
    return [float(np.uint32(int(word, 16)).view(np.float32)) for word in bits.split()]


LOG = _floats("3d9021bb bdebd1b8 3def251a bdfe5d4f 3e11e9bf be2aae50 3e4cceac be7ffffc 3eaaaaaa")
SINE = _floats("b94ca1f9 3c08839e be2aaaa3")
COSINE = _floats("37ccf5ce bab6061a 3d2aaaa5")
MINUS_PI_4 = _floats("bf490000 b97da000 b3222169")  # -pi/4 in three pieces: multiples of the first two are exact
LN2_HIGH, LN2_LOW = _floats("3f318000 b95e8083")  # ln 2 = high + low
SQRT_HALF, FOUR_OVER_PI, TWO_PI = _floats("3f3504f3 3fa2f983 40c90fdb")


def horner(coefficients, x):
    """The polynomial with these coefficients, highest power first, by fused multiply-adds."""
    y = np.full_like(x, coefficients[0])
    for c in coefficients[1:]:
        y *= x
        y += c
        y = round32(y)
    return y


def log_f32(x):
    """log x for x in [2^-24, 1]: x = m 2^e with m in [sqrt 1/2, sqrt 2), a polynomial in m - 1, and e log 2."""
    m, e = np.frexp(x)
    small = m < SQRT_HALF
    e = e - small
    m = np.where(small, m + m, m) - 1.0
    z = round32(m * m)
    y = round32(horner(LOG, m) * m)
    y = round32(y * z + round32(e * LN2_LOW))
    y = round32(y - 0.5 * z)
    return round32(e * LN2_HIGH + round32(m + y))


def sincos_f32(angle):
    """(sin, cos) of an angle in [0, 2 pi]: reduced to |x| <= pi/4 in octant j, then two polynomials."""
    j = round32(angle * FOUR_OVER_PI).astype(np.int32)
    j = (j + 1) & ~1
    x = angle
    for part in MINUS_PI_4:
        x = round32(j * part + x)
    z = round32(x * x)
    c = round32(horner(COSINE, z) * z)
    c = round32(round32(c * z - 0.5 * z) + 1.0)
    s = round32(horner(SINE, z) * z)
    s = round32(s * x + x)
    swap = (j & 2) != 0
    sin, cos = np.where(swap, c, s), np.where(swap, s, c)
    return np.where(j & 4, -sin, sin), np.where((j - 2) & 4, cos, -cos)


# ---- the transform ------------------------------------------------------------------------------------------------
def libm(function, x):
    """A C library function of every element, through `math`: NumPy's own versions differ in the last bit."""
    return np.fromiter(map(function, x.ravel().tolist()), np.float64, x.size).reshape(x.shape)


def polar_f32(u1, u2):
    """(R cos, R sin), float32 values."""
    radius = round32(np.sqrt(-2.0 * log_f32(u1)))
    sin, cos = sincos_f32(round32(TWO_PI * u2))
    return round32(radius * cos), round32(radius * sin)


def polar_f64(u1, u2):
    """(R cos, R sin) by the C library."""
    radius = np.sqrt(-2.0 * libm(math.log, u1))
    angle = 2 * math.pi * u2
    return radius * libm(math.cos, angle), radius * libm(math.sin, angle)


def box_muller(units, mean, std):
    """Blocks of 16 units -> blocks of 16 normals: elements j and j+8 of a block are a pair.  The units' dtype."""
    u = units.reshape(-1, 2, 8).astype(np.float64)
    if units.dtype == np.float32:
        polar, fma, mean, std = polar_f32, fma32, float(np.float32(mean)), float(np.float32(std))
    else:
        polar, fma = polar_f64, fma64
    pairs = polar(1.0 - u[:, 0], u[:, 1])
    return np.stack([fma(z, std, mean) for z in pairs], axis=1).reshape(-1)
