"""The documented objects whose examples do not print the same here as in torch, by reason."""

KNOWN = {
    "not looked at yet": """
        torch.autograd.forward_ad.make_dual torch.autograd.forward_ad.unpack_dual torch.segment_reduce
        torch.Generator.device torch.Generator.get_state torch.Generator.initial_seed torch.Generator.manual_seed
        torch.Generator.seed torch.Generator.set_state torch.Tensor.dim_order torch.TensorBase.grad_dtype
        torch.asarray torch.autograd.enforce_grad_layout_policy torch.autograd.forward_ad.dual_level
        torch.autograd.functional.jvp torch.autograd.graph.region_activation_memory_budget
        torch.autograd.graph.register_multi_grad_hook torch.distributions.Binomial
        torch.distributions.ContinuousBernoulli torch.distributions.FisherSnedecor
        torch.distributions.GeneralizedPareto torch.distributions.InverseGamma torch.distributions.Kumaraswamy
        torch.distributions.LKJCholesky torch.distributions.LogisticNormal
        torch.distributions.LowRankMultivariateNormal torch.distributions.VonMises torch.distributions.Wishart
        torch.empty_strided torch.from_dlpack torch.from_file torch.frombuffer torch.func.functionalize
        torch.func.grad torch.func.linearize torch.func.rearrange torch.func.vjp torch.hash_tensor torch.is_storage
        torch.linalg.solve torch.native_channel_shuffle torch.nn.CrossEntropyLoss torch.nn.Fold torch.nn.LSTM
        torch.nn.LinearCrossEntropyLoss torch.nn.Unfold torch.nn.functional.pad torch.nn.grad.conv1d_input
        torch.nn.grad.conv1d_weight torch.nn.grad.conv2d_input torch.nn.grad.conv2d_weight torch.nn.grad.conv3d_input
        torch.nn.grad.conv3d_weight torch.nn.utils.convert_conv2d_weight_memory_format
        torch.nn.utils.convert_conv3d_weight_memory_format torch.nn.utils.parametrizations.orthogonal
        torch.nn.utils.parametrizations.spectral_norm torch.nn.utils.parametrizations.weight_norm
        torch.nn.utils.parametrize.register_parametrization torch.nn.utils.prune.custom_from_mask
        torch.nn.utils.prune.global_unstructured torch.nn.utils.prune.is_pruned torch.nn.utils.prune.ln_structured
        torch.nn.utils.prune.remove torch.nn.utils.skip_init torch.nn.utils.stateless.functional_call torch.optim.Muon
        torch.optim.lr_scheduler.ChainedScheduler torch.optim.lr_scheduler.ConstantLR
        torch.optim.lr_scheduler.CosineAnnealingLR torch.optim.lr_scheduler.CosineAnnealingWarmRestarts
        torch.optim.lr_scheduler.CyclicLR torch.optim.lr_scheduler.ExponentialLR torch.optim.lr_scheduler.LambdaLR
        torch.optim.lr_scheduler.LinearLR torch.optim.lr_scheduler.MultiStepLR
        torch.optim.lr_scheduler.MultiplicativeLR torch.optim.lr_scheduler.PolynomialLR
        torch.optim.lr_scheduler.ReduceLROnPlateau torch.optim.lr_scheduler.SequentialLR
        torch.optim.lr_scheduler.StepLR torch.optim.swa_utils.AveragedModel torch.optim.swa_utils.SWALR
        torch.serialization.add_safe_globals torch.serialization.register_package torch.serialization.safe_globals
        torch.serialization.skip_data torch.set_default_tensor_type torch.set_flush_denormal torch.set_grad_enabled
        torch.signal.windows.bartlett torch.signal.windows.blackman torch.signal.windows.cosine
        torch.signal.windows.exponential torch.signal.windows.gaussian torch.signal.windows.general_cosine
        torch.signal.windows.general_hamming torch.signal.windows.hamming torch.signal.windows.hann
        torch.signal.windows.kaiser torch.signal.windows.nuttall torch.sort torch.testing.assert_close
        torch.testing.make_tensor torch.thread_safe_generator
        torch.utils.checkpoint.create_selective_checkpoint_contexts torch.utils.data.IterableDataset
        torch.utils.data.random_split torch.vmap
    """,
}
