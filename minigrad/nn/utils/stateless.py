"""torch.nn.utils.stateless: the older name of torch.func.functional_call."""

import warnings

from ...func.module import functional_call as call


def functional_call(module, parameters_and_buffers, args=None, kwargs=None, *, tie_weights=True, strict=False):
    """module(*args, **kwargs) with the tensors of a dict, by name, in place of its parameters and buffers."""
    warnings.warn("`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future "
                  "version of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement.",
                  FutureWarning, stacklevel=2)  # fmt: skip
    return call(module, parameters_and_buffers, args, kwargs, tie_weights=tie_weights, strict=strict)
