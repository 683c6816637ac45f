"""NumPy's numbers and arrays among tensors."""
import numpy as np
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
two, one = np.float64(2), np.int64(1)
programs = [
    lambda: x * two, lambda: two * x, lambda: x + one, lambda: one - x, lambda: two / x, lambda: x**two, lambda: x // two,
    lambda: x % two, lambda: x == two, lambda: two < x, lambda: torch.tensor([1, 2]) * np.float64(1.5),
    lambda: torch.ones(2, dtype=torch.float16) * two, lambda: torch.pow(x, two), lambda: torch.where(x > 1, x, two),
    lambda: x.mul(two), lambda: x.detach().add_(two), lambda: x.mean() * np.pi, lambda: np.float32(3) * x,
    lambda: np.array([1.0, 2.0]) * x.detach(), lambda: np.array([1.0]) + x, lambda: x.detach() * np.array([1.0, 2.0]),
    lambda: np.sqrt(x.detach()), lambda: np.exp(torch.tensor(1)), lambda: np.add(x.detach(), x.detach()),
    lambda: np.maximum(x.detach(), 1.5), lambda: np.isnan(x.detach()), lambda: np.stack([x.detach(), x.detach()]),
    lambda: np.array(x.detach()), lambda: np.array(x), lambda: torch.tensor(two), lambda: torch.tensor(np.float32(1)),
    lambda: torch.full((2,), two), lambda: x[one], lambda: x[np.array([1, 0])], lambda: torch.zeros(np.int64(2)),
    lambda: x.clamp(min=np.float64(1.5)), lambda: x.clamp(np.float32(0), np.float64(1.5)), lambda: x.clamp(max=np.int64(1)),
]
for program in programs:
    try:
        print(program())
    except Exception as error:
        print(type(error).__name__, error)
(x * two).sum().backward()
print(x.grad)
