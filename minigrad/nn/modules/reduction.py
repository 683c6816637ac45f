"""The deprecated way to say how a loss is reduced."""

import warnings


def legacy_reduction(size_average, reduce, emit_warning=True):
    """(size_average, reduce) -> 'mean', 'sum' or 'none'; None counts as True."""
    if reduce is False:
        reduction = "none"
    else:
        reduction = "sum" if size_average is False else "mean"
    if emit_warning:
        warnings.warn("size_average and reduce args will be deprecated, please use "
                      f"reduction='{reduction}' instead.", stacklevel=3)
    return reduction
