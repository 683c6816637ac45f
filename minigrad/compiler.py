"""torch.compile and torch.compiler: programs run as they are, since there is no compiler."""

from .nn.modules.module import Module


class OptimizedModule(Module):
    """What torch.compile makes of a module: the module one level down, under torch's name for it."""

    def __init__(self, mod):
        super().__init__()
        self._orig_mod = mod
        self.training = mod.training

    def forward(self, *args, **kwargs):
        return self._orig_mod(*args, **kwargs)

    def __getattr__(self, name):
        if name == "_orig_mod":
            return self._modules["_orig_mod"]
        return getattr(self._orig_mod, name)


def compile(model=None, *, fullgraph=False, dynamic=None, backend="inductor", mode=None, options=None, disable=False):
    """The function itself, or a module around the module; also a decorator, with or without arguments"""
    if model is None:
        return lambda model: compile(model, disable=disable)
    return OptimizedModule(model) if isinstance(model, Module) and not disable else model


def disable(fn=None, recursive=True, *, reason=None):
    """The function itself; also a decorator with arguments"""
    return (lambda fn: fn) if fn is None else fn


def is_compiling():
    """Whether a compiler is at work: never"""
    return False


def reset():
    """Forget what was compiled: nothing"""
