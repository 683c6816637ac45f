"""torch.nn.grad: the gradients of convolutions by themselves."""

from ..ops.convolution import _adjoint, _weight_gradient
from ..ops.windows import spread


def _gradients(n):
    def options(*values):
        return [spread(value, n) for value in values]

    def of_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1, groups=1):
        return _adjoint(grad_output, weight, tuple(input_size), *options(stride, padding, dilation), False, groups)

    def of_weight(input, weight_size, grad_output, stride=1, padding=0, dilation=1, groups=1):
        return _weight_gradient(grad_output, input, tuple(weight_size), *options(stride, padding, dilation), False, groups)

    for function, what in ((of_input, "input"), (of_weight, "weight")):
        function.__name__ = function.__qualname__ = f"conv{n}d_{what}"
        function.__doc__ = f"The gradient of the {what} of conv{n}d, from that of its output"
    return of_input, of_weight


conv1d_input, conv1d_weight = _gradients(1)
conv2d_input, conv2d_weight = _gradients(2)
conv3d_input, conv3d_weight = _gradients(3)
