"""L-BFGS, averages of weights, and norms of weights."""
import torch
from torch import nn
from torch.nn.utils import remove_spectral_norm, remove_weight_norm, spectral_norm, weight_norm
from torch.optim.swa_utils import SWALR, AveragedModel, get_ema_multi_avg_fn, update_bn

torch.manual_seed(0)
for search in (None, "strong_wolfe"):
    for history, rate in ((100, 0.5), (2, 0.5), (100, 1e-3)):
        p = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.LBFGS([p], lr=rate, history_size=history, max_iter=8, line_search_fn=search)

        def closure():
            optimizer.zero_grad()
            loss = (1 - p[0]) ** 2 + 10 * (p[1] - p[0] ** 2) ** 2
            loss.backward()
            return loss

        for _ in range(4):
            print(f"{optimizer.step(closure).item():.8f}", p.detach())
        print(optimizer, optimizer.state[p]["n_iter"], optimizer.state[p]["func_evals"])
for wrong in (dict(lr=-1), dict(line_search_fn="other")):
    try:
        torch.optim.LBFGS([p], **wrong).step(closure)
    except Exception as error:
        print(type(error).__name__, error)

x = torch.randn(16, 3, dtype=torch.float64)
net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 1)).double()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
mean, moving = AveragedModel(net), AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.9))
scheduler = SWALR(optimizer, swa_lr=0.01, anneal_epochs=3)
for step in range(5):
    optimizer.zero_grad()
    net(x).pow(2).mean().backward()
    optimizer.step()
    scheduler.step()
    mean.update_parameters(net)
    moving.update_parameters(net)
    print(step, scheduler.get_last_lr())
update_bn([x[:8], x[8:]], mean)
print(mean, mean.n_averaged, mean(x[:2]), moving.module[3].weight, mean.module[1].running_mean, list(mean.state_dict())[:3])

layer = weight_norm(nn.Linear(3, 2))
print(layer, layer.weight_g, [name for name, _ in layer.named_parameters()])
layer(x.float()).sum().backward()
print(layer.weight_g.grad, layer.weight_v.grad, remove_weight_norm(layer), list(layer.state_dict()))
for layer, shape in ((nn.Linear(3, 2), (1, 3)), (nn.Conv2d(1, 2, 3), (1, 1, 3, 3)),
                     (nn.ConvTranspose2d(2, 1, 2), (1, 2, 1, 1))):
    layer = spectral_norm(layer)
    (layer(torch.ones(shape)) * layer(2 * torch.ones(shape))).sum().backward()  # two calls, each with its own vectors
    print(layer(torch.ones(shape)), layer.weight_orig.grad, list(layer.state_dict()), layer.eval()(torch.ones(shape)))
    print(list(remove_spectral_norm(layer).state_dict()))
