"""A lecture: gradients three ways, then fitting a line and a parabola by gradient descent."""

import numpy as np

from parity_tests.documents.stage import module


def by_numpy(torch, show):
    """x * w + z, summed: gradients by hand and by backward, on the same numbers."""
    np.random.seed(0)
    x, w, z = (np.random.randn(3, 4) for _ in range(3))
    show("sum", np.sum(x * w + z))
    tx, tw, tz = (torch.tensor(a, requires_grad=True) for a in (x, w, z))
    total = torch.sum(tx * tw + tz)
    total.backward()
    show("sum", total)
    for name, grad, by_hand in (("x", tx.grad, w), ("w", tw.grad, x), ("z", tz.grad, np.ones((3, 4)))):
        show("gradient", name, "=", grad, np.array_equal(grad.numpy(), by_hand))
    torch.manual_seed(0)
    tx, tw, tz = (torch.randn(3, 4, device=torch.device("cpu"), requires_grad=True) for _ in range(3))
    torch.sum(tx * tw + tz).backward()
    show(tx.grad, tw.grad, tz.grad)


def making(torch, show):
    show(torch.Tensor(2, 3).shape)
    show(torch.Tensor([[1, 2, 3], [4, 5, 6]]))
    show(torch.tensor(data=[[1, 2, 3], [4, 5, 6]], dtype=torch.float32, device=torch.device("cpu"), requires_grad=True))
    show("is there a GPU?", torch.cuda.is_available())
    if torch.cuda.is_available():
        show("how many?", torch.cuda.device_count())
        show("its name?", torch.cuda.get_device_name(0))
    else:
        show.fails(
            lambda: torch.tensor([[1, 2, 3]], dtype=torch.float32, device=torch.device("cuda:0"), requires_grad=True)
        )
        show.fails(lambda: torch.randn(3, 4, device=torch.device("cuda:0"), requires_grad=True))
        show.fails(lambda: torch.cuda.FloatTensor([1, 2, 3]))


def gradients(torch, show):
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = torch.tensor([2.0, 3.0, 4.0], requires_grad=True)
    show(x)
    show(y)
    (x + y).sum().backward()
    show(x.grad, y.grad)
    x = torch.tensor(data=[2.0, 3.0], requires_grad=True)
    y = x**2
    z = 2 * y + 3
    loss = torch.sum(torch.abs(z - torch.tensor([3.0, 4.0])))
    loss.backward()
    show("gradient", x.grad, y.grad, z.grad)
    show("loss", loss)
    show(x.requires_grad, y.requires_grad)
    with torch.no_grad():
        show((x + y).requires_grad)


def fit(torch, show, model, x, target, rate, epochs):
    """Plain gradient descent on the mean absolute error; every loss is kept."""
    loss_func = torch.nn.L1Loss()
    optimizer = module(torch, "optim").SGD(model.parameters(), lr=rate)
    losses = []
    for i in range(epochs):
        optimizer.zero_grad()
        output = model(x)
        loss = loss_func(output, target)
        loss.backward()
        optimizer.step()
        if i % 50 == 0:
            show(i, loss.data, x.detach().numpy().shape, output.detach().numpy().shape)
        losses.append(loss.detach().numpy())
    show("last", float(losses[-1]))
    show.keep(np.array(losses))
    show.keep(output)
    for parameter in model.parameters():
        show.keep(parameter)
    return losses


def data(torch, noise, reach):
    init = module(torch, "nn.init")
    noise = init.normal_(torch.FloatTensor(1000, 1), std=noise)
    return init.uniform_(torch.Tensor(1000, 1), -reach, reach), noise


def line(torch, show, full):
    torch.manual_seed(10)
    x, noise = data(torch, 0.5, 10)
    y = 2 * x + 3
    model = torch.nn.Linear(1, 1)
    fit(torch, show, model, x, y + noise, 0.01, 500)
    weight, bias = model.parameters()
    show("Weight:", weight.item(), "\nBias:  ", bias.item())


def parabola(torch, show, full):
    torch.manual_seed(11)
    nn = module(torch, "nn")
    x, noise = data(torch, 3, 15)
    y = (x**2) + 3
    noisy = y + noise
    model = nn.Sequential(
        nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 10), nn.ReLU(), nn.Linear(10, 1)
    )
    show(model)
    if not torch.cuda.is_available():
        show.fails(lambda: x.to("cuda:0"))
    losses = fit(torch, show, model, x, noisy, 0.0002, 10000 if full else 300)
    show(f"Processing: loss={losses[-1]}", np.asarray(noisy).shape, np.asarray(y).dtype)


def program(torch, show, full=False):
    for part in (by_numpy, making, gradients):
        part(torch, show)
    line(torch, show, full)
    parabola(torch, show, full)
