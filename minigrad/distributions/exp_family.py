"""ExponentialFamily: the distributions whose density is exp(parameters * statistics - log normalizer)."""

from .distribution import Distribution


class ExponentialFamily(Distribution):
    """A marker: what these distributions compute, each computes by its own formula."""
