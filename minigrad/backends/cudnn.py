"""torch.backends.cudnn: switches that programs set, and that change nothing: minigrad does not use cuDNN."""

enabled, benchmark, deterministic, allow_tf32 = True, False, False, False


def is_available():
    """Whether cuDNN is used"""
    return False


def version():
    """Its version: none"""
    return None
