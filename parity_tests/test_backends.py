"""Devices pick backends: the seam itself, what torch says where there is no GPU, and backends of other packages."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import minigrad
from minigrad.backends import backend_for, strict
from minigrad.ops.node import OpNode
from minigrad.ops.primitive import pointwise

PACKAGE = Path(minigrad.__file__).parent
LIBRARIES = {"numpy", "np", "cupy", "cupyx", "jax", "torch", "scipy"}


def modules():
    return [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "backends"]


def libraries_named(source):
    """The array libraries that a module imports, or takes from somewhere by name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module":
            found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return found & LIBRARIES


def test_only_backends_name_array_libraries():
    assert {str(path): named for path in modules() if (named := libraries_named(path.read_text()))} == {}


@pytest.mark.parametrize("line", ["import numpy", "import numpy as np", "from torch import nn", "x = np.exp(y)",
                                  "importlib.import_module('cupy')"])  # fmt: skip
def test_the_search_finds_a_library(line):
    assert libraries_named(line)


def test_importing_minigrad_imports_numpy_alone():
    code = "import sys, minigrad; print(sorted({'torch', 'cupy', 'jax', 'scipy'} & set(sys.modules)))"
    assert run(code).strip() == "[]"


def run(code, **environment):
    import os

    path = os.pathsep.join([str(PACKAGE.parent), *environment.pop("path", [])])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {
        "PYTHONPATH": path} | environment)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- devices --------------------------------------------------------------------------------------------------------


def said(program):
    """What a program gives, or the class and text of what it raises (our further lines left out)."""
    try:
        return repr(program())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


SPELLINGS = ["cpu", "cpu:0", "cuda", "cuda:1", "cuda:", "cuda:x", "cuda:-1", "cuda:01", "cuda:1:2", ":1", "", "cuda0",
             "cuda:1 ", "CUDA", "gpu", "mps", "meta", "cuda:99999999999"]  # fmt: skip
DEVICES = {
    **{repr(text): (lambda lib, text=text: lib.device(text)) for text in SPELLINGS},
    "nothing": lambda lib: lib.device(), "None": lambda lib: lib.device(None), "1.5": lambda lib: lib.device(1.5),
    "0": lambda lib: lib.device(0), "-1": lambda lib: lib.device(-1), "cuda, 1": lambda lib: lib.device("cuda", 1),
    "cuda, -1": lambda lib: lib.device("cuda", -1), "cuda:1, 1": lambda lib: lib.device("cuda:1", 1),
    "cuda, '1'": lambda lib: lib.device("cuda", "1"), "by name": lambda lib: lib.device(type="cuda", index=1),
    "of a device": lambda lib: lib.device(lib.device("cuda")),
    "set": lambda lib: setattr(lib.device("cpu"), "type", "x"),
    "with an index": lambda lib: lib.device(lib.device("cuda"), 1),
    "equal": lambda lib: (lib.device("cuda") == lib.device("cuda:0"), lib.device("cpu") == "cpu"),
}  # fmt: skip
def at_default(lib, device):
    """What is made where the default device is another; the CPU is the default again afterwards"""
    lib.set_default_device(device)
    try:
        return lib.get_default_device(), lib.ones(1).device
    finally:
        lib.set_default_device(None)


