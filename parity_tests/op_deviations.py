"""The known differences of op cases, by reason: lines of case | dtype | checks, for the NumPy backend.

A line stands for whole checks: a finding in one layout makes the check of the case fail.
"""

KNOWN = {
    "torch rounds the gradient of a 0-d float32 operand to float16 on its way, ours does not": """
        div/with 0-d float32 | float16 | gradient
        div/with 0-d float32 in place | float16 | gradient
    """,
    "torch writes into softmax's out= also where the input requires grad, and leaves a node without derivative": """
        softmax/out, requires grad | float64 float32 | value
    """,
    "differentiated twice, a convolution of no images has zeros here where torch has no gradient": """
        conv2d/no images | float64 | second
    """,
    "a second derivative of zeros where torch has none, or none where it has zeros": """
    """,
    "strides beside a size of 0 are computed from the sizes; torch keeps those that NumPy made up for the array (0 here)": """
        size/facts | float64 | value
    """,
    "of equal values torch's quickselect takes another one than the first: which one is left open": """
        sorting/kthvalue kept | float64 | value gradient second
    """,
}  # fmt: skip


def entries():
    """(case, reason, dtype, check) of each line's checks."""
    for reason, lines in KNOWN.items():
        for line in lines.strip().splitlines():
            case, dtypes, checks = (part.strip() for part in line.rsplit("|", 2))
            yield from ((case, reason, dtype, check) for dtype in dtypes.split() for check in checks.split())
