"""Runs minigrad's CUDA sources on the host: the C++ compiler in place of nvcc, a block's threads as threads of the host.

Blocks come one after the other; the threads of a block run at once and meet at __syncthreads(), so a kernel that forgets
to meet gives wrong sums here too (sometimes), as on a GPU.
"""

import ctypes
import functools
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from minigrad.backends import cuda_source

THREADS = 2  # of a block: enough to be wrong with, few enough to start quickly
SHIM = """
#include <barrier>
#include <cmath>
#include <functional>
#include <thread>
#include <vector>
using namespace std;
typedef long long int64;
struct Index { unsigned x, y; };
static thread_local Index threadIdx, blockIdx;
static Index gridDim;
static barrier<>* meeting;
#define __device__ static
#define __global__
#define __shared__ static
#define __syncthreads() meeting->arrive_and_wait()
#define __logf logf
#define __expf expf
#define __tanf tanf
#define __sincosf(x, s, c) (*(s) = sinf(x), *(c) = cosf(x))
#define sincospi(x, s, c) (*(s) = sin(M_PI * (x)), *(c) = cos(M_PI * (x)))
void launch(unsigned columns, unsigned rows, function<void()> kernel) {
    gridDim = {columns, rows};
    barrier<> here(THREADS);
    meeting = &here;
    vector<thread> threads;
    for (unsigned t = 0; t < THREADS; t++)
        threads.emplace_back([&, t] {
            for (unsigned y = 0; y < rows; y++)
                for (unsigned x = 0; x < columns; x++) {
                    threadIdx = {t, 0}; blockIdx = {x, y};
                    kernel();
                    meeting->arrive_and_wait();
                }
        });
    for (auto& thread : threads) thread.join();
}
"""
TYPES = {"f": "float", "d": "double"}


def rows_program():
    """The row kernels, each behind a function run_<name> that launches it."""
    lines = [f"#define THREADS {THREADS}", SHIM, cuda_source.source(THREADS)]
    for name, (_, parameters) in cuda_source.INSTANCES.items():
        for letter, kind in TYPES.items():
            takes = ", ".join(parameters).replace("T*", kind + "*").replace("Pointers all", "Pointers* where")
            names = ", ".join(p.split()[-1].lstrip("*&") for p in parameters)
            copy = "Pointers all = *where; " if "Pointers all" in parameters else ""
            lines.append(f'extern "C" void run_{name}_{letter}(unsigned grid_x, unsigned grid_y, {takes}) '
                         f"{{ {copy}launch(grid_x, grid_y, [=] {{ {name}_{letter}({names}); }}); }}")
    return "\n".join(lines)


def elements_program():
    """The elementwise kernels, each as a loop over arrays of one size."""
    lines = ["#include <cmath>", "using namespace std;", "typedef long long int64;"]
    for (name, (takes, gives, does)), (letter, kind) in itertools.product(cuda_source.ELEMENTWISE.items(), TYPES.items()):
        parameters = [p.split() for p in takes.split(", ")]
        arguments = ", ".join(f"const {kind if t == 'T' else t}* {n}_" for t, n in parameters)
        values = " ".join(f"const {kind if t == 'T' else t} {n} = {n}_[i];" for t, n in parameters)
        out = gives.split()[1]
        body = f"typedef {kind} T; {values} T {out}; {does}; {out}_[i] = {out};"
        lines.append(f'extern "C" void {name}_{letter}(long long n, {arguments}, {kind}* {out}_) '
                     f"{{ for (long long i = 0; i < n; i++) {{ {body} }} }}")
    return "\n".join(lines)


@functools.cache
def library(program, *more):
    """A program as a loaded library, compiled once (with more options) and kept; None where there is no C++ compiler."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        return None
    kept = Path(tempfile.gettempdir(), f"minigrad-{hashlib.sha256(program.encode()).hexdigest()[:16]}.so")
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            source, target = Path(folder, "kernels.cpp"), Path(folder, "kernels.so")
            source.write_text(program)
            options = ["-std=c++20", "-O1", "-ffp-contract=off", "-shared", "-fPIC", "-pthread", *more]
            done = subprocess.run([compiler, *options, "-o", target, source], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            target.replace(kept)
    return ctypes.CDLL(str(kept))


def letter_of(arrays):
    return next(x.dtype.char for x in arrays if isinstance(x, np.ndarray) and x.dtype.kind == "f")


def each(name, *inputs):
    """An elementwise kernel on arrays and numbers; numbers become arrays."""
    found = library(elements_program())
    if found is None:
        return None
    letter = letter_of(inputs)
    takes = [p.split()[0] for p in cuda_source.ELEMENTWISE[name][0].split(", ")]
    kinds = [{"T": letter, "int64": "q", "bool": "?"}[t] for t in takes]
    inputs = [np.array(x, k, order="C") for x, k in zip(np.broadcast_arrays(*inputs), kinds, strict=True)]
    out = np.empty(inputs[0].shape, letter)
    getattr(found, f"{name}_{letter}")(ctypes.c_longlong(out.size), *[pointer(x) for x in (*inputs, out)])
    return out


def pointer(array):
    return None if array is None else ctypes.c_void_p(array.ctypes.data)


def rows(name, grid, letter, *arguments):
    """A row kernel on arrays (None: a null pointer) and numbers; False where there is no compiler."""
    found = library(rows_program())
    if found is None:
        return False
    columns, lines = grid if isinstance(grid, tuple) else (grid, 1)
    kinds = {"long": ctypes.c_longlong, "double": ctypes.c_double, "int": ctypes.c_int}
    given = [pointer(x) if "*" in p or "Pointers" in p else kinds[p.split()[0]](x)
             for x, p in zip(arguments, cuda_source.INSTANCES[name][1], strict=True)]
    getattr(found, f"run_{name}_{letter}")(ctypes.c_uint(columns), ctypes.c_uint(lines), *given)
    return True


# ---- programs, on the stand-in for CuPy ------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent


def on_stand_in(*command, gpus=1, used=0):
    """What a command prints whose `import cupy` gets the stand-in, with so many GPUs, of which threads start to use that
    one; None without a compiler."""
    if library(rows_program()) is None:
        return None
    path = os.pathsep.join([str(ROOT / "parity_tests" / "fake_cupy"), str(ROOT)])
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=ROOT, env=os.environ | {
        "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "STAND_IN_GPUS": str(gpus), "STAND_IN_GPU": str(used)})  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout
