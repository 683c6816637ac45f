"""torch.func.functional_call: a module called with other parameters than its own."""

from contextlib import contextmanager

from ..nn.modules.batchnorm import _BatchNorm
from ..ops.joining import stack
from ..tensor import Tensor


def functional_call(module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False):
    """module(*args, **kwargs) with the tensors of a dict, by name, in place of its parameters and buffers."""
    tensors = _one_dict(parameter_and_buffer_dicts)
    owned = {name: x for named in (module.named_parameters, module.named_buffers)
             for name, x in named(remove_duplicate=False)}  # fmt: skip
    if strict:
        _check_names(module, tensors, owned)
    for x in tensors.values():
        if not isinstance(x, Tensor):
            raise TypeError(f"{x!r} is not an instance of torch.Tensor")
    if tie_weights:
        tensors = _with_tied(tensors, owned)
    args = () if args is None else args if isinstance(args, tuple) else (args,)
    with _swapped(module, {name: x for name, x in tensors.items() if name in owned}):
        return module(*args, **(kwargs or {}))


def stack_module_state(models):
    """(parameters, buffers) of several modules of one structure, by name, stacked along a new first dimension"""
    if len(models) == 0:
        raise RuntimeError(f"stack_module_state: Expected at least one model, got {len(models)}.")
    if not (all(m.training for m in models) or all(not m.training for m in models)):
        raise RuntimeError("stack_module_state: Expected all models to have the same training/eval mode.")
    if not all(type(m) is type(models[0]) for m in models):
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    parameters = [dict(m.named_parameters()) for m in models]
    buffers = [dict(m.named_buffers()) for m in models]
    together = {name: stack([p[name] for p in parameters]).detach().requires_grad_(x.requires_grad)
                for name, x in parameters[0].items()}  # fmt: skip
    return together, {name: stack([b[name] for b in buffers]) for name in buffers[0]}


def _one_dict(given):
    if isinstance(given, dict):
        return given
    if not isinstance(given, (list, tuple)):
        raise ValueError(f"Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got "
                         f"{type(given)}")
    if not all(isinstance(d, dict) for d in given):
        raise ValueError("Expected all elements of parameter_and_buffer_dicts to be dictionaries")
    names = [name for d in given for name in d]
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if repeated:
        raise ValueError(f"{repeated} appeared in multiple dictionaries; behavior of functional call is ambiguous")
    return {name: x for d in given for name, x in d.items()}


def _check_names(module, tensors, owned):
    unexpected, missing = sorted(set(tensors) - set(owned)), sorted(set(owned) - set(tensors))
    lines = [f"\n\t{what} key(s): {', '.join(map(repr, names))}."
             for what, names in (("Unexpected", unexpected), ("Missing", missing)) if names]  # fmt: skip
    if lines:
        raise RuntimeError(f"Error(s) in reparametrizing for {type(module).__name__}:{''.join(lines)}")


def _with_tied(tensors, owned):
    """The same, and under all names of a parameter that has several."""
    found = dict(tensors)
    for name in [name for name in tensors if name in owned]:
        tied = [other for other, x in owned.items() if x is owned[name]]
        given = [other for other in tied if other in tensors]
        if len({id(tensors[other]) for other in given}) > 1:
            raise ValueError(f"functional_call got multiple values for keys {sorted(given)}, which are tied. Consider "
                             f"using tie_weights=False")
        found |= dict.fromkeys(tied, tensors[name])
    return found


@contextmanager
def _swapped(module, tensors):
    """Put tensors in the place of parameters and buffers until the end of the block."""
    places = []
    for name in tensors:
        path, _, last = name.rpartition(".")
        owner = module.get_submodule(path)
        table = owner._parameters if last in owner._parameters else owner._buffers
        places.append((table, last, table[last]))
    try:
        for (table, last, _), x in zip(places, tensors.values()):
            table[last] = x
        yield
    finally:
        for table, last, original in places:
            table[last] = original


def replace_all_batch_norm_modules_(root):
    """Let no batch normalisation in `root` keep running statistics, so that nothing is written to under a transform."""
    for module in root.modules():
        if isinstance(module, _BatchNorm):
            module.running_mean = module.running_var = module.num_batches_tracked = None
            module.track_running_stats = False
    return root
