"""Numbers of binomial distributions from a stream of fractions, as torch draws them on the CPU."""

import math

# log(k!) less Stirling's approximation, for k from 0 to 9
TAIL = (0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
        0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287)  # fmt: skip


def draw(unit, count, prob):
    """How many of `count` trials succeed; `unit()` gives fractions, count and prob compute in their own precision."""
    if count <= 0 or prob <= 0:
        return 0
    if prob >= 1:
        return count
    if not prob == prob:
        return math.nan
    rare = prob if prob <= 0.5 else prob.dtype.type(1.0 - prob)
    found = (_rejection if count * rare >= 10 else _waiting)(unit, count, rare)
    return found if prob <= 0.5 else count - found


def _waiting(unit, count, prob):
    """The times between successes are geometric: how many fit into `count` trials"""
    log_failure, passed, found = float(_log1p(-prob)), 0.0, 0
    while True:
        fraction = unit()
        passed += math.ceil(math.log(fraction) / log_failure) if fraction else math.inf
        if passed > count:
            return found
        found += 1


def _log1p(x):
    return x.dtype.type(math.log1p(x))


def _tail(k):
    if k <= 9:
        return TAIL[int(k)]
    squared = (k + 1) * (k + 1)
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / squared) / squared) / (k + 1)


def _rejection(unit, count, prob):
    """Hoermann's transformed rejection with squeeze (BTRS, 1993)"""
    deviation = math.sqrt(count * prob * (1 - prob))
    odds, middle, mode = float(prob / (1 - prob)), float(count * prob) + 0.5, math.floor((count + 1) * prob)
    n, b = float(count), 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * float(prob)
    inner, alpha = 0.92 - 4.2 / b, (2.83 + 5.1 / b) * deviation
    while True:
        u, v = unit() - 0.5, unit()
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + middle) if us else -1
        if k < 0 or k > n:
            continue
        if us >= 0.07 and v <= inner:
            return k
        density = ((mode + 0.5) * math.log((mode + 1) / (odds * (n - mode + 1)))
                   + (n + 1) * math.log((n - mode + 1) / (n - k + 1))
                   + (k + 0.5) * math.log(odds * (n - k + 1) / (k + 1))
                   + _tail(mode) + _tail(n - mode) - _tail(k) - _tail(n - k))  # fmt: skip
        if not v or math.log(v * alpha / (a / (us * us) + b)) <= density:
            return k