NO_GPU = {
    "default cpu": lambda lib: at_default(lib, "cpu"), "default None": lambda lib: at_default(lib, None),
    "default cuda": lambda lib: at_default(lib, "cuda"), "default cuda:0": lambda lib: at_default(lib, "cuda:0"),
    "default gpu": lambda lib: at_default(lib, "gpu"), "kinds": lambda lib: [getattr(lib.ones(1), "is_" + kind) for kind in (
        "cpu", "cuda", "meta", "mps", "xla", "xpu", "sparse", "quantized", "nested", "mkldnn")],
    **{f"{name}(device='cuda')": (lambda lib, name=name, arguments=arguments: getattr(lib, name)(*arguments, device="cuda"))
       for name, arguments in {"rand": (2,), "arange": (3,), "full": ((2,), 1.0), "eye": (2,), "linspace": (0, 1, 3),
                               "as_tensor": ([1],), "tensor": ([1],), "empty": (2,), "zeros": (2,)}.items()},
    "like": lambda lib: lib.ones_like(lib.ones(2), device="cuda"), "to None": lambda lib: lib.ones(2).to(None).device,
    "new": lambda lib: lib.ones(1).new_zeros(2, device="cuda"), "to=": lambda lib: lib.ones(2).to(device="cuda"),
    "made on cuda": lambda lib: lib.nn.Linear(2, 2, device="cuda"),
    "parameter": lambda lib: lib.nn.Parameter(lib.ones(2)).cuda(),
    "tensor": lambda lib: lib.ones(2, device="cuda"), "to": lambda lib: lib.ones(2).to("cuda:0"),
    "cuda()": lambda lib: lib.ones(2).cuda(), "cuda('cpu')": lambda lib: lib.ones(2).cuda("cpu"),
    "to 0": lambda lib: lib.ones(2).to(0), "module": lambda lib: lib.nn.Linear(2, 2).cuda(),
    "to mps": lambda lib: lib.ones(2).to("mps"), "pin": lambda lib: lib.ones(2).pin_memory(),
    "pinned": lambda lib: lib.ones(2).is_pinned(), "index": lambda lib: lib.ones(2).get_device(),
    **{f"cuda.{name}()": (lambda lib, name=name: getattr(lib.cuda, name)()) for name in (
        "is_available", "device_count", "current_device", "init", "is_initialized", "synchronize", "empty_cache",
        "memory_allocated", "max_memory_allocated", "memory_cached", "max_memory_cached",
        "memory_reserved", "max_memory_reserved", "memory_stats",
        "mem_get_info", "get_device_name", "get_device_capability", "get_device_properties", "current_stream",
        "default_stream", "seed", "seed_all", "initial_seed", "get_rng_state", "get_rng_state_all", "get_arch_list",
        "get_gencode_flags", "is_bf16_supported", "is_tf32_supported", "Stream", "Event", "FloatTensor",
        "ipc_collect", "memory_stats_as_nested_dict", "memory_summary", "reset_peak_memory_stats",
        "reset_max_memory_allocated", "reset_max_memory_cached", "host_memory_stats", "host_memory_stats_as_nested_dict",
        "list_gpu_processes", "get_allocator_backend", "get_per_process_memory_fraction", "get_sync_debug_mode",
        "clock_rate", "temperature", "power_draw", "utilization", "memory_usage", "device_memory_used",
        "is_current_stream_capturing")},
    **{f"cuda.{name}.{function}": (lambda lib, name=name, function=function, given=given:
                                   getattr(getattr(lib.cuda, name), function)(*given))
       for name, function, *given in (("nvtx", "range_push", "a"), ("nvtx", "range_pop"), ("nvtx", "mark", "a"),
                                      ("profiler", "start"), ("profiler", "stop"), ("memory", "memory_allocated"))},
    "nvtx.range": lambda lib: lib.cuda.nvtx.range("a").__enter__(), "status": lambda lib: vars(lib.cuda.cudaStatus)["SUCCESS"],
    "profile": lambda lib: lib.cuda.profiler.profile().__enter__(),
    "sync mode": lambda lib: lib.cuda.set_sync_debug_mode("warn"), "foreign": lambda lib: lib.cuda.get_stream_from_external(1),
    "errors": lambda lib: [(e.__name__, e.__module__, e.__mro__[1:]) for e in (
        lib.AcceleratorError, lib.OutOfMemoryError, lib.cuda.AcceleratorError, lib.cuda.OutOfMemoryError,
        lib.cuda.DeferredCudaCallError)],
    **{f"cuda.{name}": (lambda lib, name=name: getattr(lib.cuda, name)([1])) for name in (
        "FloatTensor", "DoubleTensor", "HalfTensor", "LongTensor", "IntTensor", "ByteTensor", "BoolTensor")},
    "manual_seed": lambda lib: lib.cuda.manual_seed(1), "seed all": lambda lib: lib.cuda.manual_seed_all(1),
    "set_device(-1)": lambda lib: lib.cuda.set_device(-1), "set_device(cpu)": lambda lib: lib.cuda.set_device("cpu"),
    "device(0)": lambda lib: lib.cuda.device(0).__enter__(), "device(-1)": lambda lib: lib.cuda.device(-1).__enter__(),
    "device(cpu)": lambda lib: lib.cuda.device("cpu"), "stream": lambda lib: lib.cuda.stream(None).__enter__(),
    "name": lambda lib: lib.cuda.get_device_name(0), "is it": lambda lib: isinstance(lib.ones(1), lib.cuda.FloatTensor),
    "built": lambda lib: lib.backends.cuda.is_built(), "mps": lambda lib: lib.backends.mps.is_available(),
    "cudnn": lambda lib: (lib.backends.cudnn.is_available(), lib.backends.cudnn.version()),
}  # fmt: skip


