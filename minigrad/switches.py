"""Global switches that programs set or read, and that change nothing here: threads, determinism, products' precision.

minigrad's own results are always the same from run to run, and how many threads compute is the array library's affair.
"""

import os

threads = {"num": os.cpu_count() or 1, "interop": os.cpu_count() or 1}
chosen = {"deterministic": False, "warn_only": False, "precision": "highest"}
PRECISIONS = "highest", "high", "medium"


def get_num_threads():
    """How many threads the program asked for, at first one for each core"""
    return threads["num"]


def set_num_threads(int):
    """Ask for a number of threads"""
    if int <= 0:
        raise RuntimeError("set_num_threads expects a positive integer")
    threads["num"] = int


def get_num_interop_threads():
    """How many threads the program asked for between ops"""
    return threads["interop"]


def set_num_interop_threads(int):
    """Ask for a number of threads between ops"""
    if int <= 0:
        raise RuntimeError("set_num_interop_threads expects a positive integer")
    threads["interop"] = int


def use_deterministic_algorithms(mode, *, warn_only=False):
    """Ask for the same results in every run: there are no others"""
    chosen.update(deterministic=bool(mode), warn_only=warn_only)


def are_deterministic_algorithms_enabled():
    """Whether the program asked for the same results in every run"""
    return chosen["deterministic"]


def is_deterministic_algorithms_warn_only_enabled():
    """Whether it asked for a warning only"""
    return chosen["warn_only"]


def set_float32_matmul_precision(precision):
    """Ask for the precision of float32 products, of which there is one"""
    if precision not in PRECISIONS:
        raise RuntimeError(f"Invalid precision string: '{precision}'. Must be one of 'highest', 'high', or 'medium'.")
    chosen["precision"] = precision


def get_float32_matmul_precision():
    """The precision that the program asked for"""
    return chosen["precision"]


def set_flush_denormal(mode):
    """Ask for numbers too small for full precision to be taken for 0; returns whether that can be switched: it cannot"""
    return False
