"""torch.backends.cuda: what a build with CUDA would say."""


def is_built():
    """Whether minigrad itself contains CUDA code: it never does, CuPy does"""
    return False
