"""Layers that learn the size of their input from the first one: they wait with their parameters, and then become the
layer itself."""

from ...dtypes import int64
from ...ops.creation import tensor
from ..parameter import UninitializedBuffer, UninitializedParameter, is_lazy
from .batchnorm import BatchNorm1d, BatchNorm2d, BatchNorm3d
from .conv import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from .instancenorm import InstanceNorm1d, InstanceNorm2d, InstanceNorm3d
from .linear import Linear


class LazyModuleMixin:
    """What they share.  `cls_to_become` is the layer, `size_name` its attribute that the first input gives."""

    cls_to_become: type
    size_name = "in_channels"

    def has_uninitialized_params(self):
        """Whether a parameter or buffer still waits"""
        return any(map(is_lazy, [*self._parameters.values(), *self._buffers.values()]))

    def reset_parameters(self):
        if not self.has_uninitialized_params() and getattr(self, self.size_name) != 0:
            super().reset_parameters()

    def _size_of(self, input):
        if input.dim() not in (len(self.kernel_size) + 1, len(self.kernel_size) + 2):
            n = len(self.kernel_size)
            raise RuntimeError(f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {type(self).__name__}, but got "
                               f"input of size: {input.shape}")
        return input.shape[-len(self.kernel_size) - 1]

    def _shapes(self):
        """The sizes of the tensors that wait, by name"""
        channels = (self.out_channels, self.in_channels // self.groups)
        if self.transposed:
            channels = (self.in_channels, self.out_channels // self.groups)
        return {"weight": (*channels, *self.kernel_size), "bias": (self.out_channels,)}

    def initialize_parameters(self, input):
        """Give what waits the sizes that fit an input, and its first values"""
        setattr(self, self.size_name, self._size_of(input))
        if self.has_uninitialized_params():
            for name, shape in self._shapes().items():
                if is_lazy(getattr(self, name)):
                    getattr(self, name).materialize(shape)
            self.reset_parameters()

    def _save_to_state_dict(self, destination, prefix, keep_vars):
        for name, member in self._persistent_members():
            destination[prefix + name] = member if keep_vars or is_lazy(member) else member.detach()

    def _load_member(self, name, member, key, given, *rest):
        if is_lazy(member):
            member.materialize(given.shape)
        super()._load_member(name, member, key, given, *rest)

    def forward(self, *input, **kwargs):
        self.initialize_parameters(input[0])
        self.__class__ = self.cls_to_become
        return self.forward(*input, **kwargs)


class LazyLinear(LazyModuleMixin, Linear):
    """Linear with in_features of the first input"""

    cls_to_become, size_name = Linear, "in_features"

    def __init__(self, out_features, bias=True, device=None, dtype=None):
        super().__init__(0, 0, False)
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.out_features = out_features
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)

    def _size_of(self, input):
        return input.shape[-1]

    def _shapes(self):
        return {"weight": (self.out_features, self.in_features), "bias": (self.out_features,)}


class _LazyConv(LazyModuleMixin):
    """A convolution with in_channels of the first input"""

    def __init__(self, out_channels, kernel_size, *args, bias=True, device=None, dtype=None, **kwargs):
        super().__init__(0, 0, kernel_size, *args, bias=False, **kwargs)
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.out_channels = out_channels
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)


class LazyConv1d(_LazyConv, Conv1d):
    cls_to_become = Conv1d


class LazyConv2d(_LazyConv, Conv2d):
    cls_to_become = Conv2d


class LazyConv3d(_LazyConv, Conv3d):
    cls_to_become = Conv3d


class LazyConvTranspose1d(_LazyConv, ConvTranspose1d):
    cls_to_become = ConvTranspose1d


class LazyConvTranspose2d(_LazyConv, ConvTranspose2d):
    cls_to_become = ConvTranspose2d


class LazyConvTranspose3d(_LazyConv, ConvTranspose3d):
    cls_to_become = ConvTranspose3d


class _LazyNorm(LazyModuleMixin):
    """A normalisation with num_features of the first input"""

    size_name = "num_features"

    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, bias=True):
        super().__init__(0, eps, momentum, False, False)
        self.affine, self.track_running_stats = affine, track_running_stats
        options = {"device": device, "dtype": dtype}
        if affine:
            self.weight = UninitializedParameter(**options)
            self.bias = UninitializedParameter(**options) if bias else None
        if track_running_stats:
            self.running_mean, self.running_var = UninitializedBuffer(**options), UninitializedBuffer(**options)
            self.num_batches_tracked = tensor(0, dtype=int64, device=device)

    def _size_of(self, input):
        return input.shape[1]

    def _shapes(self):
        return dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (self.num_features,))


class LazyBatchNorm1d(_LazyNorm, BatchNorm1d):
    cls_to_become = BatchNorm1d


class LazyBatchNorm2d(_LazyNorm, BatchNorm2d):
    cls_to_become = BatchNorm2d


class LazyBatchNorm3d(_LazyNorm, BatchNorm3d):
    cls_to_become = BatchNorm3d


class LazyInstanceNorm1d(_LazyNorm, InstanceNorm1d):
    cls_to_become = InstanceNorm1d


class LazyInstanceNorm2d(_LazyNorm, InstanceNorm2d):
    cls_to_become = InstanceNorm2d


class LazyInstanceNorm3d(_LazyNorm, InstanceNorm3d):
    cls_to_become = InstanceNorm3d
