"""A review of autograd and of a small convolutional net: its graph, its loss, one step by hand and one by SGD."""

from parity_tests.documents.stage import module


def graph(torch, show):
    x = torch.ones(2, 2, requires_grad=True)
    show(x)
    y = x + 2
    show(y)
    show(y.grad_fn)
    z = y * y * 3
    out = z.mean()
    show(z, out)
    torch.manual_seed(20)
    a = torch.randn(2, 2)
    a = (a * 3) / (a - 1)
    show(a.requires_grad)
    a.requires_grad_(True)
    show(a)
    show(a.requires_grad)
    show((a * a).sum().grad_fn)
    out.backward()
    show(x.grad)


def vector_jacobian(torch, show):
    x = torch.tensor([0.1111, 1.6964, 0.8650], requires_grad=True)
    show("x: ", x)
    y = x * 2
    doublings = 1
    while y.data.norm() < 1000:
        y = y * 2
        doublings += 1
    show("y: ", y, doublings)
    v = torch.tensor([0.1, 1.0, 0.0001], dtype=torch.float)
    y.backward(v)
    show(x.grad)
    show(y.grad)
    show(v.grad)
    show.fails(lambda: y.backward(v))
    show(x.requires_grad)
    show((x ** 2).requires_grad)
    with torch.no_grad():
        show((x ** 2).requires_grad)
    y = x.detach()
    show(y.requires_grad)
    show(x.eq(y).all())


def lenet(torch):
    """Two convolutions and three linear layers, each convolution followed by a 2 by 2 maximum."""
    nn, functional = module(torch, "nn"), module(torch, "nn.functional")

    class Net(nn.Module):
        def __init__(self):
            super(Net, self).__init__()
            self.conv1 = nn.Conv2d(1, 6, 3)
            self.conv2 = nn.Conv2d(6, 16, 3)
            self.fc1 = nn.Linear(16 * 6 * 6, 120)
            self.fc2 = nn.Linear(120, 84)
            self.fc3 = nn.Linear(84, 10)

        def forward(self, x):
            x = functional.max_pool2d(functional.relu(self.conv1(x)), (2, 2))
            x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
            x = x.view(-1, self.num_flat_features(x))
            x = functional.relu(self.fc1(x))
            x = functional.relu(self.fc2(x))
            return self.fc3(x)

        def num_flat_features(self, x):
            count = 1
            for size in x.size()[1:]:
                count *= size
            return count

    return Net()


def network(torch, show):
    nn, optim = module(torch, "nn"), module(torch, "optim")
    torch.manual_seed(21)
    net = lenet(torch)
    show(net)
    parameters = list(net.parameters())
    show(len(parameters))
    show(parameters[0].size())
    image = torch.randn(1, 1, 32, 32)
    out = net(image)
    show(out)
    net.zero_grad()
    out.backward(torch.randn(1, 10))
    for parameter in parameters:
        show.keep(parameter.grad)

    criterion = nn.MSELoss()
    target = torch.randn(10).view(1, -1)
    loss = criterion(net(image), target)
    show(loss)
    node = loss.grad_fn
    show(node)
    show(node.next_functions[0][0])
    show(node.next_functions[0][0].next_functions[0][0])
    net.zero_grad()
    show("before backward", net.conv1.bias.grad)
    loss.backward()
    show("after backward", net.conv1.bias.grad)
    for parameter in net.parameters():
        parameter.data.sub_(parameter.grad.data * 0.01)

    optimizer = optim.SGD(net.parameters(), lr=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        loss = criterion(net(image), target)
        loss.backward()
        optimizer.step()
        show(loss)
    for parameter in parameters:
        show.keep(parameter)


def program(torch, show, full=False):
    for part in (graph, vector_jacobian, network):
        part(torch, show)
