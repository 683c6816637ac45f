"""The case tables, one file an op family; importing this package fills `case.CASES`."""

from parity_tests.ops import (
    activation,
    asking,
    comparison,
    convolution,
    creation,
    decomposition,
    embedding,
    formulas,
    indexing,
    linalg,
    loss,
    normalization,
    out,
    pointwise,
    pooling,
    reduction,
    scan,
    shape,
    sorting,
    special,
)
