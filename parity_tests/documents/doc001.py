"""A tour of the modules: a perceptron by hand and by nn.Linear, batches, storage, devices, a first backward."""

import math

from parity_tests.documents.stage import module


def perceptron(torch, show):
    torch.manual_seed(3)
    weights = torch.randn(256, 4) / math.sqrt(256)
    show(weights.requires_grad_().is_leaf, weights.requires_grad)
    bias = torch.zeros(4, requires_grad=True)
    show(bias)
    out = torch.rand(2, 256) @ weights + bias
    show(out)
    out.sum().backward()
    show(bias.grad)
    show.keep(weights.grad)


def training(torch, show):
    """The same two epochs three ways: by hand on slices, with an optimizer, with a DataLoader."""
    functional, optim, data = module(torch, "nn.functional"), module(torch, "optim"), module(torch, "utils.data")
    torch.manual_seed(4)
    x, y = torch.randn(37, 256), torch.randint(0, 4, (37,))
    size, rate = 8, 0.1
    loss_func = functional.cross_entropy

    torch.manual_seed(5)
    model = torch.nn.Linear(256, 4)
    show(model)
    for epoch in range(2):
        for i in range((len(x) - 1) // size + 1):
            rows = slice(i * size, i * size + size)
            loss = loss_func(model(x[rows]), y[rows])
            loss.backward()
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter -= parameter.grad * rate
                model.zero_grad()
        show("by hand", epoch, loss.item(), loss)

    torch.manual_seed(5)
    model = torch.nn.Linear(256, 4)
    optimizer = optim.SGD(model.parameters(), lr=rate)
    show(optimizer)
    for epoch in range(2):
        for batch, target in data.DataLoader(data.TensorDataset(x, y), batch_size=size):
            loss = loss_func(model(batch), target)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        show("with a loader", epoch, loss.item(), tuple(batch.shape))
    show.keep(model.weight)
    show.keep(model.bias)


def storage(torch, show):
    points = torch.tensor([1.0, 4.0, 2.0, 1.0, 3.0, 5.0])
    show(float(points[0]), points.shape)
    points = torch.tensor([[1.0, 4.0], [2.0, 1.0], [3.0, 5.0]])
    show(list(points.storage()), len(points.storage()))
    show(torch.Size([3, 2]), points.size())
    show(points.storage_offset(), points[1].storage_offset(), points.stride())
    show(points[1], points.t().stride())


def devices(torch, show):
    points = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float32, device="cpu")
    show(points.dtype, points.device)
    if not torch.cuda.is_available():
        show.fails(lambda: points.to(device="cuda"))
        show.fails(lambda: points.to(device="cuda:0"))


def backward(torch, show):
    show(torch.ones(2, 2, requires_grad=True))
    x = torch.ones(2, 2)
    x.requires_grad_(True)
    show(x)
    x = torch.ones(2, 2, requires_grad=True)
    y = x + 2
    show(y)
    z = y * y * 3
    show(z)
    out = z.mean()
    show(out)
    out.backward()
    show(x.grad)
    show(x.grad.tolist())


def program(torch, show, full=False):
    for part in (perceptron, training, storage, devices, backward):
        part(torch, show)
