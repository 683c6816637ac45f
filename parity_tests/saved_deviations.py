"""The `_saved_*` attributes of torch's nodes that ours lack, or give otherwise in some case, by reason."""

KNOWN = {
    "resolved before the op runs: None into dimensions, stride, correction or scale, ends cut to the size": """
        AmaxBackward0.dim AminBackward0.dim AminmaxBackward0.dim AsStridedBackward0.storage_offset
        AvgPool2DBackward0.stride AvgPool3DBackward0.stride ConvolutionBackward0.padding CummaxBackward0.dim
        CumminBackward0.dim LinalgVectorNormBackward0.dim MaxPool2DWithIndicesBackward0.stride MeanBackward1.dim
        NansumBackward0.dim ScaledDotProductFlashAttentionForCpuBackward0.scale SliceBackward0.end
        SliceScatterBackward0.end StdBackward0.correction StdMeanBackward0.correction SumBackward1.dim
        VarBackward0.correction VarMeanBackward0.correction
    """,
    "masks and lists are kept as positions, numbers of elements as arrays, masks of attention as they were given": """
        CtcLossBackward0.input_lengths CtcLossBackward0.target_lengths IndexBackward0.indices
        IndexFillBackward1.index IndexPutBackward0.indices MaskedFillBackward0.mask
    """,
    "computed in another way, or, as strides of empty matrices and unused noise, without meaning": """
        AbsBackward0.self AddmmBackward0.mat1_sym_strides ClampMinBackward0.self CtcLossBackward0.result1
        DivBackward0.other LerpBackward1.self LinalgEighBackward0.eigenvectors LinalgSvdBackward0.U
        LinalgSvdBackward0.Vh MmBackward0.mat2 MmBackward0.mat2_sym_strides MmBackward0.self MulBackward0.other
        NativeBatchNormBackward0.result1 NativeBatchNormBackward0.result2 NativeGroupNormBackward0.result1
        NativeGroupNormBackward0.result2 NllLossBackward0.total_weight ProdBackward1.self
        RreluWithNoiseBackward0.noise
    """,
    "no formula of ours asks for it, so it is not kept, or not by itself": """
        AvgPool2DBackward0.ceil_mode AvgPool3DBackward0.ceil_mode CholeskySolveBackward0.self
        ConvolutionBackward0.bias_sym_sizes_opt ConvolutionBackward0.output_padding CtcLossBackward0.targets
        DiagonalBackward0.dim1 DiagonalBackward0.dim2 DiagonalBackward0.offset DivBackward2.other
        DivBackward2.rounding_mode DivBackward2.self EmbeddingBackward0.sparse EmbeddingBagBackward0.mode
        EmbeddingBagBackward0.offsets EmbeddingBagBackward0.padding_idx EmbeddingBagBackward0.per_sample_weights
        EmbeddingBagBackward0.result1 EmbeddingBagBackward0.result2 EmbeddingBagBackward0.result3
        EmbeddingBagBackward0.scale_grad_by_freq EmbeddingBagBackward0.sparse EmbeddingBagBackward0.weight
        ErfinvBackward0.self GatherBackward0.dim GatherBackward0.index GatherBackward0.self
        GatherBackward0.sparse_grad GridSampler2DBackward0.align_corners
        GridSampler2DBackward0.interpolation_mode GridSampler2DBackward0.padding_mode
        GridSampler3DBackward0.align_corners GridSampler3DBackward0.interpolation_mode
        GridSampler3DBackward0.padding_mode IndexAddBackward0.source IndexAddBackward0.source_dim
        IndexCopyBackward0.source IndexCopyBackward0.source_dim LinalgDetBackward0.LU LinalgDetBackward0.pivots
        LinalgLuBackward0.pivot LinalgLuFactorExBackward0.pivot LinalgLuSolveBackward0.result
        LinalgSlogdetBackward0.LU LinalgSlogdetBackward0.pivots LinalgSlogdetBackward0.sign
        LinalgSolveExBackward0.LU LinalgSolveExBackward0.pivots LinalgSolveExBackward0.result
        LinalgSvdBackward0.S_sym_argsize_minus_1 LogSigmoidBackward0.buffer MaskedSelectBackward0.self
        MaxPool2DWithIndicesBackward0.ceil_mode MaxPool2DWithIndicesBackward0.result1
        MaxPool3DWithIndicesBackward0.ceil_mode MaxPool3DWithIndicesBackward0.result1
        MaxPool3DWithIndicesBackward0.stride MmBackward0.self_sym_sizes MmBackward0.self_sym_strides
        MultilabelMarginLossBackward0.is_target NativeBatchNormBackward0.running_mean
        NativeBatchNormBackward0.running_var NativeBatchNormBackward0.training NativeGroupNormBackward0.C
        NativeGroupNormBackward0.HxW NativeGroupNormBackward0.N NativeLayerNormBackward0.bias
        NativeLayerNormBackward0.normalized_shape NormalBackward3.mean_sym_sizes NormalBackward3.std_sym_sizes
        PutBackward0.source RreluWithNoiseBackward0.lower RreluWithNoiseBackward0.training
        RreluWithNoiseBackward0.upper ScaledDotProductFlashAttentionForCpuBackward0.attn_mask
        ScaledDotProductFlashAttentionForCpuBackward0.dropout_p
        ScaledDotProductFlashAttentionForCpuBackward0.logsumexp
        ScaledDotProductFlashAttentionForCpuBackward0.output ScatterAddBackward0.dim ScatterAddBackward0.index
        ScatterBackward0.dim ScatterBackward0.index ScatterBackward1.dim ScatterBackward1.index
        ScatterReduceBackward0.dim ScatterReduceBackward0.index SplitBackward0.self_sym_sizes
        SplitBackward0_copy.self_sym_sizes SplitWithSizesBackward0.self_sym_sizes SqueezeBackward4.dim
        SqueezeBackward4.self_sym_sizes TakeBackward0.self TriangularSolveBackward0.self
        TrilinearBackward0.expand1 TrilinearBackward0.expand2 TrilinearBackward0.expand3 TrilinearBackward0.i1
        TrilinearBackward0.i2 TrilinearBackward0.i3 TrilinearBackward0.sumdim
        UnsafeSplitBackward0.self_sym_sizes UnsafeSplitWithSizesBackward0.self_sym_sizes
    """,
}
