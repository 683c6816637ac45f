"""The known differences of op cases in forward mode, by reason: lines of case | checks (forward.py), in float64.

A line stands for whole checks: a finding in one layout makes the check of the case fail.
"""

KNOWN = {
    "the layout of what a copying view gives is not torch's where its tangent is copied": """
        asking/view_copy of any order | forward mixed
        shape/copies | forward mixed
    """,
    "torch's tangent of a scattered product, or of its gradient, is wrong or missing; differences agree with ours": """
        scatter_reduce/prod, src of (1, 3) | forward mixed
        scatter_reduce/prod, src of (3, 3) | forward mixed
        scatter_reduce/prod, src of (2, 4) | forward
        scattering/scatter_reduce prod, True | forward mixed
        scattering/scatter_reduce prod, False | forward mixed
        opinfo/scatter_reduce.prod | forward mixed
    """,
    "torch refuses forward mode before it looks at the other arguments": """
        index_reduce/wrong vector | forward mixed
        index_reduce/wrong dtype | forward mixed
        index_reduce/wrong source dtype | forward mixed
        index_reduce/wrong count | forward mixed
        index_reduce/wrong shape | forward mixed
        index_reduce/wrong range | forward mixed
        scattering/scatter bad reduce | forward mixed
        multi_margin_loss/of mean | forward mixed
        multi_margin_loss/of sum | forward mixed
        multi_margin_loss/of none | forward mixed
        ctc_loss/mean | forward mixed
        ctc_loss/sum | forward mixed
        ctc_loss/none | forward mixed
    """,
    "torch lets the tangent of the triangle that is not read count, ours does not": """
        eigvalsh/linalg: eigvalsh | mixed
        cholesky_inverse/linalg: cholesky_inverse | forward mixed
        triangular_solve/linalg: triangular_solve | forward mixed
        opinfo/triangular_solve | forward mixed
        opinfo/linalg.cholesky | forward mixed
        opinfo/linalg.cholesky_ex | forward mixed
        opinfo/linalg.eigh | forward mixed
        opinfo/linalg.eigvalsh | mixed
    """,
    "of nothing, or of too few numbers, torch's tangents are nan where the sum over nothing is 0, or the other way round": """
        mse_loss/mean | forward
        mse_loss/broadcast | forward
        mse_loss/criterion | forward
        smooth_l1_loss/mean | forward
        smooth_l1_loss/broadcast | forward
        smooth_l1_loss/criterion | forward
        huber_loss/mean | forward
        huber_loss/broadcast | forward
        huber_loss/criterion | forward
        cross_entropy/no rows, mean | forward
        nll_loss/no rows, mean | forward
        binary_cross_entropy/mean | forward
        binary_cross_entropy_with_logits/mean | forward
        binary_cross_entropy/of mean | forward
        binary_cross_entropy_with_logits/of mean | forward
        smooth_l1_loss/beta | forward
        huber_loss/delta | forward
        std/all | forward
        std/uncorrected | forward mixed
        std/correction | forward mixed
        logsumexp/keepdim | forward
        var/without freedom | forward
        std/without freedom | forward
        var_mean/without freedom | forward
        std_mean/without freedom | forward
        std_mean/all | forward
        std_mean/dims, correction | forward
        var_mean/all | forward
        var_mean/dims, correction | forward
        std/one number | forward mixed
        std/over-corrected | forward
        logcumsumexp/empty | forward mixed
    """,
    "with a target or result of another dtype, torch refuses or widens where it computes the tangent": """
        mse_loss/integer target | forward mixed
        smooth_l1_loss/integer target | forward mixed
        huber_loss/float32 target | forward mixed
        huber_loss/integer target | forward mixed
        huber_loss/target of float16 | forward mixed
        huber_loss/target of float32 | forward mixed
        mse_loss/target of int64 | forward mixed
        smooth_l1_loss/target of int64 | forward mixed
        huber_loss/target of int64 | forward mixed
        mse_loss/target of bool | forward mixed
        smooth_l1_loss/target of bool | forward mixed
        huber_loss/target of bool | forward mixed
        binary_cross_entropy_with_logits/float32 target, mean | forward
        binary_cross_entropy_with_logits/float32 target, none | forward
        prod/dim, to float32 | forward
        mse_loss/float32 target | mixed
        smooth_l1_loss/float32 target | mixed
    """,
    "at nan, at infinities, at ties, and where 0 is divided by or an op refuses to go back, the tangent is a convention": """
        div/with float32 in place | forward mixed
        div/with float16 | forward mixed
        div/with float16 in place | forward mixed
        maximum/broadcast | forward
        minimum/broadcast | forward
        max/all | forward
        max/two tensors | forward
        min/all | forward
        min/two tensors | forward
        dist/p 0 | forward
        mse_loss/mean | mixed
        mse_loss/sum | mixed
        mse_loss/none | mixed
        smooth_l1_loss/mean | mixed
        smooth_l1_loss/sum | mixed
        smooth_l1_loss/none | mixed
        cumprod/dim 0 | mixed
        cumprod/dim 1 | mixed
        cumprod/dim -1 | mixed
        cumprod/own dtype | mixed
        cumprod/own dtype in place | mixed
        cumprod/square | mixed
        logit/outside | mixed
    """,
    "torch writes over what the computation of the tangent has saved, and cannot differentiate it; ours keeps it": """
        softmax/dim 0 | mixed
        softmax/dim 1 | mixed
        softmax/dim -1 | mixed
        softmax/3-d | mixed
        softmax/method | mixed
        softmax/to float64 | mixed
        softmax/large | mixed
        softmax/one class | mixed
        log_softmax/dim 0 | mixed
        log_softmax/dim 1 | mixed
        log_softmax/dim -1 | mixed
        log_softmax/3-d | mixed
        log_softmax/method | mixed
        log_softmax/to float64 | mixed
        log_softmax/large | mixed
        log_softmax/one class | mixed
        softmin/dim | mixed
        gumbel_softmax/soft | mixed
        gumbel_softmax/hard | mixed
        matrix_norm/linalg: matrix_norm 1 | mixed
        matrix_norm/linalg: matrix_norm 1, not square | mixed
        matrix_norm/linalg: matrix_norm -inf | mixed
        matrix_norm/linalg: matrix_norm -inf, not square | mixed
        scaled_dot_product_attention/3-d | mixed
        cross_entropy/matrix, mean | mixed
        cross_entropy/matrix, sum | mixed
        cross_entropy/matrix, none | mixed
        cross_entropy/vector, mean | mixed
        cross_entropy/vector, none | mixed
        cross_entropy/images, mean | mixed
        cross_entropy/images, none | mixed
        cross_entropy/sequence, mean | mixed
        cross_entropy/sequence, none | mixed
        cross_entropy/no rows, mean | mixed
        cross_entropy/no rows, none | mixed
        cross_entropy/weight, mean | mixed
        cross_entropy/ignore_index, mean | mixed
        cross_entropy/weight, sum | mixed
        cross_entropy/ignore_index, sum | mixed
        cross_entropy/weight, none | mixed
        cross_entropy/ignore_index, none | mixed
        cross_entropy/all ignored | mixed
        cross_entropy/criterion | mixed
        cross_entropy/probabilities | mixed
        cross_entropy/smoothing | mixed
        cross_entropy/smoothing and weight | mixed
        nll_loss/of logits | mixed
        norm/p 1 | mixed
        norm/p 1, dim | mixed
        norm/p 1, keepdim | mixed
        logsumexp/dim | mixed
        logsumexp/keepdim | mixed
        dist/p 1 | mixed
        renorm/p 1 | mixed
        renorm/p 1 in place | mixed
        logcumsumexp/dim 0 | mixed
        logcumsumexp/dim 1 | mixed
        logcumsumexp/dim -1 | mixed
        logcumsumexp/method | mixed
        logcumsumexp/0-d | mixed
        opinfo/softmax | mixed
        opinfo/softmax.with_dtype | mixed
        opinfo/nn.functional.softmin | mixed
        opinfo/nn.functional.softmin.with_dtype | mixed
        opinfo/nn.functional.cross_entropy | mixed
        opinfo/nn.functional.linear_cross_entropy | mixed
        opinfo/nn.functional.normalize | mixed
        opinfo/nn.functional.scaled_dot_product_attention | mixed
        opinfo/logsumexp | mixed
        opinfo/logcumsumexp | mixed
        opinfo/log_softmax | mixed
        opinfo/log_softmax.with_dtype | mixed
        opinfo/nn.functional.multi_head_attention_forward | mixed
    """,
    "torch has no derivative of the tangent of glu": """
        glu/last | mixed
        glu/first | mixed
        opinfo/nn.functional.glu | mixed
    """,
    "torch takes parts of the result for constants when it differentiates a tangent; differences agree with ours": """
        det/linalg: det | mixed
        slogdet/linalg: slogdet | mixed
        logdet/linalg: logdet | mixed
        eigh/linalg: eigh, projector | mixed
        solve/linalg: solve | mixed
        solve/linalg: solve right | mixed
        solve/linalg: solve vector | mixed
        det/singular | mixed
        tensorsolve/matrix | mixed
        batch_norm/running 2-d | mixed
        batch_norm/batch 2-d | mixed
        layer_norm/2-d | mixed
        batch_norm/running 3-d | mixed
        batch_norm/batch 3-d | mixed
        layer_norm/3-d | mixed
        batch_norm/running 4-d | mixed
        batch_norm/batch 4-d | mixed
        layer_norm/4-d | mixed
        instance_norm/running 3-d | mixed
        instance_norm/plain | mixed
        layer_norm/affine | mixed
        layer_norm/float64 weight, None bias | mixed
        layer_norm/float64 weight, float64 bias | mixed
        batch_norm/float64 weight, None bias | mixed
        batch_norm/float64 weight, float64 bias | mixed
        instance_norm/float64 weight, None bias | mixed
        instance_norm/float64 weight, float64 bias | mixed
        instance_norm/running float16 and float16 | mixed
        instance_norm/running float16 and float32 | mixed
        instance_norm/running float16 and float64 | mixed
        instance_norm/running float32 and float16 | mixed
        instance_norm/running float32 and float32 | mixed
        instance_norm/running float32 and float64 | mixed
        instance_norm/running float64 and float64 | mixed
        opinfo/native_layer_norm | mixed
        opinfo/native_batch_norm | mixed
        opinfo/nn.functional.instance_norm | mixed
        opinfo/nn.functional.layer_norm | mixed
        opinfo/nn.functional.batch_norm | mixed
        opinfo/logdet | mixed
        opinfo/linalg.det | mixed
        opinfo/linalg.householder_product | mixed
        opinfo/linalg.slogdet | mixed
        opinfo/linalg.solve | mixed
        opinfo/linalg.solve_ex | mixed
        opinfo/linalg.tensorsolve | mixed
    """,
    "torch has no tangent of this loss's gradient, ours is composed of ops that have one": """
        huber_loss/mean | mixed
        huber_loss/sum | mixed
        huber_loss/none | mixed
        huber_loss/broadcast | mixed
        huber_loss/mismatch | mixed
        huber_loss/criterion | mixed
        soft_margin_loss/of mean | mixed
        soft_margin_loss/of sum | mixed
        soft_margin_loss/of none | mixed
        huber_loss/delta | mixed
        huber_loss/target of float64 | mixed
        soft_margin_loss/float32 target, mean | mixed
        soft_margin_loss/float32 target, none | mixed
        soft_margin_loss/float64 target, mean | mixed
        soft_margin_loss/float64 target, none | mixed
        soft_margin_loss/int64 target, mean | mixed
        soft_margin_loss/int64 target, none | mixed
        opinfo/nn.functional.soft_margin_loss | mixed
        opinfo/nn.functional.huber_loss | mixed
    """,
    "torch's backward refuses this layout, and so does ours, though torch's forward mode does not need it": """
        nll_loss/images, mean | mixed
        nll_loss/images, none | mixed
    """,
    "torch writes into zeros that it keeps unwritten, where only one of two dtypes has a tangent": """
        mse_loss/target of float16 | mixed
        mse_loss/target of float32 | mixed
        mse_loss/target of float64 | mixed
    """,
    "options=, which has torch compute the loss in chunks, is not built": """
        opinfo/nn.functional.linear_cross_entropy.chunked | forward mixed
        opinfo/nn.functional.linear_cross_entropy.chunked_none | forward mixed
    """,
    "NumPy has no bfloat16": """
        opinfo/bfloat16 | forward mixed
    """,
    "the exponentials of large numbers are taken apart by sign and cancel, in torch's formula and in ours": """
        opinfo/logcumsumexp | forward
    """,
}  # fmt: skip


def entries():
    """(case, check) -> reason"""
    lines = [(line, reason) for reason, lines in KNOWN.items() for line in lines.strip().splitlines()]
    return {(line.rpartition("|")[0].strip(), check): reason
        for line, reason in lines for check in line.rpartition(" | ")[2].split()}
