"""Depth and leaks: a million-op chain made, run backward and freed; a thousand steps with the collector off."""

import gc
import multiprocessing
from pathlib import Path
from time import perf_counter

from .libraries import LIBRARIES
from .training import cases as training_cases

MIB = 2**20


def deep_chain(library, ops):
    """Seconds for each phase and MiB at the peak, over what was in use before."""
    library = LIBRARIES[library]
    gc.collect()
    reset_peak()
    before = resident()
    x = library.ones(4, requires_grad=True)
    start = perf_counter()
    y = x
    for _ in range(ops):
        y = y * 1.0
    forward, start = perf_counter() - start, perf_counter()
    y.backward(library.ones(4))
    backward, start = perf_counter() - start, perf_counter()
    del y
    freed = perf_counter() - start
    assert x.grad.tolist() == [1.0] * 4
    return {"forward s": forward, "backward s": backward, "free s": freed, "peak MiB": (peak() - before) / MIB}


def growth(library, steps, name):
    """MiB more in use after `steps` steps of training, and objects that only the collector could have freed."""
    case = next(case for case in training_cases() if case.name == name)
    run = case.build(LIBRARIES[library])
    for _ in range(50):
        run()
    gc.collect()
    gc.disable()
    try:
        before = resident()
        for _ in range(steps):
            run()
        return {"growth MiB": (resident() - before) / MIB, "in cycles": gc.collect()}
    finally:
        gc.enable()


def deep_rows(ops=1_000_000):
    return {f"{ops:,} ops in a chain": each_alone(deep_chain, ops)}


def growth_rows(steps=1000):
    names = [case.name for case in training_cases() if "batch 1" in case.name]
    return {f"{name}, {steps} steps": each_alone(growth, steps, name) for name in names}


def each_alone(measure, *arguments):
    """Each library in a fresh process: memory that the first left behind would flatter the second."""
    rows = {}
    for name, library in LIBRARIES.items():
        if library:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                rows[name] = pool.apply(measure, (name, *arguments))
    return rows


def status(field):
    """A field of Linux's account of this process, in bytes; nan where there is none."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":"))


def resident():
    return status("VmRSS")


def peak():
    return status("VmHWM")


def reset_peak():
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass  # the peak is then that of the process so far
