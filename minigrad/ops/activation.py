"""Activations: the non-linearities between layers, element by element."""

from .precision import through_float32
from .primitive import pointwise


@pointwise("ThresholdBackwardBackward0")
def threshold_backward(xp, grad, result, /, threshold):
    """grad where result > threshold (or is nan), 0 elsewhere"""
    return xp.masked(grad, ~(result <= threshold))


threshold_backward.vjp(grad=lambda g, result, threshold: threshold_backward(g, result, threshold))

# ---- relu, sigmoid, tanh --------------------------------------------------------------------------------------------


@pointwise("ReluBackward0", saved_names={"result": "out"})
def relu(xp, input):
    """max(x, 0).  Raises RuntimeError for bools."""
    if input.dtype == xp.bool_:
        raise RuntimeError("Boolean inputs not supported for relu")
    if input.dtype.kind == "c":
        raise NotImplementedError("clamp is not supported for complex types")
    return xp.maximum(0, input)


relu.vjp(input=lambda g, out: threshold_backward(g, out, 0))


@pointwise("SigmoidBackward0", integers="float")
@through_float32
def sigmoid(xp, input):
    """1 / (1 + e^-x)"""
    return 1 / (1 + xp.exp(-input))


sigmoid.vjp(input=lambda g, out: g * (1 - out) * out)


@pointwise("TanhBackward0", integers="float")
@through_float32
def tanh(xp, input):
    """(e^x - e^-x) / (e^x + e^-x)"""
    return xp.tanh(input)


tanh.vjp(input=lambda g, out: g * (1 - out * out))


# ---- the functions of torch.nn.functional ---------------------------------------------------------------------------


def functional_relu(input, inplace=False):
    """max(x, 0), written over input if `inplace`"""
    return input.relu_() if inplace else relu(input)


def functional_sigmoid(input):
    """1 / (1 + e^-x)"""
    return input.sigmoid()


def functional_tanh(input):
    """The hyperbolic tangent"""
    return input.tanh()
