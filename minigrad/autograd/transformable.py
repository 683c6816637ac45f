"""Which user-defined Functions the transforms of torch.func take: those that torch's can see through."""

open_transforms = []  # the names of those under way, outermost first

MORE = " For more details, please see https://pytorch.org/docs/main/notes/extending.func.html"


def check_transformable(function, plain):
    """Raise RuntimeError for a Function, `plain` being their base, that torch's transforms do not take."""
    if function.setup_context is plain.setup_context:
        raise RuntimeError("In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it "
                           "must override the setup_context staticmethod." + MORE)
    if "vmap" not in open_transforms:
        return
    own = function.vmap is not plain.vmap
    if own and function.generate_vmap_rule:
        raise RuntimeError(f"You tried to vmap over {function.__name__}, but it has both generate_vmap_rule=True and an "
                           f"overridden vmap staticmethod. Please set generate_vmap_rule=False or delete the overridden vmap "
                           f"staticmethod to avoid ambiguity." + MORE)
    if not own and not function.generate_vmap_rule:
        raise RuntimeError(f"You tried to vmap over {function.__name__}, but it does not have vmap support. Please override "
                           f"and implement the vmap staticmethod or set generate_vmap_rule=True." + MORE)
