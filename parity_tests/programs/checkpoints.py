"""Save a model and its optimizer in the middle of training, and go on from the file."""
import io
import os
import tempfile

import torch
from torch import nn

torch.manual_seed(0)
folder = tempfile.mkdtemp()
path = os.path.join(folder, "checkpoint.pt")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(3, 4)
        self.out = nn.Linear(4, 1)
        self.register_buffer("steps", torch.tensor(0))

    def forward(self, x):
        self.steps += 1
        return self.out(torch.tanh(self.hidden(x)))


def train(net, optimizer, steps):
    for _ in range(steps):
        loss = net(x).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss


x = torch.randn(8, 3)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
loss = train(net, optimizer, 3)
torch.save({"epoch": 3, "model": net.state_dict(), "optimizer": optimizer.state_dict(), "loss": loss.item()}, path)

checkpoint = torch.load(path, map_location=torch.device("cpu"))
print(checkpoint.keys(), checkpoint["epoch"], type(checkpoint["model"]))
print(checkpoint["model"])
again = Net()
print(again.load_state_dict(checkpoint["model"]))
optimizer2 = torch.optim.Adam(again.parameters())
optimizer2.load_state_dict(checkpoint["optimizer"])
print(optimizer2)
print(torch.equal(train(net, optimizer, 2), train(again, optimizer2, 2)), again.steps)


def through_file(value):
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file)


row = torch.arange(6.0)
whole, part = through_file([row, row[2:4]])
part[0] = 10  # one storage, saved once
print(whole, through_file(row.view(2, 3).t()).stride())
print(through_file(nn.Parameter(torch.ones(2))), through_file(torch.ones(1, requires_grad=True)))
print(through_file((torch.Size([2, 3]), torch.float16, torch.device("cpu"), {"a": [1, 2.5, None, "text"]})))
for dtype in (torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.float64):
    print(through_file(torch.ones(2, dtype=dtype)))
torch.save(net, path)
try:
    torch.load(path)
except Exception as error:
    print(type(error).__name__, str(error).split("\n")[0])
print(torch.load(path, weights_only=False))
