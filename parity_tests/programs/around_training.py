"""What programs ask for around training: devices, switches, mixed precision, compilation, close values."""
import math
import random

import torch
import torch.nn as nn
from torch.autograd import Variable
from torch.cuda.amp import GradScaler as OldScaler
from torch.cuda.amp import autocast as old_autocast


def seed_everything(seed):
    random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.use_deterministic_algorithms(True, warn_only=True)


seed_everything(42)
device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
print(device, torch.accelerator.is_available(), torch.version.cuda, torch.are_deterministic_algorithms_enabled())
torch.use_deterministic_algorithms(False)
torch.set_float32_matmul_precision("high")
print(torch.get_float32_matmul_precision(), torch.get_num_threads() > 0, torch.pi == math.pi, torch.inf, torch.nan)
torch.set_float32_matmul_precision("highest")
print(torch.typename(nn.Linear(1, 1)), torch.typename(torch.ones(1)), torch.is_autocast_enabled())
print(Variable(torch.ones(2), requires_grad=True), isinstance(torch.ones(1), Variable))
print(torch.zeros(2, dtype=int), torch.ones(2, dtype=float), torch.tensor([0, 1], dtype=bool), torch.ones(2).to(int))

net, x = nn.Linear(3, 2), torch.ones(4, 3)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
use_amp = torch.cuda.is_available()
for scaler in (torch.amp.GradScaler("cuda", enabled=use_amp), OldScaler(enabled=use_amp),
               torch.amp.GradScaler("cpu", init_scale=8.0, growth_interval=2)):
    for _ in range(2):
        with torch.autocast(device_type="cpu", enabled=False), old_autocast(enabled=use_amp):
            loss = net(x).pow(2).mean()
        optimizer.zero_grad()
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        print(nn.utils.clip_grad_norm_(net.parameters(), 1.0))
        scaler.step(optimizer)
        scaler.update()
    print(net.bias, scaler.is_enabled(), scaler.get_scale(), scaler.state_dict())
net.bias.grad[0] = torch.inf
before = net.bias.clone()
scaler.step(optimizer)
scaler.update()
print(torch.equal(before, net.bias), scaler.get_scale())


@torch.compile(backend="eager")
def squared(x):
    return x * x


compiled = torch.compile(net, backend="eager")
print(squared(x)[0], torch.equal(compiled(x), net(x)), compiled, list(compiled.state_dict()), compiled.bias is net.bias)


def fails(program):
    try:
        print("close", program())
    except Exception as error:
        print(type(error).__name__, error)


close, ones = torch.testing.assert_close, torch.ones(2)
fails(lambda: close(ones, ones + 1e-7))
fails(lambda: close(torch.ones(2, 3), torch.zeros(2, 3)))
fails(lambda: close(torch.tensor([1, 2, 3]), torch.tensor([1, 3, 5])))
fails(lambda: close(ones, torch.ones(3)))
fails(lambda: close(ones, ones.double()))
fails(lambda: close(ones, ones.double(), check_dtype=False))
fails(lambda: close({"a": [ones, ones]}, {"a": [ones, ones * 2]}))
fails(lambda: close({"a": ones}, {"b": ones}))
fails(lambda: close([1], [1, 2]))
fails(lambda: close(1.0, 1.1))
fails(lambda: close(3, 4))
fails(lambda: close(torch.tensor(1.0), torch.tensor(1.5), rtol=0, atol=0.1))
fails(lambda: close(torch.tensor([torch.nan]), torch.tensor([torch.nan])))
fails(lambda: close(torch.tensor([torch.nan]), torch.tensor([torch.nan]), equal_nan=True))
fails(lambda: close(ones, 1.0))
fails(lambda: close(ones, ones * 2, rtol=0.1))
fails(lambda: close(ones, ones * 2, msg="my own words"))
fails(lambda: close(1, 2, msg=lambda text: "before: " + text))
