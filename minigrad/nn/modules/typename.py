"""What error messages call the type of a value."""

from ...tensor import Tensor


def typename(value):
    """torch.typename: 'torch.FloatTensor' for tensors, 'torch.nn.modules.linear.Linear' for layers, 'int' for 3."""
    if isinstance(value, Tensor):
        return value.type()
    kind = value if isinstance(value, type) else type(value)
    module = kind.__module__
    if module in ("builtins", None):
        return kind.__qualname__
    if module.split(".")[0] == __name__.split(".")[0]:
        module = ".".join(["torch", *module.split(".")[1:]])
    return f"{module}.{kind.__qualname__}"
