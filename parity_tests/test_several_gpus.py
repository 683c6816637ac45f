"""Several GPUs, on the stand-in for CuPy with two: it refuses arrays of a GPU that is not in use (parity_tests/fake_cupy).

Expected values are torch's on the CPU, where every device is one.  Needs a C++ compiler, as test_cuda_source.py does.
"""

import pytest

from parity_tests.host_cuda import on_stand_in

START = """
import io, threading, warnings
import torch as reference
import minigrad as torch
warnings.simplefilter("error")
F = torch.nn.functional
def refused(program):
    try:
        program()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
def at(x):
    "The GPU that a tensor says it is on, and its memory is on"
    assert x._data.device.id == x.device.index, (x.device, x._data.device)
    return x.device.index
"""

HALVES = """
class Halves(torch.nn.Module):
    "Two halves, on one device or on two"
    def __init__(self, first, second):
        super().__init__()
        nn, self.first, self.second = torch.nn, first, second
        self.a = nn.Sequential(nn.Conv2d(1, 3, 3, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                               nn.Linear(12, 8), nn.GELU(), nn.Dropout(0.0)).double().to(first)
        self.b = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3)).double().to(second)
    def forward(self, x):
        return self.b(self.a(x.to(self.first)).to(self.second))
def halves(*devices):
    torch.manual_seed(0)
    return Halves(*devices)
torch.manual_seed(1)
images, labels = torch.randn(6, 1, 6, 6).double(), torch.arange(6) % 3
"""

