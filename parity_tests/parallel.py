"""Jobs spread over processes, each with its own torch and its own minigrad; results come as they are done."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(function, jobs, processes, preload=("parity_tests.preload",)):
    """(job, function(job)) for every job, in the order in which they are done."""
    if processes <= 1:
        yield from ((job, function(job)) for job in jobs)
        return
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload(list(preload))  # libraries are loaded once, and processes split off
    with ProcessPoolExecutor(processes, context) as pool:
        running = {pool.submit(function, job): job for job in jobs}
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        except BrokenProcessPool:
            left = ", ".join(str(job) for future, job in running.items() if not future.done() or future.exception())
            raise SystemExit(f"a process died; it ran one of: {left[:500]}") from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
