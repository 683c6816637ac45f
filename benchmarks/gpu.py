"""python benchmarks/gpu.py: everything on a GPU machine, within 8 minutes; writes benchmarks/results/gpu-<device>.json.

Needs CuPy (pip install "minigrad[cuda12]" or "[cuda13]") and the suite's extras.  In this order, each within its share of
the time: the contract and the devices, the op suite on CuPy, the lessons on backends, and training steps side by side
with torch's CUDA build where that is here.
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = {  # name -> (seconds it may take, arguments of Python)
    "contract": (60, ["-m", "pytest", "-q", "parity_tests/test_contract.py", "parity_tests/test_backends.py"]),
    "float32": (150, ["-m", "parity_tests", "--backend", "cupy", "--dtype", "float32", "--order", "1"]),
    "float64": (150, ["-m", "parity_tests", "--backend", "cupy", "--dtype", "float64"]),
    "lessons": (40, ["examples/10_all_backends.py"]),
    "steps": (80, ["-m", "benchmarks.gpu", "steps"]),
}


def run(seconds, arguments):
    """What a part printed last, its exit code, and how long it took."""
    start = time.time()
    try:
        done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=seconds)
        code, text = done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as error:
        code, text = "out of time", (error.stdout or b"").decode()
    return {"code": code, "seconds": round(time.time() - start, 1), "tail": text.splitlines()[-60:]}


def step_of(torch, batch, synchronize):
    """Milliseconds of one training step of LeNet on the GPU, the best of 20."""
    sys.path.insert(0, str(ROOT / "examples"))
    from lenet import lenet

    torch.manual_seed(0)
    net = lenet(torch).to("cuda")
    images, labels = torch.randn(batch, 1, 32, 32).to("cuda"), (torch.arange(batch) % 10).to("cuda")
    optimizer, best = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9), float("inf")
    for _ in range(20):
        synchronize()
        start = time.perf_counter()
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        optimizer.step()
        synchronize()
        best = min(best, time.perf_counter() - start)
    return round(1000 * best, 3)


def steps():
    """Print the figures of training steps as JSON, torch's beside ours."""
    import minigrad

    libraries = {"minigrad": minigrad}
    try:
        import torch

        if torch.cuda.is_available():
            libraries["torch"] = torch
    except ImportError:
        pass
    print(json.dumps({f"LeNet, batch {batch}": {name: step_of(lib, batch, lib.cuda.synchronize)
                                                for name, lib in libraries.items()} for batch in (32, 512)}))  # fmt: skip


def main():
    import minigrad

    if not minigrad.cuda.is_available():
        minigrad.cuda.init()  # says why
    name = minigrad.cuda.get_device_name(0)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    found = {"device": name, "commit": commit}
    for part, (seconds, arguments) in PARTS.items():
        found[part] = run(seconds, arguments)
        print(part, found[part]["code"], f"{found[part]['seconds']} s", *found[part]["tail"][-1:])
    target = ROOT / "benchmarks" / "results" / f"gpu-{re.sub('[^a-z0-9]+', '-', name.lower())}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(found, indent=1) + "\n")
    print(target)


if __name__ == "__main__":
    steps() if sys.argv[1:] == ["steps"] else main()