PROGRAMS = {
    "names of devices": """
assert torch.cuda.device_count() == 2 and torch.cuda.current_device() == 0
a, b = torch.ones(2, device="cuda"), torch.ones(2, device="cuda:1")
assert (at(a), at(b)) == (0, 1) and torch.device("cuda") != torch.device("cuda:0")
with torch.cuda.device(1):
    assert torch.cuda.current_device() == 1
    assert [at(x) for x in (torch.ones(2, device="cuda"), torch.ones(2).cuda(), torch.rand(2, device="cuda"),
                            torch.tensor([1.0], device="cuda"), torch.nn.Linear(2, 2).cuda().weight, a.cuda(), b.cuda(0),
                            torch.ones_like(a), a + 1, torch.arange(3, device="cuda"))] == [1, 1, 1, 1, 1, 1, 0, 0, 0, 1]
    with torch.cuda.device("cuda:0"):
        assert torch.cuda.current_device() == 0
    assert torch.cuda.current_device() == 1
with torch.cuda.device_of(b):
    assert torch.cuda.current_device() == 1
torch.cuda.set_device("cuda:1")
assert at(torch.ones(1, device="cuda")) == at(a.to("cuda")) == at(a.to(1)) == at(a.to(b)) == at(b.new_zeros(2)) == 1
assert refused(lambda: torch.cuda.set_device(2)) == refused(lambda: torch.ones(1, device="cuda:2")) == (
    "AcceleratorError: CUDA error: invalid device ordinal") and torch.cuda.current_device() == 1
with torch.device("cuda:0"):
    assert at(torch.ones(1)) == at(torch.linspace(0, 1, 5)) == at(torch.nn.Linear(2, 2).bias) == 0
""",
    "copies": """
x = torch.arange(24.0).reshape(2, 3, 4).to("cuda:0")
for y in (x, x[:, 1], x.transpose(0, 2), x.expand(2, 2, 3, 4), x[:0], x[0, 0, 0], x.to(torch.int64), x > 3):
    z = y.to("cuda:1")
    assert at(z) == 1 and z.tolist() == y.tolist() and z.dtype is y.dtype
    assert z.stride() == torch.empty_like(y).stride()
    z.fill_(7)
    assert (y.tolist() == z.tolist()) == (not y.numel())
w = torch.zeros(2, 3, 4, device="cuda:1")
w.copy_(x)
w[0, 1] = x[1, 2]
w[1].copy_(x[0].t().contiguous().t())
assert at(w) == 1 and w[0, 1].tolist() == x[1, 2].tolist() and w[1].tolist() == x[0].tolist()
assert x.to("cuda:0") is x and at(x.to("cuda:1").to("cpu").cuda()) == 0
w.data = x
assert at(w) == 0
""",
    "different devices": """
a, b = torch.ones(2, 2, device="cuda:0"), torch.ones(2, 2, device="cuda:1")
said = "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cuda:1!"
for both in (lambda: a + b, lambda: a @ b, lambda: torch.cat([a, b]), lambda: torch.stack([a, b]), lambda: a.add_(b),
             lambda: torch.where(a > 0, a, b), lambda: F.linear(a, b), lambda: F.mse_loss(a, b), lambda: torch.dot(a[0], b[0]),
             lambda: torch.maximum(a, b), lambda: torch.lerp(a, b, 0.5), lambda: torch.addmm(a, b, b),
             lambda: torch.equal(a, b), lambda: torch.allclose(a, b)):
    assert refused(both) == said, (refused(both), both.__code__.co_firstlineno)
assert at(b + torch.tensor(1.0)) == 1 and at(torch.tensor(2.0) * b) == 1
assert "at least two devices, cuda:0 and cuda:1!" in refused(lambda: a * torch.tensor(2.0, device="cuda:1"))
a.requires_grad_()
assert "same device" in refused(lambda: setattr(a, "grad", b)) and a.grad is None
""",
    "two halves": """
LOOP = [("SGD", {}), ("SGD", dict(momentum=0.9, nesterov=True)), ("Adam", {}), ("AdamW", dict(amsgrad=True)),
        ("RMSprop", dict(momentum=0.5)), ("Adagrad", {}), ("NAdam", {}), ("Rprop", {}), ("Adadelta", {}), ("ASGD", {})]
for name, options in LOOP:
    found = []
    for net in (halves("cpu", "cpu"), halves("cuda:0", "cuda:1")):
        optimizer = getattr(torch.optim, name)(net.parameters(), lr=0.1, **options)
        for _ in range(3):
            optimizer.zero_grad()
            out = net(images)
            loss = F.cross_entropy(out, labels.to(out.device))
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
            optimizer.step()
        found.append((net, loss, norm))
    (net, loss, norm), (split, loss2, norm2) = found
    assert [at(p) for p in split.parameters()] == [at(p.grad) for p in split.parameters()] == [0] * 5 + [1] * 6
    states = [x for p in split.parameters() for x in optimizer.state[p].values()
              if isinstance(x, torch.Tensor) and x.shape and at(x) != at(p)]
    assert not states and at(loss2) == 1 and at(norm2) == 0 and at(split.a[1].running_mean) == 0
    for p, q in zip([loss, norm, *net.parameters(), *net.buffers()], [loss2, norm2, *split.parameters(), *split.buffers()]):
        torch.testing.assert_close(p, q.cpu(), rtol=1e-9, atol=1e-9)
""",
    "backward where another gpu is in use": """
found = []
def train(devices):
    net = halves(*devices)
    inside = net.a(images.to(net.first))
    x = inside.detach().requires_grad_()
    y = (x * x).sum() + net.b(x.to(net.second)).exp().sum().to(net.first)
    (slope,) = torch.autograd.grad(y, x, create_graph=True)
    ((slope**2).sum() + inside.sum()).backward()
    found.append([x.grad, *(p.grad for p in net.parameters())])
train(("cpu", "cpu"))
def work(used, devices):
    torch.cuda.set_device(used)
    train(devices)
    found[-1].append(torch.cuda.current_device())
for used in (0, 1):
    for devices in (("cuda:0", "cuda:1"), ("cuda:1", "cuda:0"), ("cuda:0", "cuda:0")):
        thread = threading.Thread(target=work, args=(used, devices))
        thread.start(); thread.join()
        *grads, last = found.pop()
        assert last == used and torch.cuda.current_device() == 0
        for g, h in zip(found[0], grads, strict=True):
            assert (g is None) == (h is None)
            if g is not None:
                torch.testing.assert_close(g, h.cpu(), rtol=1e-9, atol=1e-9)
                at(h)
""",
    "many ways to one leaf": """
x, w = torch.ones(3, device="cuda:0", requires_grad=True), torch.full((3,), 2.0, device="cuda:1", requires_grad=True)
seen = []
x.register_hook(lambda g: seen.append(at(g)))
y = x.to("cuda:1")
y.register_hook(lambda g: seen.append(at(g)))
z = (y * w).sum() + x.to("cuda:1").sum() + (x * 3).sum().to("cuda:1") + (x.to("cuda:1").cuda(0) * 5).to(1).sum()
torch.cuda.set_device(1)
z.backward()
assert x.grad.tolist() == [11, 11, 11] and w.grad.tolist() == [1, 1, 1] and (at(x.grad), at(w.grad)) == (0, 1)
torch.autograd.backward([(x * x).sum(), (w * w).sum()])
assert x.grad.tolist() == [13, 13, 13] and w.grad.tolist() == [5, 5, 5] and seen == [1, 0, 0]
class Cross(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b.to(a.device)
    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        assert (at(a), at(b)) == (0, 1)
        return g * b.to(a.device), (g * a).to(b.device)
v = x.detach().requires_grad_()
for _ in range(2):
    (Cross.apply(v, w) + v).sum().backward()
assert v.grad.tolist() == [6, 6, 6] and w.grad.tolist() == [7, 7, 7] and (at(v.grad), at(w.grad)) == (0, 1)
(torch.utils.checkpoint.checkpoint(lambda a: (a.to("cuda:1") * w).to("cuda:0"), v, use_reentrant=False)).sum().backward()
assert v.grad.tolist() == [8, 8, 8] and w.grad.tolist() == [8, 8, 8]
""",
    "random streams": """
torch.manual_seed(3)
a, b, c = torch.rand(3, device="cuda:0"), torch.rand(3, device="cuda:1"), torch.rand(3, device="cuda:0")
assert a.tolist() == b.tolist() != c.tolist()
torch.cuda.manual_seed(5)
with torch.cuda.device(1):
    assert torch.cuda.initial_seed() == 3
    torch.cuda.manual_seed(7)
assert torch.cuda.initial_seed() == 5
states = torch.cuda.get_rng_state_all()
first = [torch.randn(4, device=f"cuda:{i}").tolist() for i in (0, 1)]
torch.cuda.set_rng_state_all(states)
assert [torch.randn(4, device=f"cuda:{i}").tolist() for i in (0, 1)] == first and first[0] != first[1]
torch.cuda.manual_seed_all(9)
assert torch.cuda.get_rng_state("cuda:1").tolist() == torch.cuda.get_rng_state(0).tolist()
g = torch.Generator(device="cuda:1").manual_seed(3)
assert torch.rand(3, device="cuda:1", generator=g).tolist() == a.tolist() and g.device == torch.device("cuda:1")
assert torch.Generator("cuda").device == torch.device("cuda:0")
torch.cuda.set_device(1)
x = torch.empty(5, 4, device="cuda:0")
for fill in ("normal_", "uniform_", "exponential_", "cauchy_", "log_normal_", "bernoulli_", "random_"):
    at(getattr(x, fill)())
    at(getattr(x.t(), fill)())
at(torch.randperm(5, device="cuda:0")), at(torch.multinomial(x.abs() + 1, 2)), at(torch.bernoulli(x.clamp(0, 1)))
at(F.dropout(x, 0.5)), at(torch.randint(0, 5, (3,), device="cuda:0"))
at(torch.normal(x, x.abs() + 1)), at(torch.poisson(x.abs()))
with torch.random.fork_rng():
    torch.rand(3, device="cuda:0")
""",
    "saving and loading": """
net, one = halves("cuda:0", "cuda:1"), halves("cpu", "cpu")
buffer = io.BytesIO()
torch.save(net.state_dict(), buffer)
def loaded(where):
    return torch.load(io.BytesIO(buffer.getvalue()), map_location=where)
def devices(state):
    return sorted({str(x.device) for x in state.values()})
assert devices(loaded(None)) == ["cuda:0", "cuda:1"] and devices(loaded("cpu")) == ["cpu"]
assert devices(loaded("cuda:1")) == ["cuda:1"] == devices(loaded({"cuda:0": "cuda:1"}))
assert devices(loaded(lambda storage, location: storage.cuda(0))) == ["cuda:0"]
back = reference.load(io.BytesIO(buffer.getvalue()), map_location="cpu")
for name, value in net.state_dict().items():
    assert back[name].tolist() == value.tolist() == one.state_dict()[name].tolist()
swapped = halves("cuda:1", "cuda:0")
for state in (loaded(None), loaded("cpu"), one.state_dict()):
    for p in swapped.parameters():
        p.data.zero_()
    swapped.load_state_dict(state)
    assert [at(p) for p in swapped.parameters()] == [1] * 5 + [0] * 6
    assert all(p.tolist() == q.tolist() for p, q in zip(swapped.parameters(), one.parameters()))
optimizer, other = torch.optim.Adam(net.parameters()), torch.optim.Adam(swapped.parameters())
net(images).sum().backward(); optimizer.step()
other.load_state_dict(optimizer.state_dict())
assert all(at(other.state[p]["exp_avg"]) == at(p) for p in swapped.parameters())
swapped(images).sum().backward(); other.step()
import copy, pickle
assert [at(p) for p in copy.deepcopy(net).parameters()] == [at(p) for p in net.parameters()]
moved = pickle.loads(pickle.dumps(net.b[1].weight))
assert at(moved) == 1 and moved.tolist() == net.b[1].weight.tolist()
assert {at(p) for p in net.to("cuda:1").parameters()} == {1} == {at(b) for b in net.buffers()}
""",
    "scaling and clipping": """
net = halves("cuda:0", "cuda:1")
optimizer, scaler = torch.optim.SGD(net.parameters(), lr=0.1), torch.amp.GradScaler("cuda", init_scale=4.0)
before = [p.detach().clone() for p in net.parameters()]
scaler.scale(net(images).sum()).backward()
net.b[3].bias.grad[0] += float("inf")
scaler.unscale_(optimizer)
net.b[3].bias.grad.fill_(6)
one = halves("cpu", "cpu")
one(images).sum().backward()
for p, q in zip(one.parameters(), net.parameters()):
    torch.testing.assert_close(p.grad, q.grad.cpu())
norms = [torch.nn.utils.get_total_norm([p.grad for p in x.parameters()]) for x in (one, net)]
torch.testing.assert_close(norms[0], norms[1].cpu())
torch.nn.utils.clip_grad_value_(net.parameters(), 0.1)
scaler.step(optimizer)
scaler.update()
assert scaler.get_scale() == 2.0 and all(p.equal(q) for p, q in zip(before, net.parameters()))
vector = torch.nn.utils.parameters_to_vector(net.b.parameters())
assert at(vector) == 1
""",
    "queues and memory": """
assert torch.cuda.memory_allocated(0) == torch.cuda.memory_allocated(1) == 0
x = torch.ones(1000, device="cuda:1")
assert torch.cuda.memory_allocated(0) == 0 and torch.cuda.memory_allocated("cuda:1") >= 4000
assert torch.cuda.mem_get_info(1)[0] < torch.cuda.mem_get_info(0)[0] == torch.cuda.mem_get_info(0)[1]
del x
assert torch.cuda.memory_allocated(1) == 0 < torch.cuda.memory_reserved(1)
torch.cuda.empty_cache()
assert torch.cuda.memory_reserved(1) == 0 and torch.cuda.max_memory_reserved(1) >= 4000
s, t = torch.cuda.Stream(1), torch.cuda.Stream()
assert (s.device, t.device) == (torch.device("cuda:1"), torch.device("cuda:0")) and s != t
assert torch.cuda.default_stream(0) != torch.cuda.default_stream(1) == torch.cuda.current_stream(1)
with torch.cuda.stream(s):
    assert torch.cuda.current_device() == 1 and torch.cuda.current_stream() == s
    event = torch.cuda.Event(enable_timing=True)
    event.record()
    with torch.cuda.stream(t):
        assert torch.cuda.current_device() == 0 and torch.cuda.current_stream(1) == s
        event.wait()
    assert torch.cuda.current_stream() == s
assert torch.cuda.current_device() == 0 and torch.cuda.current_stream(1) != s and torch.cuda.current_stream(0) != t
other = torch.cuda.Event(enable_timing=True)
assert other.query() and "must be recorded" in refused(lambda: event.elapsed_time(other))
other.record(s)
assert event.elapsed_time(other) == 0.0 and "Event device 1 does not match" in refused(lambda: other.record(t))
t.wait_stream(s); s.wait_event(event); event.synchronize(); s.synchronize(); t.query()
torch.cuda.set_stream(s)
assert torch.cuda.current_device() == 1
foreign = torch.cuda.get_stream_from_external(64, "cuda:0")
with torch.cuda.stream(foreign):
    assert torch.cuda.current_stream() == foreign and torch.cuda.current_device() == 0
""",
    "what is asked now and then": """
import cupy, sys, types
torch.cuda.set_per_process_memory_fraction(2**-10, 1)
assert [torch.cuda.get_per_process_memory_fraction(i) for i in (0, 1)] == [1.0, 2**-10]
said = "OutOfMemoryError: CUDA out of memory. Tried to allocate 4.00 MiB. GPU 1 has a total capacity of 1024.00 MiB of "
assert refused(lambda: torch.ones(2**20, device="cuda:1")).startswith(said)
try:
    torch.ones(2**20, device="cuda:1")
except torch.cuda.OutOfMemoryError as error:
    assert isinstance(error, torch.OutOfMemoryError) and torch.cuda.current_device() == 0
x = torch.ones(2048, device="cuda:1")
stats = torch.cuda.memory_stats_as_nested_dict(1)
assert stats["allocated_bytes"]["all"]["current"] == torch.cuda.memory_stats(1)["allocated_bytes.all.current"] >= 8192
assert "device ID 1" in torch.cuda.memory_summary(1) and "      8 KiB" in torch.cuda.memory_summary(1)
del x
torch.cuda.reset_peak_memory_stats(1)
assert torch.cuda.max_memory_allocated(1) == 0
with torch.cuda.nvtx.range("step {}", 1):
    assert torch.cuda.nvtx.range_push("inner") == 1 and torch.cuda.nvtx.range_pop() == 1
with torch.cuda.profiler.profile():
    torch.cuda.nvtx.mark("here")
assert cupy.cuda.profiled == ["step 1", "inner", "pop", "pop", "start", "here", "stop"]
y = torch.ones(1, device="cuda:1")
torch.cuda.set_sync_debug_mode("error")
assert torch.cuda.get_sync_debug_mode() == 2
assert refused(y.item) == refused(y.cpu) == "RuntimeError: called a synchronizing CUDA operation"
at(y.to("cuda:0") + 1)
torch.cuda.set_sync_debug_mode(1)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    y.tolist()
assert [str(w.message) for w in seen] == ["called a synchronizing CUDA operation"]
assert torch.cuda.is_current_stream_capturing() is False and torch.cuda.get_allocator_backend() == "cupy"
facts = types.SimpleNamespace
sys.modules["minigrad.cuda.nvml"].pynvml = facts(
    nvmlInit=lambda: None, NVMLError_DriverNotLoaded=KeyError, nvmlDeviceGetHandleByPciBusId=lambda bus: int(bus[6]),
    nvmlDeviceGetUtilizationRates=lambda gpu: facts(gpu=7 + gpu, memory=3), nvmlDeviceGetTemperature=lambda gpu, kind: 60 + gpu,
    nvmlDeviceGetComputeRunningProcesses=lambda gpu: [facts(pid=5, usedGpuMemory=2**20)] * gpu)
assert (torch.cuda.utilization(1), torch.cuda.memory_usage(), torch.cuda.temperature("cuda:1")) == (8, 3, 61)
assert torch.cuda.list_gpu_processes(0) == "GPU:0\\nno processes are running"
assert torch.cuda.list_gpu_processes(1) == "GPU:1\\nprocess          5 uses        1.000 MB GPU memory"
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_two_gpus(name):
    said = on_stand_in("-c", START + HALVES + PROGRAMS[name] + "print('done')", gpus=2)
    assert said is None or said == "done\n"


def test_no_op_depends_on_which_gpu_is_in_use():
    said = on_stand_in("-m", "parity_tests", "--source", "cases", "--backend", "cupy", "--dtype", "float32", "--order", "1",
                       gpus=2, used=1)  # fmt: skip
    assert said is None or ", 0 failed" in said.splitlines()[-1], said[-3000:]
