"""Layers as the torch namespace offers them: lower than torch.nn.functional, every argument given, in another order."""

from .. import dtypes
from . import dropout as noise
from . import normalization
from .arguments import declared
from .creation import ones_like
from .grid import MODES, PADDINGS, grid_sample
from .normalization import batch_norm_with_statistics, layer_norm_with_statistics
from .normalization import instance_norm as instance_norm_
from .out import takes_out

# ---- normalisation --------------------------------------------------------------------------------------------------


def batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled):
    """Each channel standardised; times weight plus bias"""
    return batch_norm_with_statistics(input, running_mean, running_var, weight, bias, training, momentum, eps)[0]


def instance_norm(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled):
    """Each channel of each sample standardised; times weight plus bias"""
    return instance_norm_(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)


@takes_out
@declared("native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, "
          "Tensor? running_var, bool training, float momentum, float eps)")
def native_batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps):
    """batch_norm, and the mean and 1 / sqrt(variance + eps) of each channel; nothing if those are the running ones"""
    if not input.numel():
        raise RuntimeError(f"input tensor must have at least one element, but got input_sizes = {list(input.shape)}")
    return batch_norm_with_statistics(input, running_mean, running_var, weight, bias, training, momentum, eps)


@declared("native_layer_norm(Tensor input, tuple of ints normalized_shape, Tensor? weight, Tensor? bias, float eps)")
def native_layer_norm(input, normalized_shape, weight, bias, eps):
    """layer_norm, and the mean and 1 / sqrt(variance + eps) of each layer"""
    return layer_norm_with_statistics("native_layer_norm", input, normalized_shape, weight, bias, eps)


@declared("native_group_norm(Tensor input, Tensor? weight, Tensor? bias, int N, int C, int HxW, int group, float eps)")
def native_group_norm(input, weight, bias, N, C, HxW, group, eps):
    """group_norm of N samples of C channels of HxW elements, and the mean and 1 / sqrt(variance + eps) of each group"""
    return normalization.native_group_norm(*normalization.group_norm_operands(input, weight, bias), group, eps)


# ---- dropout --------------------------------------------------------------------------------------------------------


def _dropping(name, drop):
    """The function of an input, p and train, and its in-place twin"""

    def of(name, inplace):
        def dropout(input, p, train):
            noise.check(p, RuntimeError)
            return drop(input, p, inplace) if train else input

        dropout.__name__ = dropout.__qualname__ = name
        dropout.__doc__ = drop.__doc__
        return dropout

    return of(name, False), of(name + "_", True)


dropout, dropout_ = _dropping("dropout", noise.dropped)
alpha_dropout, alpha_dropout_ = _dropping("alpha_dropout", noise.alpha_dropped)


def _feature_dropped(input, p, inplace):
    """dropout of whole channels"""
    return noise.dropped(input, p, inplace, feature=True)


def _feature_alpha_dropped(input, p, inplace):
    """alpha_dropout of whole channels"""
    return noise.alpha_dropped(input, p, inplace, feature=True)


feature_dropout, feature_dropout_ = _dropping("feature_dropout", _feature_dropped)


@declared("native_dropout(Tensor input, float p, bool? train)")
def native_dropout(input, p, train):
    """dropout, and which elements were kept; without training the input itself, and all of them"""
    if train is False:
        return noise.masked_dropout(input, ones_like(input.detach(), dtype=dtypes.bool_), p, train)
    return noise.native_dropped(input, p, train)
feature_alpha_dropout, feature_alpha_dropout_ = _dropping("feature_alpha_dropout", _feature_alpha_dropped)

# ---- sampling a grid ------------------------------------------------------------------------------------------------

def _sampler(name):
    @declared(f"{name}(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners)")
    def grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners):
        """input at the points of a grid; the modes by number"""
        return grid_sample(input, grid, MODES[interpolation_mode], PADDINGS[padding_mode], align_corners)

    grid_sampler.__name__ = grid_sampler.__qualname__ = name
    return grid_sampler


grid_sampler, grid_sampler_2d, grid_sampler_3d = map(_sampler, ("grid_sampler", "grid_sampler_2d", "grid_sampler_3d"))
