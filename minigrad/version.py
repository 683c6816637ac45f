"""torch.version: the release of PyTorch whose behaviour is the reference, and the builds that this is not."""

__version__ = "2.13.0"
cuda = hip = git_version = None
debug = False