@pytest.mark.parametrize("name", DEVICES)
def test_devices_are_spelled_as_in_torch(name):
    expected, got = said(lambda: DEVICES[name](torch)), said(lambda: DEVICES[name](minigrad))
    assert got == expected or "Error" in expected and got.startswith(expected + "\n")


@pytest.mark.parametrize("name", NO_GPU)
def test_without_a_gpu_the_answers_are_torchs(name):
    if torch.cuda.is_available() or minigrad.cuda.is_available():
        return  # this machine has what the test says is missing
    expected, got = said(lambda: NO_GPU[name](torch)), said(lambda: NO_GPU[name](minigrad))
    assert got == expected or "Error" in expected and got.startswith(expected + "\n")


def test_the_reason_for_no_gpu_is_told():
    if not minigrad.cuda.is_available():
        with pytest.raises(AssertionError, match=r"not usable here \(.+\); install minigrad\[cuda12\]"):
            minigrad.ones(2, device="cuda")


def test_operands_on_two_devices_are_refused():
    x, y = minigrad.ones(2), minigrad.ones(2, device="strict")
    for program in (lambda: x + y, lambda: minigrad.cat([x, y]), lambda: x.dot(y)):
        with pytest.raises(RuntimeError, match="Expected all tensors to be on the same device, but found at least two "
                                               "devices, cpu and strict!"):
            program()
    assert (minigrad.tensor(2.0) * y).tolist() == [2, 2]  # a 0-d tensor of the CPU goes along


def test_gradients_travel_back_over_devices():
    x = minigrad.arange(3.0, requires_grad=True)
    y = (x.to("strict") ** 2).to("torch") * 3
    (slope,) = minigrad.autograd.grad(y.sum(), x, create_graph=True)
    assert str(y.device) == "torch" and str(slope.device) == "cpu" and slope.tolist() == [0, 6, 12]
    slope.sum().backward()
    assert x.grad.tolist() == [6, 6, 6] and x.grad.device is minigrad.device("cpu")


def test_the_default_device():
    with minigrad.device("strict"):
        made = [minigrad.ones(2), minigrad.tensor([1.0]), minigrad.arange(3), minigrad.rand(2), minigrad.eye(2),
                minigrad.nn.Linear(2, 2).weight]  # fmt: skip
    assert {str(x.device) for x in made} == {"strict"} and str(minigrad.ones(1).device) == "cpu"


def test_the_cpu_can_compute_with_any_backend():
    """What --backend does: tensors are the CPU's, their arrays another library's; a misspelt name is refused."""
    code = ("import minigrad as torch; torch.manual_seed(1); a = torch.rand(3).tolist(); torch.backends.use('strict'); "
            "torch.manual_seed(1); x = torch.rand(3); print(x.tolist() == a, x.device, type(x._data).__module__); "
            "torch.backends.use('numpy'); print(type(torch.rand(3)._data).__module__); torch.backends.use('numpie')")
    with pytest.raises(AssertionError, match="ValueError: no backend named numpie; there are cpu, cuda"):
        run(code)
    assert run(code.rpartition(";")[0]) == "True cpu minigrad.backends.strict\nnumpy\n"


