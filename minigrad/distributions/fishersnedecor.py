"""Fisher and Snedecor's distribution: the ratio of two chi-squared numbers, each over its degrees of freedom."""

from ..dtypes import finfo
from ..memory_format import contiguous_format
from . import constraints
from .distribution import Distribution
from .gamma import Gamma
from .utils import broadcast_all, shape_of

NAN = float("nan")


class FisherSnedecor(Distribution):
    """(x / df1) / (y / df2) for x of Chi2(df1) and y of Chi2(df2)"""

    arg_constraints = {"df1": constraints.positive, "df2": constraints.positive}
    support = constraints.positive
    has_rsample = True

    def __init__(self, df1, df2, validate_args=None):
        self.df1, self.df2 = broadcast_all(df1, df2)
        self._gamma1, self._gamma2 = Gamma(self.df1 * 0.5, self.df1), Gamma(self.df2 * 0.5, self.df2)
        shape = shape_of(df1, df2)
        super().__init__(self.df1.size() if shape is None else shape, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(_instance, batch_shape, **{name: self.__dict__[name].expand(batch_shape)
                                                         for name in ("df1", "df2", "_gamma1", "_gamma2")})  # fmt: skip

    def _df2_above(self, least):
        df2 = self.df2.clone(memory_format=contiguous_format)
        df2[df2 <= least] = NAN
        return df2

    @property
    def mean(self):
        df2 = self._df2_above(2)
        return df2 / (df2 - 2)

    @property
    def mode(self):
        mode = (self.df1 - 2) / self.df1 * self.df2 / (self.df2 + 2)
        mode[self.df1 <= 2] = NAN
        return mode

    @property
    def variance(self):
        df2 = self._df2_above(4)
        return 2 * df2.pow(2) * (self.df1 + df2 - 2) / (self.df1 * (df2 - 2).pow(2) * (df2 - 4))

    def rsample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        first, second = (one.rsample(sample_shape).view(shape) for one in (self._gamma1, self._gamma2))
        tiny = finfo(second.dtype).tiny
        second.clamp_(min=tiny)
        return (first / second).clamp_(min=tiny)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        half1, half2, ratio = self.df1 * 0.5, self.df2 * 0.5, self.df1 / self.df2
        norm = (half1 + half2).lgamma() - half1.lgamma() - half2.lgamma()
        return norm + (half1 * ratio.log() + (half1 - 1) * value.log()) - (half1 + half2) * (ratio * value).log1p()
