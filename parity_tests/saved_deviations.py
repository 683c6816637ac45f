"""The `_saved_*` attributes of torch's nodes that ours lack, or give otherwise in some case, by reason."""

KNOWN = {
    "resolved before the op runs: None into dimensions, stride, correction or scale, ends cut to the size": """
        ConvolutionBackward0.padding ScaledDotProductFlashAttentionForCpuBackward0.scale SliceBackward0.end
        SliceScatterBackward0.end
    """,
    "masks and lists are kept as positions, numbers of elements as arrays, masks of attention as they were given": """
        CtcLossBackward0.input_lengths CtcLossBackward0.target_lengths MaskedFillBackward0.mask
    """,
    "computed in another way, or, as strides of empty matrices and unused noise, without meaning": """
        AbsBackward0.self AddmmBackward0.mat1_sym_strides ClampMinBackward0.self CtcLossBackward0.result1
        LerpBackward1.self LinalgEighBackward0.eigenvectors LinalgSvdBackward0.U LinalgSvdBackward0.Vh
        MmBackward0.mat2 MmBackward0.mat2_sym_strides MmBackward0.self NativeBatchNormBackward0.result1
        NativeBatchNormBackward0.result2 NllLossBackward0.total_weight ProdBackward1.self
        RreluWithNoiseBackward0.noise
    """,
    "no formula of ours asks for it, so it is not kept, or not by itself": """
        ConvolutionBackward0.bias_sym_sizes_opt ConvolutionBackward0.output_padding CtcLossBackward0.targets
        EmbeddingBackward0.sparse EmbeddingBagBackward0.mode EmbeddingBagBackward0.offsets
        EmbeddingBagBackward0.padding_idx EmbeddingBagBackward0.per_sample_weights EmbeddingBagBackward0.result1
        EmbeddingBagBackward0.result2 EmbeddingBagBackward0.result3 EmbeddingBagBackward0.scale_grad_by_freq
        EmbeddingBagBackward0.sparse EmbeddingBagBackward0.weight MmBackward0.self_sym_sizes
        MmBackward0.self_sym_strides NativeBatchNormBackward0.running_mean NativeBatchNormBackward0.running_var
        NativeBatchNormBackward0.training RreluWithNoiseBackward0.lower RreluWithNoiseBackward0.training
        RreluWithNoiseBackward0.upper ScaledDotProductFlashAttentionForCpuBackward0.attn_mask
        ScaledDotProductFlashAttentionForCpuBackward0.dropout_p
        ScaledDotProductFlashAttentionForCpuBackward0.logsumexp
        ScaledDotProductFlashAttentionForCpuBackward0.output
    """,
}
