"""Fair timing on a noisy machine: contestants take turns, on the processor's clock; what counts is the median ratio."""

from statistics import median
from time import process_time


def compare(contestants, rounds=15, turn=0.02):
    """Median seconds of each, and the median over rounds of minigrad's time / the other's."""
    counts = {name: calibrate(run, turn) for name, run in contestants.items()}
    seconds = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            seconds[name].append(elapsed(run, counts[name]) / counts[name])
    return {
        "seconds": {name: median(times) for name, times in seconds.items()},
        "ratio": {
            name: median(ours / theirs for ours, theirs in zip(seconds["minigrad"], times, strict=True))
            for name, times in seconds.items()
            if name != "minigrad"
        },
    }


def calibrate(run, turn):
    """How many runs last about `turn` seconds."""
    count = 1
    while (spent := elapsed(run, count)) < turn / 2:
        count *= 2
    return max(1, round(count * turn / spent))


def elapsed(run, count):
    start = process_time()
    for _ in range(count):
        run()
    return process_time() - start