# ---- the strict stand-in --------------------------------------------------------------------------------------------

REFUSED = {
    "NumPy operand": lambda a: a + np.ones(2), "NumPy on the left": lambda a: np.ones(2) + a,
    "list operand": lambda a: strict.load().add(a, [1.0, 2.0]), "to NumPy": np.asarray,
    "NumPy index": lambda a: a[np.array([0])], "NumPy value": lambda a: a.__setitem__(0, np.ones(1)),
    "where=": lambda a: strict.load().sum(a, where=a > 0),
    "NumPy function": lambda a: strict.load().maximum(a, np.ones(2)),
    "into from_host": lambda a: strict.load().from_host(a),
    "mode=": lambda a: strict.load().take(a, strict.load().asarray(0), mode="clip"),
    "NumPy's name of a parameter": lambda a: strict.load().clip(a, min=0, max=1),
    "too many arguments": lambda a: strict.load().swapaxes(a, 0, 0, 0),
    "list for an array": lambda a: strict.load().sum([1.0, 2.0]), "host array": lambda a: strict.load().sum(np.ones(2)),
    "number for a condition": lambda a: strict.load().where(True, a, a),
    "numbers among arrays": lambda a: strict.load().stack([a, 1.0]), "list value": lambda a: a.__setitem__(0, [1.0]),
    "array as an index of Python's": lambda a: [1, 2][strict.load().asarray(1)],
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_the_stand_in_refuses(name):
    with pytest.raises(TypeError):
        REFUSED[name](strict.load().from_host(np.ones(2)))


@pytest.mark.parametrize("call", [
    lambda xp, a: xp.repeat(a, xp.asarray([1, 2])),
    lambda xp, a: xp.linalg.solve(xp.eye(2), xp.ones((3, 2, 1))),
])  # fmt: skip
def test_the_stand_in_refuses_values_that_cupy_refuses(call):
    with pytest.raises(ValueError):
        call(strict.load(), strict.load().from_host(np.ones(2)))


def test_the_stand_in_lacks_what_cupy_lacks():
    for name in ("spacing", "errstate", "vecdot"):
        with pytest.raises(AttributeError, match="cupy"):
            getattr(strict.Library(), name)
    with pytest.raises(AttributeError, match="cupy"):
        strict.Library().linalg.matrix_norm


def test_the_stand_in_wraps_indices_around():
    assert strict.load().from_host(np.arange(3.0))[strict.load().from_host(np.array([4]))].inner.tolist() == [1.0]


def training_step(lib, device):
    """One step of a small convolutional net."""
    lib.manual_seed(0)
    net = lib.nn.Sequential(
        lib.nn.Conv2d(1, 4, 3), lib.nn.BatchNorm2d(4), lib.nn.ReLU(), lib.nn.MaxPool2d(2), lib.nn.Flatten(),
        lib.nn.Linear(36, 10)).to(device)  # fmt: skip
    optimizer = lib.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    x, y = lib.randn(5, 1, 8, 8).to(device), (lib.arange(5) % 10).to(device)
    before = vars(strict.counts).copy()
    loss = lib.nn.functional.mse_loss(net(x), lib.ones(5, 10, device=device))
    loss.backward()
    optimizer.step()
    spent = {key: value - before[key] for key, value in vars(strict.counts).items()}
    return [p.detach().cpu().numpy() for p in net.parameters()], spent, y


@pytest.mark.parametrize("device", ["strict", "torch"])
def test_a_step_is_the_same_on_every_backend(device):
    for a, b in zip(training_step(minigrad, "cpu")[0], training_step(minigrad, device)[0]):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def test_a_step_never_waits_for_the_device():
    spent = training_step(minigrad, "strict")[1]
    assert spent["synchronizations"] == 0 and spent["kernels"] > 0


# ---- kernels and formulas of a backend's own ------------------------------------------------------------------------


def test_the_torch_kernels_agree_to_the_bit():
    """The first promise of that backend, and its figure: at least 95 % of the ops, values and first gradients."""
    command = [sys.executable, "-m", "parity_tests", "--source", "cases", "--backend", "torch",
               "--dtype", "float32", "--order", "1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PACKAGE.parent)
    shares = [float(x) for x in re.findall(r"\(([\d.]+) %\)", done.stdout)]
    assert len(shares) == 2 and min(shares) >= 95, done.stdout[-3000:] + done.stderr[-1000:]
    assert done.returncode == 0, done.stdout[-3000:]


def own_names():
    """(backend, op, input, formula or None for a kernel) of what the backends bring of their own"""
    loaded = [("torch", backend_for("torch", 0)), ("strict", strict.load())]
    for name, backend in loaded:
        yield from ((name, op, "", None) for op in backend.kernels)
        yield from ((name, op, x, f) for op, own in backend.formulas.items() for x, f in own.items())


def test_every_name_is_an_ops():
    """A kernel or formula of a misspelt name, or of other parameters, would never be used."""
    for module in modules():
        importlib.import_module(".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts))
    ops = {}
    for op in [cls.op for cls in OpNode.__subclasses__() if cls.op]:
        ops.setdefault(op.name, []).append(op)
    for name, op, input, formula in own_names():
        assert op in ops, f"{name}: no op is called {op}"
        if formula is not None:
            assert any(one.fits(input, formula) for one in ops[op]), f"{name}: {op}, {input}"


def test_a_formula_of_its_own_serves_arrays_and_leaves_tensors_to_the_declared_one(monkeypatch):
    @pointwise("FourthBackward0")
    def fourth(input):
        return input**4

    fourth.vjp(input=lambda g, input: g * 4 * input**3)
    seven = {"input": lambda g, input: g * 7 if input.ndim else NotImplemented}
    monkeypatch.setattr(strict.StrictBackend, "formulas", {"fourth": seven})
    for device, values, recorded, expected in (("strict", [2.0], False, 7), ("strict", [2.0], True, 32),
                                               ("strict", 2.0, False, 32)):  # fmt: skip
        x = minigrad.tensor(values, device=device, requires_grad=True)
        (slope,) = minigrad.autograd.grad(fourth(x).sum(), x, create_graph=recorded)
        assert slope.sum().item() == expected
    (curvature,) = minigrad.autograd.grad(minigrad.autograd.grad(fourth(x).sum(), x, create_graph=True)[0].sum(), x)
    assert curvature.item() == 48


def test_a_kernel_of_its_own_may_leave_a_call_to_the_ops(monkeypatch):
    @pointwise("HalfBackward0")
    def half(input):
        return input / 2

    monkeypatch.setattr(strict.StrictBackend, "kernels", {"half": lambda x: x * 0 if x.ndim else NotImplemented})
    assert half(minigrad.ones(1, device="strict")).item() == 0 and half(minigrad.ones((), device="strict")).item() == 0.5


# ---- backends of other packages -------------------------------------------------------------------------------------


def test_a_package_brings_a_backend_by_an_entry_point(tmp_path):
    (tmp_path / "mylib.py").write_text(
        "from minigrad.backends.strict import StrictBackend, Array\n"
        "class Mine(Array): __slots__ = ()\n"
        "class Backend(StrictBackend): array_types = (Mine,)\n"
        "def load(index): print('loaded', index); return Backend()\n")
    info = tmp_path / "mylib-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mylib\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[minigrad.backends]\nmydevice = mylib:load\n")
    code = "import minigrad; print('imported'); print(type(minigrad.device('mydevice:2').backend).__name__)"
    assert run(code, path=[str(tmp_path)]) == "imported\nloaded 2\nBackend\n"
