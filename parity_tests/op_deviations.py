"""The known differences of op cases, by reason: lines of case | dtype | checks, for the NumPy backend.

A line stands for whole checks: a finding in one layout makes the check of the case fail.
"""

KNOWN = {
    "torch rounds the gradient of a 0-d float32 operand to float16 on its way, ours does not": """
        div/with 0-d float32 | float16 | gradient
        div/with 0-d float32 in place | float16 | gradient
    """,
    "out= is checked for dtype and gradients by common rules, torch's kernels each have their own": """
        eq/out, requires grad | float64 float32 | value
        lt/out, requires grad | float64 float32 | value
        neg/out, integers | float64 float32 | value
        abs/out, integers | float64 float32 | value
        mean/out, integers | float64 | value
    """,
    "torch writes into softmax's out= also where the input requires grad, and leaves a node without derivative": """
        softmax/out, requires grad | float64 float32 | value
    """,
    "the second derivative at kinks, infinities or over no elements: torch's conventions differ from op to op": """
        norm/p None | float64 | second
        norm/p 2 | float64 | second
        norm/p 3 | float64 | second
        norm/p inf | float64 | second
        norm/p -inf | float64 | second
        norm/p fro | float64 | second
        norm/dims | float64 | second
        pow/tensor, 0.5 | float64 | second
        pow/tensor, 0.5 in place | float64 | second
    """,
    "another order in memory, in the layout transposed": """
        pow/2, tensor | float64 | value
        pow/3, tensor | float64 | value
        pow/0, tensor | float64 | value
        pow/1, tensor | float64 | value
        pow/-1, tensor | float64 | value
        pow/0.5, tensor | float64 | value
        pow/-2, tensor | float64 | value
        pow/2.5, tensor | float64 | value
        pow/2.0, tensor | float64 | value
    """,
    "the sign of a zero or infinity: torch's vectorised and plain loops disagree among themselves": """
        pow/tensor, 0.5 | float64 | gradient
        pow/tensor, 0.5 in place | float64 | gradient
        clamp/min only | float64 | value
        clamp/max only | float64 | value
    """,
    "other words for what does not fit": """
        pos/operator | bool | value
    """,
    "differentiated twice, a convolution of no images has zeros here where torch has no gradient": """
        conv2d/no images | float64 | second
    """,
    "a second derivative of zeros where torch has none, or none where it has zeros": """
        prod/dim, to float32 | float64 | second
        sorting/kthvalue kept | float64 | second
    """,
    "what makes no tensor is refused in other words, or out of int's range is taken (inf as an int)": """
        tensor/complex, float64 | float64 float32 float16 | value
        tensor/complex, int | float64 float32 float16 | value
        tensor/None, float64 | float64 float32 float16 | value
        tensor/None, int | float64 float32 float16 | value
        tensor/list of None | float64 float32 float16 | value
        tensor/list of None, int | float64 float32 float16 | value
        tensor/ragged depth | float64 float32 float16 | value
        tensor/ragged depth, int | float64 float32 float16 | value
        tensor/huge, float64 | float64 float32 float16 | value
        tensor/inf, int | float64 float32 float16 | value
        tensor/dict | float64 float32 float16 | value
        tensor/dict, int | float64 float32 float16 | value
        tensor/too large | float64 float32 float16 | value
        tensor/too large, int | float64 float32 float16 | value
    """,
    "size and stride of 0-d and empty tensors: other words, and the strides beside a size of 0": """
        size/facts | float64 | value
    """,
    "composed of other nodes": """
        floor_divide/operator | float64 | graph
    """,
    "of equal values torch picks another one than the first": """
        sorting/kthvalue kept | float64 | value gradient
    """,
}  # fmt: skip


def entries():
    """(case, reason, dtype, check) of each line's checks."""
    for reason, lines in KNOWN.items():
        for line in lines.strip().splitlines():
            case, dtypes, checks = (part.strip() for part in line.rsplit("|", 2))
            yield from ((case, reason, dtype, check) for dtype in dtypes.split() for check in checks.split())
