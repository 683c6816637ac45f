"""How long an op takes here for each second that it takes in torch.  A measurement, never a test."""

from benchmarks.timing import compare
from parity_tests.checkers import tensors_of

ROUNDS, TURN = 9, 0.004


def ratios(theirs, ours):
    """Time here / time in torch of a program (a Call of each library): alone, and with its backward pass if it has one."""
    calls = {"torch": theirs, "minigrad": ours}
    found = {"forward": compare({name: forward(call) for name, call in calls.items()}, ROUNDS, TURN)["ratio"]["torch"]}
    passes = {name: with_backward(call) for name, call in calls.items()}
    if None not in passes.values():
        found["backward"] = compare(passes, ROUNDS, TURN)["ratio"]["torch"]
    return found


def forward(call):
    function, args, kwargs = call.make(True)
    return lambda: function(*args, **kwargs)


def with_backward(call):
    """The program and its gradients, or None if it has none."""
    function, args, kwargs = call.make(True)

    def outputs():
        return [t for t in tensors_of(call.lib, [function(*args, **kwargs)]) if t.requires_grad]

    leaves = [t for t in tensors_of(call.lib, (args, kwargs)) if t.requires_grad]
    cotangents = [call.lib.ones_like(t) for t in outputs()]
    if not leaves or not cotangents:
        return None
    return lambda: call.lib.autograd.grad(outputs(), leaves, cotangents, allow_unused=True)
