"""torch.special: names gathered from ops/, nothing defined."""

from .ops.activation import sigmoid as expit
from .ops.bessel import bessel_j0, bessel_j1, i0, i0e, i1, i1e
from .ops.gamma import (
    digamma,
    polygamma,
    zeta,
)  # fmt: skip
from .ops.gamma import (
    digamma as psi,
)
from .ops.gamma import (
    igamma as gammainc,
)
from .ops.gamma import (
    igammac as gammaincc,
)
from .ops.gamma import (
    lgamma as gammaln,
)
from .ops.gamma import (
    mvlgamma as multigammaln,
)
from .ops.gaussian import erfcx, log_ndtr, ndtr, ndtri
from .ops.logarithmic import entr, logit, xlog1py, xlogy
from .ops.reduction import logsumexp
from .ops.rounding import round
from .ops.softmax import log_softmax, softmax
from .ops.special import erf, erfc, erfinv
from .ops.transcendental import exp2, expm1, log1p, sinc
