"""torch.autograd.backward and torch.autograd.grad: the two ways to ask for gradients.

Both check what they are given, turn tensors into places in the graph, and leave the rest to a Pass (engine.py): one lets
it add to the .grad of leaves, the other takes what it captured.
"""

import warnings
from collections.abc import Mapping

from ..backends import backend_of
from ..device import device_of
from ..once import warn_once
from ..ops.creation import empty, zeros_like
from ..ops.layout import once
from ..tensor import Tensor, wrap
from .batched import batched
from .engine import Pass
from .graph import GradientEdge, Nowhere, gradient_edge, requires_grad
from .texts import CYCLE, INSIDE
from .transformable import open_transforms


def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False, grad_variables=None, inputs=None):
    """Add d tensors / d leaf, weighted by `grad_tensors`, to the .grad of every leaf (or of `inputs` only).

    Raises RuntimeError if a tensor that is not a scalar comes without its gradient, or none requires grad.
    """
    if open_transforms:
        raise RuntimeError(INSIDE)
    if grad_variables is not None:
        warnings.warn("`grad_variables` is deprecated. Use `grad_tensors` instead.", FutureWarning, stacklevel=2)
        if grad_tensors is not None:
            raise RuntimeError("`grad_tensors` and `grad_variables` (deprecated) arguments both passed to "
                               "`backward()`. Please only use `grad_tensors`.")
        grad_tensors = grad_variables
    tensors = _as_tuple(tensors)
    grads = _as_tuple(grad_tensors) if grad_tensors is not None else (None,) * len(tensors)
    if inputs is not None and not _as_tuple(inputs):
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    roots = _roots(tensors, grads, create_graph)
    targets = _as_tuple(inputs) if inputs is not None else ()
    for target in targets:
        if isinstance(target, Tensor):
            target.retain_grad()
    edges = [_edge_of_input(x) for x in targets]
    run = Pass(roots, edges, recording=create_graph, keep_graph=create_graph if retain_graph is None else retain_graph,
               accumulate=True)
    if create_graph:
        warn_once(CYCLE, stacklevel=2)
    run.run()


def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True,
         allow_unused=None, is_grads_batched=False, materialize_grads=False):  # fmt: skip
    """The gradients of `outputs`, weighted by `grad_outputs`, for each of `inputs`; no .grad is touched.

    `is_grads_batched`: the gradients have a further first dimension, and so have the results, computed one after the
    other.  Raises RuntimeError for an input that the outputs do not depend on, unless `allow_unused`.
    """
    if isinstance(inputs, dict):
        found = grad(outputs, tuple(inputs.values()), grad_outputs, retain_graph, create_graph, only_inputs, allow_unused,
                     is_grads_batched, materialize_grads)  # fmt: skip
        return dict(zip(inputs, found))
    if isinstance(inputs, Mapping):
        raise TypeError(f"`inputs` argument to `grad()` must be a dict, not {type(inputs).__name__}. Other Mapping types are "
                        f"not supported.")
    outputs, inputs = _as_tuple(outputs), _as_tuple(inputs)
    if not inputs:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    if materialize_grads and allow_unused is False:
        raise ValueError("Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
                         "allow_unused=False.")
    grads = _as_tuple(grad_outputs) if grad_outputs is not None else (None,) * len(outputs)
    grads = grads[: len(outputs)]
    if not only_inputs:
        warnings.warn("only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate gradient for "
                      "other parts of the graph, please use torch.autograd.backward.", FutureWarning, stacklevel=2)
    if is_grads_batched:
        retain = create_graph if retain_graph is None else retain_graph
        options = dict(create_graph=create_graph, allow_unused=allow_unused, materialize_grads=materialize_grads)
        return batched(grad, outputs, inputs, grads, retain, options)
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
    return tuple(_result(found, x, materialize_grads, create_graph) for found, x in zip(results, inputs))


def _result(found, input, materialize, recorded):
    if found is None:
        if materialize and isinstance(input, GradientEdge):
            raise RuntimeError("materialize_grads cannot be used when the given input is a GradientEdge")
        return zeros_like(input, requires_grad=recorded) if materialize else None
    if isinstance(found, Tensor):
        return found
    xp = backend_of(found)
    if xp.is_fresh(found):
        return wrap(found, device_of(found))
    return wrap(once(xp, found, xp.dense_copy), device_of(found))


def _as_tuple(value):
    return (value,) if isinstance(value, (Tensor, GradientEdge)) else tuple(value)


def _edge_of_input(tensor):
    if isinstance(tensor, GradientEdge):
        return tensor[:2]
    if not isinstance(tensor, Tensor):
        raise RuntimeError(f"all inputs have to be Tensors or GradientEdges, but got {type(tensor).__name__}")
    edge = gradient_edge(tensor)
    if edge is None:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    return edge


def _roots(tensors, grads, recording):
    if len(grads) != len(tensors):
        raise RuntimeError(f"got {len(tensors)} tensors and {len(grads)} gradients")
    roots = []
    for i, (tensor, gradient) in enumerate(zip(tensors, grads)):
        if isinstance(tensor, GradientEdge):
            gradient = _root_gradient(i, _output_like(tensor), gradient)
            roots.append((tensor[:2], gradient if recording else gradient._data))
            continue
        gradient = _root_gradient(i, tensor, gradient)
        edge = gradient_edge(tensor)
        if edge is None or type(edge[0]) is Nowhere:
            raise RuntimeError(f"element {i} of tensors does not require grad and does not have a grad_fn")
        roots.append((edge, gradient if recording else gradient._data))
    return roots


def _output_like(edge):
    """A tensor of the shape and dtype of the output that a GradientEdge stands for."""
    like = empty(())
    shape, dtype = edge.node.outputs[edge.output_nr]
    return empty(shape, dtype=like.device.backend.dtype_of_native(dtype), requires_grad=True)


def _root_gradient(i, tensor, gradient):
    if gradient is None:
        if tensor._data.size != 1 and requires_grad(tensor):
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if tensor._data.dtype.kind != "f" and requires_grad(tensor):
            raise RuntimeError(f"grad can be implicitly created only for real scalar outputs but got {tensor.dtype}")
        return wrap(tensor.device.backend.ones(tensor._data.shape, dtype=tensor._data.dtype), tensor.device)
    if not isinstance(gradient, Tensor):
        raise TypeError(f"gradients can be either Tensors or None, but got {type(gradient).__name__}")
    if gradient.shape != tensor.shape:
        raise RuntimeError(f"Mismatch in shape: grad_output[{i}] has a shape of {gradient.shape} and output[{i}] has a "
                           f"shape of {tensor.shape}.")
    return gradient if gradient.dtype is tensor.dtype else gradient.to(tensor.dtype)
