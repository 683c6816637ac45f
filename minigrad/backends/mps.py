"""torch.backends.mps: Apple's GPUs, which minigrad does not compute on."""


def is_available():
    """Whether there is such a GPU"""
    return False


def is_built():
    """Whether minigrad could use one"""
    return False
