"""Lesson 7: layers in a row, 1-10-20-10-1, bend a line into a sine. Modules hold weights, an optimizer moves them."""

import minigrad as torch
from minigrad import nn

torch.manual_seed(0)
x = torch.linspace(-3, 3, 200).unsqueeze(1)
y = torch.sin(2 * x)

net = nn.Sequential(
    nn.Linear(1, 10), nn.Tanh(),
    nn.Linear(10, 20), nn.Tanh(),
    nn.Linear(20, 10), nn.Tanh(),
    nn.Linear(10, 1),
)  # fmt: skip
print(net)
print(f"{sum(p.numel() for p in net.parameters())} weights, to be learned from {len(x)} points of sin(2x)\n")

optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
loss_function = nn.MSELoss()
for step in range(1001):
    optimizer.zero_grad()
    loss = loss_function(net(x), y)
    loss.backward()
    optimizer.step()
    if step % 200 == 0:
        print(f"step {step:4}  loss {loss.item():.6f}")


def plot(value, width=61):
    """A star as far from the left margin as the value is above -1.2."""
    return " " * round((value + 1.2) / 2.4 * (width - 1)) + "*"


print("\n    x   sin(2x)     net")
with torch.no_grad():
    for point, truth, guess in list(zip(x, y, net(x)))[::8]:
        print(f"{point.item():5.2f}  {truth.item():8.4f}  {guess.item():7.4f}  |{plot(guess.item())}")
