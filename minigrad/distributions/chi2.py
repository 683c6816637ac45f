"""The chi-squared distribution."""

from . import constraints
from .gamma import Gamma


class Chi2(Gamma):
    """The gamma distribution of concentration df / 2 and rate 1 / 2"""

    arg_constraints = {"df": constraints.positive}

    def __init__(self, df, validate_args=None):
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return super().expand(batch_shape, _instance)

    @property
    def df(self):
        return self.concentration * 2
