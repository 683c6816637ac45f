"""Von Mises's distribution of angles: the normal distribution's counterpart on a circle."""

import math

from ..autograd.modes import no_grad
from ..dtypes import bool_, float64
from ..ops.comparison import where
from ..ops.creation import empty, zeros
from ..ops.sampling import rand
from ..ops.transcendental import cos
from . import constraints
from .distribution import Distribution
from .utils import broadcast_all, lazy_property

# I_0 and I_1 below and above 3.75: polynomials of Abramowitz and Stegun, 9.8.1 to 9.8.4
SMALL = ((1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813),
         (0.5, 0.87890594, 0.51498869, 0.15084934, 0.02658733, 0.00301532, 0.00032411))  # fmt: skip
LARGE = ((0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537, -0.01647633, 0.00392377),
         (0.39894228, -0.03988024, -0.00362018, 0.00163801, -0.01031555, 0.02282967, -0.02895312, 0.01787654,
          -0.00420059))  # fmt: skip


def _polynomial(x, coefficients):
    result = coefficients[-1]
    for factor in reversed(coefficients[:-1]):
        result = factor + x * result
    return result


def _log_bessel(x, order):
    """log I_order(x)"""
    t = x / 3.75
    small = _polynomial(t * t, SMALL[order])
    small = (x.abs() * small if order else small).log()
    return where(x < 3.75, small, x - 0.5 * x.log() + _polynomial(3.75 / x, LARGE[order]).log())


class VonMises(Distribution):
    """density e^(concentration cos(x - loc)) / (2 pi I_0(concentration))"""

    arg_constraints = {"loc": constraints.real, "concentration": constraints.positive}
    support = constraints.real
    has_rsample = False

    def __init__(self, loc, concentration, validate_args=None):
        self.loc, self.concentration = broadcast_all(loc, concentration)
        super().__init__(self.loc.shape, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return type(self)(self.loc.expand(batch_shape), self.concentration.expand(batch_shape),
                          validate_args=self._validate_args)  # fmt: skip

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return self.concentration * cos(value - self.loc) - math.log(2 * math.pi) - _log_bessel(self.concentration, 0)

    @lazy_property
    def _proposal(self):
        """How wide the wrapped Cauchy distribution is from which angles are proposed"""
        kappa = self.concentration.to(float64)
        tau = 1 + (1 + 4 * kappa**2).sqrt()
        rho = (tau - (2 * tau).sqrt()) / (2 * kappa)
        return where(kappa < 1e-5, 1 / kappa + kappa, (1 + rho**2) / (2 * rho))

    def sample(self, sample_shape=()):
        """Best and Fisher's rejection (1979), in float64"""
        shape = self._extended_shape(sample_shape)
        with no_grad():
            loc, kappa, r = self.loc.to(float64), self.concentration.to(float64), self._proposal
            x = empty(shape, dtype=float64, device=self.loc.device)
            done = zeros(shape, dtype=bool_, device=self.loc.device)
            while not bool(done.all()):
                first, second, third = rand((3, *shape), dtype=float64, device=self.loc.device).unbind()
                z = cos(math.pi * first)
                f = (1 + r * z) / (r + z)
                c = kappa * (r - f)
                accept = (c * (2 - c) - second > 0) | ((c / second).log() + 1 - c >= 0)
                x, done = where(accept, (third - 0.5).sign() * f.acos(), x), done | accept
            return ((x + math.pi + loc) % (2 * math.pi) - math.pi).to(self.loc.dtype)

    @property
    def mean(self):
        return self.loc

    @property
    def mode(self):
        return self.loc

    @lazy_property
    def variance(self):
        return 1 - (_log_bessel(self.concentration, 1) - _log_bessel(self.concentration, 0)).exp()
