"""torch.special: names gathered from ops/, nothing defined."""

from .ops.activation import sigmoid as expit
from .ops.logarithmic import entr, logit, xlog1py, xlogy
from .ops.reduction import logsumexp
from .ops.rounding import round
from .ops.softmax import log_softmax, softmax
from .ops.special import erf, erfc, erfinv
from .ops.transcendental import exp2, expm1, log1p, sinc
