"""Side by side: minigrad, torch and the same step written by hand in NumPy. `python -m benchmarks` runs all of it."""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # one core each, whoever does the arithmetic; read when NumPy is imported
