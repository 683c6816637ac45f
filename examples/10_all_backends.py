"""Lesson 10: one program, every backend. One training step of LeNet on each array library that is installed here."""

import time

import minigrad as torch
from lenet import lenet

DEVICES = {
    "cpu": "NumPy", "strict": "NumPy, under CuPy's rules", "torch": "torch's kernels, our gradients", "cuda": "CuPy"}


def step(device, batch=32):
    """(loss, norm of the gradients, milliseconds, weights afterwards) of one step of SGD"""
    torch.manual_seed(0)
    net = lenet(torch)
    images, labels = torch.randn(batch, 1, 32, 32), torch.arange(batch) % 10
    net, images, labels = net.to(device), images.to(device), labels.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    best = float("inf")
    for _ in range(3):  # the first call also looks kernels up
        optimizer.zero_grad()
        start = time.perf_counter()
        loss = torch.nn.functional.cross_entropy(net(images), labels)
        loss.backward()
        torch.device(device).backend.synchronize()
        best = min(best, time.perf_counter() - start)
    norm = sum(p.grad.square().sum().item() for p in net.parameters()) ** 0.5
    optimizer.step()
    return loss.item(), norm, 1000 * best, torch.nn.utils.parameters_to_vector(net.parameters()).detach().cpu()


if __name__ == "__main__":
    print(f"{'device':8} {'computed by':32} {'loss':>9} {'|gradient|':>11} {'ms':>7}   weights differ from NumPy's by")
    reference = None
    for device, library in DEVICES.items():
        try:
            loss, norm, milliseconds, weights = step(device)
        except (AssertionError, ImportError) as error:
            print(f"{device:8} {library:32} not here: {str(error).splitlines()[-1]}")
            continue
        reference = weights if reference is None else reference
        apart = (weights - reference).abs().numpy().max()
        print(f"{device:8} {library:32} {loss:9.6f} {norm:11.6f} {milliseconds:7.1f}   {apart:.1e}")
