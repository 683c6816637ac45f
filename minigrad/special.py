"""torch.special: names gathered from ops/, nothing defined."""

from .ops.activation import sigmoid as expit
from .ops.bessel import bessel_j0, bessel_j1, i0, i0e, i1, i1e
from .ops.bessel_second import (
    airy_ai,
    bessel_y0,
    bessel_y1,
    modified_bessel_i0,
    modified_bessel_i1,
    modified_bessel_k0,
    modified_bessel_k1,
    scaled_modified_bessel_k0,
    scaled_modified_bessel_k1,
    spherical_bessel_j0,
)  # fmt: skip
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
from .ops.polynomials import (
    chebyshev_polynomial_t,
    chebyshev_polynomial_u,
    chebyshev_polynomial_v,
    chebyshev_polynomial_w,
    hermite_polynomial_h,
    hermite_polynomial_he,
    laguerre_polynomial_l,
    legendre_polynomial_p,
    shifted_chebyshev_polynomial_t,
    shifted_chebyshev_polynomial_u,
    shifted_chebyshev_polynomial_v,
    shifted_chebyshev_polynomial_w,
)  # fmt: skip
from .ops.reduction import logsumexp
from .ops.rounding import round
from .ops.softmax import log_softmax, softmax
from .ops.special import erf, erfc, erfinv
from .ops.transcendental import exp2, expm1, log1p, sinc
