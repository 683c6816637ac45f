"""autograd.grad of a batch of gradients: is_grads_batched=True."""

from ..ops.joining import stack
from .graph import requires_grad
from .texts import BATCH_MISMATCH


def batched(grad, outputs, inputs, grads, retain, options):
    """grad for each of a batch of gradients, stacked."""
    for i, (y, g) in enumerate(zip(outputs, grads)):
        if g is None and requires_grad(y) and y.numel() != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if g is not None and g[0].shape != y.shape:
            raise RuntimeError(BATCH_MISMATCH.format(i, g.shape[2:], i, y.shape))
    if any(g is None or not g.dim() for g in grads):
        raise ValueError("vmap(vjp, in_dims=0, ...)(<inputs>): Got in_dim=0 for some input, but that input is a Tensor "
                         "of dimensionality 0 so expected in_dim to satisfy 0 <= in_dim < 0.")
    sizes = [g.shape[0] for g in grads]
    if len(set(sizes)) > 1:
        raise ValueError(f"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes {sizes} "
                         f"for the mapped dimension")
    found = [grad(outputs, inputs, [g[i] for g in grads], retain or i + 1 < sizes[0], **options)
             for i in range(sizes[0])]  # fmt: skip
    return tuple([None if column[0] is None else stack(list(column)) for column in zip(*found)])
