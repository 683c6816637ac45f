"""python benchmarks/gpu.py: everything on a GPU machine, within 8 minutes; writes benchmarks/results/gpu-<device>.json.

Needs CuPy (pip install "minigrad[cuda12]" or "[cuda13]") and the suite's extras.  In this order, each within its share of
the time: the contract, the devices and the random numbers; the op suite with CuPy, in float32 and in float64, at the
tolerances of torch.testing.assert_close, which are the same on a GPU; the lessons on backends; training steps and single
ops side by side with torch's CUDA build, where that is here.

--stand-in runs a little of each part with the suite's stand-in for CuPy (parity_tests/fake_cupy), on the host, and writes
nothing: it shows that this script works, and nothing about a GPU.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUITE = ["-m", "parity_tests", "--source", "cases", "--backend", "cupy", "--messages", "1"]
CONTRACT = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "parity_tests/test_contract.py"]
PARTS = {  # name -> (seconds it may take, arguments of Python, what the dry run adds to them)
    "contract": (60, [*CONTRACT, "parity_tests/test_backends.py", "parity_tests/test_philox.py"], ["-k", "cuda"]),
    "float32": (150, [*SUITE, "--dtype", "float32", "--order", "1"], ["relu"]),
    "float64": (150, [*SUITE, "--dtype", "float64"], ["gelu"]),
    "lessons": (40, ["examples/10_all_backends.py"], []),
    "figures": (80, ["benchmarks/gpu.py", "--figures"], ["--few"]),
}


# ---- figures --------------------------------------------------------------------------------------------------------


def milliseconds(run, synchronize, rounds):
    """The best of several turns of a few runs each, the GPU's queue empty before and after"""
    best, times = float("inf"), 5
    for _ in range(rounds):
        synchronize()
        start = time.perf_counter()
        for _ in range(times):
            run()
        synchronize()
        best = min(best, (time.perf_counter() - start) / times)
    return round(1000 * best, 4)


def training_step(torch, batch, optimizer):
    """One training step of LeNet on the GPU, as a function"""
    sys.path.insert(0, str(ROOT / "examples"))
    from lenet import lenet

    torch.manual_seed(0)
    net = lenet(torch).to("cuda")
    images, labels = torch.randn(batch, 1, 32, 32).to("cuda"), (torch.arange(batch) % 10).to("cuda")
    stepper = getattr(torch.optim, optimizer)(net.parameters(), lr=0.01)

    def run():
        stepper.zero_grad()
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        stepper.step()

    return run


OPS = {
    "softmax": lambda torch, x: torch.softmax(x, 1), "gelu": lambda torch, x: torch.nn.functional.gelu(x),
    "layer_norm": lambda torch, x: torch.nn.functional.layer_norm(x, x.shape[1:]),
    "matmul": lambda torch, x: x @ x, "sum": lambda torch, x: x.sum(0),
}  # fmt: skip


def op_with_backward(torch, name, size):
    """An op and its backward on a square matrix, as a function"""
    x = torch.ones(size, size).to("cuda").requires_grad_()
    g = torch.ones_like(OPS[name](torch, x))

    def run():
        x.grad = None
        OPS[name](torch, x).backward(g)

    return run


def figures(few):
    """Print milliseconds as JSON, torch's beside ours."""
    import minigrad

    libraries = {"minigrad": minigrad}
    try:
        import torch

        if torch.cuda.is_available():
            libraries["torch"] = torch
    except ImportError:
        pass
    rounds, batches, sizes = (1, (2,), (8,)) if few else (10, (32, 512), (256, 2048))
    rows = {f"LeNet, batch {batch}, {name}": (training_step, batch, name) for batch in batches for name in ("SGD", "Adam")}
    rows |= {f"{name} {size}x{size} with backward": (op_with_backward, name, size) for size in sizes for name in OPS}
    print(json.dumps({title: {name: milliseconds(make(lib, *options), lib.cuda.synchronize, rounds)
                              for name, lib in libraries.items()} for title, (make, *options) in rows.items()}))  # fmt: skip


# ---- all parts ------------------------------------------------------------------------------------------------------


def run(seconds, arguments, environment):
    """A part's exit code, how long it took, what it printed last, and its last line as data if it is JSON"""
    start = time.time()
    try:
        done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=seconds,
                              env=environment)  # fmt: skip
        code, text = done.returncode, done.stdout + done.stderr * (done.returncode != 0)
    except subprocess.TimeoutExpired as error:
        code, text = "out of time", (error.stdout or b"").decode()
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    found = {"code": code, "seconds": round(time.time() - start, 1)}
    return found | ({"figures": json.loads(lines[-1])} if lines[-1].startswith("{") else {"tail": lines[-60:]})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stand-in", action="store_true", help="a dry run on the host")
    parser.add_argument("--figures", action="store_true", help="the last part alone")
    parser.add_argument("--few", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.figures:
        return figures(options.few)
    path = [str(ROOT / "parity_tests" / "fake_cupy")] * options.stand_in + [str(ROOT)]
    sys.path[:0] = path
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path)}

    import minigrad

    minigrad.cuda.init()  # without a GPU it says why
    name = minigrad.cuda.get_device_name(0)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    found = {"device": name, "commit": commit}
    for part, (seconds, arguments, little) in PARTS.items():
        found[part] = run(seconds, arguments + little * options.stand_in, environment)
        last = found[part].get("tail", ["figures"])[-1]
        verdict = "passed" if found[part]["code"] == 0 else str(found[part]["code"])
        print(f"{part:10} {verdict:12} {found[part]['seconds']:6} s  {last}")
    for title, row in found["figures"].get("figures", {}).items():
        print(f"{title:40}", "  ".join(f"{library} {ms:9.3f} ms" for library, ms in row.items()))
    if not options.stand_in:
        target = ROOT / "benchmarks" / "results" / f"gpu-{re.sub('[^a-z0-9]+', '-', name.lower())}.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(found, indent=1) + "\n")
        print(target.relative_to(ROOT))
    return int(any(found[part]["code"] != 0 for part in PARTS))


if __name__ == "__main__":
    sys.exit(main())
