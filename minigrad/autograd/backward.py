"""torch.autograd.backward and torch.autograd.grad: the two ways to ask for gradients."""

from ..backends import backend_of
from ..device import device_of
from ..dtypes import FLOAT
from ..ops.creation import ones_like, zeros_like
from ..tensor import Tensor, wrap
from .engine import Pass
from .graph import GradientEdge, gradient_edge, requires_grad


def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False, grad_variables=None, inputs=None):
    """Add d tensors / d leaf, weighted by `grad_tensors`, to the .grad of every leaf (or of `inputs` only).

    Raises RuntimeError if a tensor that is not a scalar comes without its gradient, or none requires grad.
    """
    tensors = _as_tuple(tensors)
    grads = _as_tuple(grad_tensors) if grad_tensors is not None else (None,) * len(tensors)
    if inputs is not None and not isinstance(inputs, Tensor) and len(inputs) == 0:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    roots = _roots(tensors, grads, create_graph)
    targets = _as_tuple(inputs) if inputs is not None else ()
    for target in targets:
        if isinstance(target, Tensor):
            target.retain_grad()
    edges = [_edge_of_input(x) for x in targets]
    run = Pass(roots, edges, recording=create_graph, keep_graph=create_graph if retain_graph is None else retain_graph,
               accumulate=True)
    run.run()


def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True,
         allow_unused=None, is_grads_batched=False, materialize_grads=False):  # fmt: skip
    """The gradients of `outputs`, weighted by `grad_outputs`, for each of `inputs`; no .grad is touched.

    Raises RuntimeError for an input that the outputs do not depend on, unless `allow_unused`.
    """
    outputs, inputs = _as_tuple(outputs), _as_tuple(inputs)
    if materialize_grads and allow_unused is False:
        raise ValueError("Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
                         "allow_unused=False.")
    grads = _as_tuple(grad_outputs) if grad_outputs is not None else (None,) * len(outputs)
    roots = _roots(outputs, grads, create_graph)
    edges = [_edge_of_input(x) for x in inputs]
    run = Pass(roots, edges, recording=create_graph, keep_graph=create_graph if retain_graph is None else retain_graph,
               accumulate=False)
    run.run()
    results = [run.captured[node][number] for node, number in edges]
    for i, found in enumerate(results):
        if found is None and not (allow_unused or materialize_grads):
            raise RuntimeError(f"The differentiated Tensor at index {i} appears to not have been used in the graph. "
                               f"Set allow_unused=True if this is the desired behavior.")
    return tuple(_result(found, x, materialize_grads) for found, x in zip(results, inputs))


def _result(found, input, materialize):
    if found is None:
        return zeros_like(input) if materialize else None
    if isinstance(found, Tensor):
        return found
    xp = backend_of(found)
    return wrap(found if xp.is_fresh(found) else xp.dense_copy(found), device_of(found))


def _as_tuple(value):
    return (value,) if isinstance(value, (Tensor, GradientEdge)) else tuple(value)


def _edge_of_input(tensor):
    if isinstance(tensor, GradientEdge):
        return tensor[:2]
    edge = gradient_edge(tensor)
    if edge is None:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    return edge


def _roots(tensors, grads, recording):
    if len(grads) != len(tensors):
        raise RuntimeError(f"got {len(tensors)} tensors and {len(grads)} gradients")
    roots = []
    for i, (tensor, gradient) in enumerate(zip(tensors, grads)):
        gradient = _root_gradient(i, tensor, gradient)
        if not requires_grad(tensor):
            raise RuntimeError(f"element {i} of tensors does not require grad and does not have a grad_fn")
        roots.append((gradient_edge(tensor), gradient if recording else gradient._data))
    return roots


def _root_gradient(i, tensor, gradient):
    if gradient is None:
        if requires_grad(tensor) and tensor.numel() != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if requires_grad(tensor) and tensor.dtype.category < FLOAT:
            raise RuntimeError(f"grad can be implicitly created only for real scalar outputs but got {tensor.dtype}")
        return ones_like(tensor)
    if not isinstance(gradient, Tensor):
        raise TypeError(f"gradients can be either Tensors or None, but got {type(gradient).__name__}")
    if gradient.shape != tensor.shape:
        raise RuntimeError(f"Mismatch in shape: grad_output[{i}] has a shape of {gradient.shape} and output[{i}] has a "
                           f"shape of {tensor.shape}.")
    return gradient if gradient.dtype is tensor.dtype else gradient.to(tensor.dtype)
