"""The documented objects whose examples do not print the same here as in torch, by reason, each seen in a run of both."""

KNOWN = {
    "a seed that nobody chose is another in every run": "torch.Generator.seed",
    "absent, as README says": "torch.segment_reduce torch.utils.checkpoint.create_selective_checkpoint_contexts",
    "absent: it is for torch.compile alone": "torch.autograd.graph.region_activation_memory_budget",
    "absent: its results are of dtype uint64, which is not among the dtypes here": "torch.hash_tensor",
    "absent: there are no device types but the backends'": "torch.serialization.register_package",
    "printed grad_fn: torch's second derivative of a sum squeezes what ours views": "torch.autograd.functional.jvp",
    "printed grad_fn: vmap is a loop, so that results are stacked, and the transforms run functions on views of their inputs":
        "torch.func.grad",
    "printed grad_fn: oneDNN computes an LSTM's layer in float32 as one node": "torch.nn.LSTM",
    "printed grad_fn: the derivatives of a convolution are convolutions and correlations here, one node in torch": """
        torch.nn.grad.conv1d_input torch.nn.grad.conv1d_weight torch.nn.grad.conv2d_input torch.nn.grad.conv2d_weight
        torch.nn.grad.conv3d_input torch.nn.grad.conv3d_weight
    """,
    "the example shows a function itself, and torch's functions are methods of a C class": "torch.vmap",
    "the signs of singular vectors are left open, and LAPACK's libraries choose them otherwise":
        "torch.nn.utils.parametrize.register_parametrization",
    "rounding: the example asks whether two solutions agree to 1e-5 and 1e-8, and torch's do not": "torch.linalg.solve",
    "absent: it computes in bfloat16, which NumPy has not": "torch.optim.Muon",
    "NumPy's arithmetic cannot be told to take denormal numbers for 0, so it says that it was not": "torch.set_flush_denormal",
    "the order of equal values is left open; torch sorts more than 16 of them unstably": "torch.sort",
    "a DataLoader's workers are not processes here, so each sees the whole stream once": "torch.utils.data.IterableDataset",
}  # fmt: skip
