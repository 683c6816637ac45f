"""LeNet and its training loop, for any library that speaks torch: pass minigrad, or torch itself."""

from typing import Any, NamedTuple


class Epoch(NamedTuple):
    """What one pass over the training set left behind."""

    losses: list[float]  # of each batch
    test_loss: float
    accuracy: float  # on the held-out digits
    predictions: Any  # an array of their labels
    net: Any


def lenet(torch):
    """Two convolutions, each with relu and 2x2 max-pooling, then three linear layers: (n, 1, 32, 32) -> (n, 10)."""
    nn, F = torch.nn, torch.nn.functional

    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 6, 3)  # 32 -> 30, pooled 15
            self.conv2 = nn.Conv2d(6, 16, 3)  # 15 -> 13, pooled 6
            self.fc1 = nn.Linear(16 * 6 * 6, 120)
            self.fc2 = nn.Linear(120, 84)
            self.fc3 = nn.Linear(84, 10)

        def forward(self, x):
            x = F.max_pool2d(F.relu(self.conv1(x)), 2)
            x = F.max_pool2d(F.relu(self.conv2(x)), 2)
            x = torch.flatten(x, 1)
            x = F.relu(self.fc1(x))
            x = F.relu(self.fc2(x))
            return self.fc3(x)

    return LeNet()


def train(torch, digits, *, epochs, batch_size, lr, momentum, seed, on_step=lambda loss: None):
    """Stochastic gradient descent on the cross entropy; yields an `Epoch` after each pass."""
    torch.manual_seed(seed)
    images, labels, test_images, test_labels = map(torch.tensor, digits)
    net = lenet(torch).to(images.dtype)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum)

    for _ in range(epochs):
        losses = []
        for rows in torch.randperm(len(labels)).split(batch_size):
            losses.append(step(torch, net, optimizer, images[rows], labels[rows]))
            on_step(losses[-1])
        test_loss, predictions = evaluate(torch, net, test_images, test_labels)
        accuracy = (predictions == test_labels).float().mean().item()
        yield Epoch(losses, test_loss, accuracy, predictions.numpy(), net)


def step(torch, net, optimizer, images, labels):
    """Forward, backward, update; the loss before the update."""
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def evaluate(torch, net, images, labels, batch_size=500):
    """The mean loss over all images, and the label predicted for each."""
    with torch.no_grad():
        scores = torch.cat([net(batch) for batch in images.split(batch_size)])
        loss = torch.nn.functional.cross_entropy(scores, labels)
    return loss.item(), scores.argmax(1)
