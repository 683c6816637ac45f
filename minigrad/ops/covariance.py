"""Covariances and correlations of variables, one a row, from observations, one a column."""

from ..backends import on_its_device
from ..dtypes import FLOAT, SCALAR_TYPE, int64
from .comparison import clamp
from .creation import scalar_tensor
from .linalg import mm
from .pointwise import sqrt
from .shape import squeeze, t, unsqueeze, view
from .views import diagonal


def _check_dims(name, what, x, limit):
    if x.dim() > limit:
        raise RuntimeError(f"{name}(): expected {what} to have {'two' if limit == 2 else 'one'} or fewer dimensions but "
                           f"got {'an input' if what == 'input' else what} with {x.dim()} dimensions")


@on_its_device
def _check_weights(fweights, aweights, observations):
    if fweights is not None:
        _check_dims("cov", "fweights", fweights, 1)
        if fweights.dtype.category >= FLOAT or SCALAR_TYPE[fweights.dtype] == "Bool":
            raise RuntimeError(f"cov(): expected fweights to have integral dtype but got fweights with "
                               f"{SCALAR_TYPE[fweights.dtype]} dtype")
    if aweights is not None:
        _check_dims("cov", "aweights", aweights, 1)
        if aweights.dtype.category != FLOAT:
            raise RuntimeError(f"cov(): expected aweights to have floating point dtype but got aweights with "
                               f"{SCALAR_TYPE[aweights.dtype]} dtype")
    for name, w in (("fweights", fweights), ("aweights", aweights)):
        if w is not None and w.numel() != observations:
            raise RuntimeError(f"cov(): expected {name} to have the same numel as there are observations in the input "
                               f"but got {w.numel()} != {observations}")
        if w is not None and (w._data < 0).any():
            raise RuntimeError(f"cov(): {name} cannot be negative")


def cov(input, *, correction=1, fweights=None, aweights=None):
    """The covariance matrix: (X - mean) W (X - mean)^T / normalization, X the variables in rows"""
    _check_dims("cov", "input", input, 2)
    if SCALAR_TYPE[input.dtype] == "Bool":
        raise RuntimeError("cov(): bool dtype is not supported for input")
    X = view(input, 1, -1) if input.dim() < 2 else input
    observations = X.shape[1]
    _check_weights(fweights, aweights, observations)
    w = None
    if fweights is not None or aweights is not None:
        w = fweights if aweights is None else aweights if fweights is None else fweights * aweights
    total = scalar_tensor(observations, dtype=int64, device=input.device) if w is None else w.sum()
    mean = (X if w is None else X * w).sum(1) / total
    if w is not None and aweights is not None and correction != 0:
        norm = total - correction * (w * aweights).sum() / total
    else:
        norm = total if correction == 0 else total - correction
    centred = X - unsqueeze(mean, 1)
    weighted = centred if w is None else centred * w
    return squeeze(mm(centred, t(weighted)) / norm)


def corrcoef(input):
    """The correlation matrix: covariances divided by both standard deviations"""
    _check_dims("corrcoef", "input", input, 2)
    C = cov(input)
    if C.dim() == 0:
        return C / C
    deviation = sqrt(diagonal(C))
    return clamp(C / view(deviation, -1, 1) / view(deviation, 1, -1), -1, 1)
