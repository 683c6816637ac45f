"""torch.backends.cuda: what a build with CUDA would say."""

from types import SimpleNamespace


def is_built():
    """Whether minigrad itself contains CUDA code: it never does, CuPy does"""
    return False


matmul = SimpleNamespace(allow_tf32=False, allow_fp16_reduced_precision_reduction=True,
                         allow_bf16_reduced_precision_reduction=True)  # switches that programs set, and that change nothing
