"""The `_saved_*` and `_raw_saved_*` attributes of torch's nodes that ours lack, or give otherwise in some case, by reason."""

KNOWN = {
    "the signs of singular vectors and eigenvectors, which LAPACK and its callers are free to choose": """
        AbsBackward0.self LinalgEighBackward0.eigenvectors LinalgSvdBackward0.U LinalgSvdBackward0.Vh
        MmBackward0.mat2 MmBackward0.self
    """,
    "memory that torch has not written to: past the end of a sequence, and noise that was not drawn": """
        CtcLossBackward0.result1 RreluWithNoiseBackward0.noise
    """,
    "of an empty NumPy array torch takes over 0 as strides; and ours shows the strides of the factors that it keeps, torch "
    "those of the factors whose gradients are asked for": """
        AddmmBackward0.mat1_sym_strides MmBackward0.mat2_sym_strides MmBackward0.self_sym_strides
    """,
    "whether a bias was there that requires no gradient is kept nowhere, for it would cost every convolution": """
        ConvolutionBackward0.bias_sym_sizes_opt
    """,
    "torch keeps the padding 'valid' as one 0, which it then takes for all dimensions": """
        ConvolutionBackward0.output_padding ConvolutionBackward0.padding
    """,
    "worked out when it is looked at, so that there is nothing to give hooks to": """
        LinalgDetBackward0.raw_saved_LU LinalgDetBackward0.raw_saved_pivots LinalgSlogdetBackward0.raw_saved_LU
        LinalgSlogdetBackward0.raw_saved_pivots LinalgSolveExBackward0.raw_saved_LU
        LinalgSolveExBackward0.raw_saved_pivots LogSigmoidBackward0.raw_saved_buffer
        MaxPool2DWithIndicesBackward0.raw_saved_result1 MaxPool3DWithIndicesBackward0.raw_saved_result1
        MultilabelMarginLossBackward0.raw_saved_is_target
    """,
    "numbers are kept as numbers, and not as tensors": """
        DivBackward0.raw_saved_other MulBackward0.raw_saved_other
    """,
}
