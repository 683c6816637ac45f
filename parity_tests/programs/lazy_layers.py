"""Layers that learn their input's size from the first batch, as textbooks use them."""
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.LazyConv2d(4, kernel_size=3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(),
                    nn.LazyLinear(10))
print(net, net[0].weight, net[1].running_mean, net[5].has_uninitialized_params())
x = torch.randn(2, 1, 8, 8)
for layer in net:
    x = layer(x)
    print(layer.__class__.__name__, x.shape)
print(net, x, net[0].weight, [name for name, _ in net.named_parameters()])
torch.optim.SGD(net.parameters(), lr=0.1).step()
x.sum().backward()
print(net[5].bias.grad, net[0].bias.requires_grad)

for layer, shape in ((nn.LazyConv1d(2, 3), (1, 3, 5)), (nn.LazyConv3d(2, 2, groups=1), (1, 3, 4, 4, 4)),
                     (nn.LazyConvTranspose2d(2, 3, stride=2), (1, 3, 5, 5)), (nn.LazyBatchNorm1d(), (3, 4)),
                     (nn.LazyBatchNorm3d(affine=False), (2, 3, 2, 2, 2)), (nn.LazyInstanceNorm2d(affine=True), (1, 2, 3, 3)),
                     (nn.LazyLinear(2, bias=False, dtype=torch.float64), (3, 2))):
    print(layer, type(layer).__name__)
    print(layer(torch.ones(shape, dtype=torch.float64 if isinstance(layer, nn.Linear) else None)).shape, layer)
    print(type(layer).__name__, [parameter.shape for parameter in layer.parameters()], list(layer.state_dict()))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = nn.LazyLinear(6), nn.LazyLinear(2)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


model = Net().to("cpu")
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # the parameters stay the same objects
model(torch.ones(1, 3)).sum().backward()
optimizer.step()
print(model, model.out.bias, model.double().out.weight.dtype, nn.LazyLinear(2).double().weight.dtype)
lazy = nn.LazyLinear(2)
print(lazy.load_state_dict(nn.Linear(3, 2).state_dict()), lazy, lazy.weight.shape, lazy(torch.ones(1, 3)).shape, lazy)
for program in (lambda: nn.LazyLinear(2).weight.shape, lambda: nn.LazyConv2d(2, 3)(torch.ones(3)),
                lambda: sum(parameter.numel() for parameter in nn.LazyLinear(2).parameters()),
                lambda: nn.LazyLinear(2).requires_grad_(False), lambda: nn.LazyLinear(2).state_dict()):
    try:
        print(program())
    except (RuntimeError, ValueError) as error:
        print(error)
