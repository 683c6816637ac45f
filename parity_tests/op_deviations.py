"""The known differences of op cases, by reason: lines of case | dtype | checks, for the NumPy backend.

A line stands for whole checks: a finding in one layout makes the check of the case fail.
"""

KNOWN = {
    "torch rounds the gradient of a 0-d float32 operand to float16 on its way, ours does not": """
        div/with 0-d float32 | float16 | gradient
        div/with 0-d float32 in place | float16 | gradient
    """,
    "0-d, empty or misfitting inputs: refused in other words, or refused by one of the two only": """
        softmax/integers | int64 | value
        log_softmax/integers | int64 | value
        size/facts | float64 | gradient second graph
        size/out of range | float64 | value gradient second graph
        getitem/float | float64 | value gradient second graph
        getitem/string | float64 | value gradient second graph
        index_select/rows | float64 | value gradient second graph
        index_add/dim 0 | float64 | value gradient second graph
        masked_fill/scalar in place | float64 | value gradient second graph
        cross_entropy/probabilities | float64 | value gradient
        soft_margin_loss/of mean | float64 | value gradient second graph
        soft_margin_loss/of sum | float64 | value gradient second graph
        soft_margin_loss/of none | float64 | value gradient second graph
        multilabel_soft_margin_loss/of mean | float64 | value gradient second graph
        multilabel_soft_margin_loss/of sum | float64 | value gradient second graph
        multilabel_soft_margin_loss/of none | float64 | value gradient second graph
        ctc_loss/mean | float64 | value gradient graph
        ctc_loss/sum | float64 | value gradient graph
        ctc_loss/none | float64 | value gradient graph
        expand/kept | float64 | value gradient second graph
    """,
    "out= is checked for dtype and gradients by common rules, torch's kernels each have their own": """
        softmax/out, integers | float64 float32 | value
        softmax/out, requires grad | float64 float32 | value
        eq/out, requires grad | float64 float32 | value
        lt/out, requires grad | float64 float32 | value
        mm/out, integers | float64 float32 | value
        matmul/out, integers | float64 float32 | value
        neg/out, integers | float64 float32 | value
        abs/out, integers | float64 float32 | value
        mean/out, integers | float64 | value
    """,
    "the second derivative at kinks, infinities or over no elements: torch's conventions differ from op to op": """
        elu/functional | float64 | second
        logsigmoid/functional | float64 | second
        selu/functional | float64 | second
        mish/functional | float64 | second
        hardswish/functional | float64 | second
        celu/functional | float64 | second
        norm/p None | float64 | second
        norm/p 2 | float64 | second
        norm/p 3 | float64 | second
        norm/p inf | float64 | second
        norm/p -inf | float64 | second
        norm/p fro | float64 | second
        norm/dims | float64 | second
        smooth_l1_loss/mean | float64 | second
        smooth_l1_loss/sum | float64 | second
        smooth_l1_loss/none | float64 | second
        cross_entropy/probabilities | float64 | second
        pow/tensor, 0.5 | float64 | second
        pow/tensor, 0.5 in place | float64 | second
    """,
    "another order in memory, in the layout transposed": """
        logsigmoid/functional | float64 | value
        rrelu/not training | float64 | value
        rrelu/training | float64 | value
        scattering/index_fill | float64 | value
        scattering/put | float64 | value
        cross/plain | float64 | value
        rms_norm/weight | float64 | value
        rms_norm/plain | float64 | value
        pow/2, tensor | float64 | value
        pow/3, tensor | float64 | value
        pow/0, tensor | float64 | value
        pow/1, tensor | float64 | value
        pow/-1, tensor | float64 | value
        pow/0.5, tensor | float64 | value
        pow/-2, tensor | float64 | value
        pow/2.5, tensor | float64 | value
        pow/2.0, tensor | float64 | value
        sorting/sort | float64 | value
        sorting/sort descending | float64 | value
        sorting/sort stable | float64 | value
        sorting/argsort | float64 | value
        sorting/msort | float64 | value
    """,
    "torch stops at the first derivative here; ours goes on": """
        hardsigmoid/functional | float64 | second
        hardsigmoid/inplace option | float64 | second
        multi_margin_loss/of mean | float64 | second
        multi_margin_loss/of sum | float64 | second
        multi_margin_loss/of none | float64 | second
        multilabel_margin_loss/of mean | float64 | second
        multilabel_margin_loss/of sum | float64 | second
        multilabel_margin_loss/of none | float64 | second
    """,
    "the sign of a zero or infinity: torch's vectorised and plain loops disagree among themselves": """
        softshrink/functional | float64 | value
        pow/tensor, 0.5 | float64 | gradient
        pow/tensor, 0.5 in place | float64 | gradient
        clamp/min only | float64 | value
        clamp/max only | float64 | value
    """,
    "other words for what does not fit": """
        softshrink/bad lambd | float16 | value gradient
        scattering/masked_fill by integers | float64 | value gradient second graph
        scattering/masked_fill by integers | float32 | value gradient
        pos/operator | bool | value
        expand/fewer | bool | value
        shape/copies | float64 | value gradient second graph
    """,
    "torch fills transposed memory in another order than rows: other draws where the logits are transposed": """
        gumbel_softmax/soft | float64 | value gradient second
        gumbel_softmax/hard | float64 | value gradient second
    """,
    "a second derivative of zeros where torch has none, or none where it has zeros": """
        conv2d/no images | float64 | second
        prod/dim, to float32 | float64 | second
        cat/legacy empty | float64 | second
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
    "other nodes, in the layout empty": """
        getitem/tuple of slices | float64 | graph
    """,
    "torch refuses the gradient of a src larger than index, or of reduce=; ours follows from the formula": """
        scattering/scatter | float64 | gradient second
        scattering/scatter | float32 | gradient
        scattering/scatter add | float64 | gradient second graph
        scattering/scatter add | float32 | gradient
        scattering/scatter_add | float64 | gradient second
        scattering/scatter_add | float32 | gradient
        scattering/in place | float64 | gradient second
        scattering/in place | float32 | gradient
        scattering/scatter_reduce sum, True | float64 | gradient second
        scattering/scatter_reduce sum, True | float32 | gradient
        scattering/scatter_reduce sum, False | float64 | gradient second
        scattering/scatter_reduce sum, False | float32 | gradient
        scattering/scatter_reduce prod, True | float64 | gradient second
        scattering/scatter_reduce prod, True | float32 | gradient
        scattering/scatter_reduce prod, False | float64 | gradient second
        scattering/scatter_reduce prod, False | float32 | gradient
        scattering/scatter_reduce mean, True | float64 | gradient second
        scattering/scatter_reduce mean, True | float32 | gradient
        scattering/scatter_reduce mean, False | float64 | gradient second
        scattering/scatter_reduce mean, False | float32 | gradient
        scattering/scatter_reduce amax, True | float64 | gradient second
        scattering/scatter_reduce amax, True | float32 | gradient
        scattering/scatter_reduce amax, False | float64 | gradient second
        scattering/scatter_reduce amax, False | float32 | gradient
        scattering/scatter_reduce amin, True | float64 | gradient second
        scattering/scatter_reduce amin, True | float32 | gradient
        scattering/scatter_reduce amin, False | float64 | gradient second
        scattering/scatter_reduce amin, False | float32 | gradient
    """,
    "torch's backward refuses mixed dtypes that its forward takes; ours takes them in both": """
        huber_loss/mean | float64 | second
        huber_loss/sum | float64 | second
        huber_loss/none | float64 | second
        huber_loss/float32 target | float64 | gradient second
        huber_loss/float32 target | float16 | value gradient
        huber_loss/integer target | float64 | gradient second
        huber_loss/integer target | float32 float16 | gradient
    """,
    "other nodes, in the layout 0-d, empty": """
        cross_entropy/probabilities | float64 | graph
    """,
    "torch's backward refuses the transposed images that its forward takes": """
        nll_loss/images, mean | float64 | gradient second
        nll_loss/images, none | float64 | gradient second
    """,
    "other nodes, in the layout transposed": """
        rms_norm/weight | float64 | graph
        rms_norm/plain | float64 | graph
    """,
    "composed of other nodes": """
        floor_divide/operator | float64 | graph
    """,
    "another order in memory, in the layout strided": """
        shape/select_scatter | float64 | value
        shape/slice_scatter | float64 | value
        shape/diagonal_scatter | float64 | value
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
