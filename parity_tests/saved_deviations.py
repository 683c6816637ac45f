"""The `_saved_*` attributes of torch's nodes that ours lack, or give otherwise in some case, by reason."""

KNOWN = {
    "resolved before the op runs: None into dimensions, stride, correction or scale, ends cut to the size": """
        ConvolutionBackward0.padding
    """,
    "computed in another way, or, as strides of empty matrices and unused noise, without meaning": """
        AbsBackward0.self AddmmBackward0.mat1_sym_strides ClampMinBackward0.self CtcLossBackward0.result1
        LinalgEighBackward0.eigenvectors LinalgSvdBackward0.U LinalgSvdBackward0.Vh MmBackward0.mat2
        MmBackward0.mat2_sym_strides MmBackward0.self ProdBackward1.self RreluWithNoiseBackward0.noise
    """,
    "no formula of ours asks for it, so it is not kept, or not by itself": """
        ConvolutionBackward0.bias_sym_sizes_opt ConvolutionBackward0.output_padding MmBackward0.self_sym_strides
    """,
}
