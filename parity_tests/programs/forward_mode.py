"""What programs do with forward mode: products with Jacobians and Hessians, nets on dual parameters, forward gradients."""
from functools import partial

import torch
import torch.autograd.forward_ad as fwAD
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call, grad, hessian, jacfwd, jvp

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
inputs, targets = torch.randn(5, 3), torch.randn(5, 1)
params = dict(net.named_parameters())
directions = {name: torch.randn_like(p) for name, p in params.items()}
plain = {name: p.detach() for name, p in params.items()}


def loss(p):
    return ((functional_call(net, p, (inputs,)) - targets) ** 2).mean()


# ---- a slope along a direction, and the Hessian along it, in three ways
print(jvp(loss, (plain,), (directions,)))
print({name: v.norm() for name, v in jvp(grad(loss), (plain,), (directions,))[1].items()})
with fwAD.dual_level():
    duals = {name: fwAD.make_dual(p, directions[name]) for name, p in params.items()}
    gradients = torch.autograd.grad(loss(duals), list(duals.values()))
    print([fwAD.unpack_dual(g).tangent.norm() for g in gradients])
gradients = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
slope = sum((g * directions[name]).sum() for g, name in zip(gradients, params))
print([h.norm() for h in torch.autograd.grad(slope, list(params.values()))])

# ---- descent without a backward pass
for _ in range(3):
    with fwAD.dual_level():
        directions = {name: torch.randn_like(p) for name, p in plain.items()}
        slope = fwAD.unpack_dual(loss({n: fwAD.make_dual(p, directions[n]) for n, p in plain.items()})).tangent
    plain = {name: p - 0.1 * slope * directions[name] for name, p in plain.items()}
    print(loss(plain))

# ---- duals in the place of a module's parameters
with fwAD.dual_level():
    for name, p in list(net.named_parameters()):
        path, _, last = name.rpartition(".")
        module = net.get_submodule(path)
        delattr(module, last)
        setattr(module, last, fwAD.make_dual(p, torch.ones_like(p)))
    print(fwAD.unpack_dual(net(inputs)).tangent.detach())


# ---- an op of one's own
class Exp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.result = torch.exp(x)
        return ctx.result

    @staticmethod
    def jvp(ctx, t):
        pushed = t * ctx.result
        del ctx.result
        return pushed


primal = torch.randn(3, 3, dtype=torch.double, requires_grad=True)
tangent = torch.randn(3, 3, dtype=torch.double)
with fwAD.dual_level():
    pushed = fwAD.unpack_dual(Exp.apply(fwAD.make_dual(primal, tangent))).tangent
    print(torch.allclose(pushed, tangent * primal.exp()))
print(torch.autograd.gradcheck(Exp.apply, (primal,), check_forward_ad=True, check_backward_ad=False,
                               check_undefined_grad=False))  # fmt: skip

# ---- functions of several things, Jacobians, layers
f = lambda x, y: torch.tanh(x * y)
x, y, u, v = (torch.randn(2, 2) for _ in range(4))
print(jvp(f, (x, y), (u, v)), jvp(partial(f, y=y), (x,), (u,)))
print(jacfwd(lambda a: torch.tanh(a @ torch.ones(2, 3)))(torch.ones(2)), hessian(lambda a: a.sin().sum())(torch.ones(2)))
print(torch.autograd.functional.jacobian(lambda a: a.exp().sum(1), x, strategy="forward-mode", vectorize=True))
rnn, conv, attention = nn.GRU(2, 3), nn.Conv2d(1, 2, 3, padding=1), nn.MultiheadAttention(4, 2, batch_first=True)
words, image = torch.randn(1, 3, 4), torch.randn(1, 1, 5, 5)
print(jvp(lambda a: rnn(a)[0].sum(), (x[:, None],), (u[:, None],))[1])
print(jvp(lambda a: F.max_pool2d(conv(a).relu(), 2).sum(), (image,), (torch.ones_like(image),))[1])
print(jvp(lambda a: attention(a, a, a)[0].sum(), (words,), (torch.ones_like(words),))[1])
print(jvp(lambda w: F.embedding(torch.tensor([1, 1, 3]), w).sum(), (torch.ones(5, 2),), (torch.ones(5, 2),)))
print(jvp(lambda a: torch.linalg.inv(a).trace(), (torch.eye(2) * 2,), (torch.eye(2),)), jvp(torch.logdet, (torch.eye(2) * 2,),
                                                                                        (torch.eye(2),)))  # fmt: skip
print(jvp(lambda a: torch.sort(a)[0], (torch.tensor([3.0, 1.0, 2.0]),), (torch.tensor([1.0, 2.0, 3.0]),)))
