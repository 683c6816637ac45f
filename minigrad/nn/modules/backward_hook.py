"""Full backward hooks: identity nodes at a module's inputs and outputs catch its gradients as they pass."""

import warnings

from ...autograd.function import Function
from ...autograd.modes import is_grad_enabled
from ...tensor import Tensor

_NO_INPUT = ("Full backward hook is firing when gradients are computed with respect to module outputs since no inputs "
             "require gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module."
             "register_full_backward_hook for more details.")


class BackwardHookFunction(Function):
    """The identity on several tensors: one node that all their gradients pass together."""

    @staticmethod
    def forward(ctx, *tensors):
        ctx.mark_non_differentiable(*[tensor for tensor in tensors if not tensor.requires_grad])
        return tensors

    @staticmethod
    def backward(ctx, *gradients):
        return gradients


def first_tensor(result):
    """The first tensor in nested dictionaries, lists and tuples."""
    while not isinstance(result, Tensor):
        if isinstance(result, dict):
            result = next(value for value in result.values() if isinstance(value, Tensor))
        elif isinstance(result, (list, tuple)) and result:
            result = result[0]
        else:
            return result
    return result


class BackwardHook:
    """One forward call's gradients: those of the outputs (then `pre_hooks` run), then those of the inputs (`hooks`)."""

    def __init__(self, module, hooks, pre_hooks):
        self.module, self.hooks, self.pre_hooks = module, hooks, pre_hooks
        self.grad_outputs = None
        self.inputs_watched = False
        self.positions, self.count = (), 0

    def watch_inputs(self, args):
        """args, the tensors among them behind an identity node that calls the hooks."""
        def catch(grad_input, _):
            if self.grad_outputs is None:
                return None
            given = self._place(grad_input, *self.inputs)
            result = self._run_hooks(given)
            self.grad_outputs = None
            return self._pick(result, *self.inputs)

        args, positions = self._behind_identity(args, catch)
        self.inputs_watched = positions is not None
        self.inputs = (positions, len(args))
        return args

    def watch_outputs(self, result):
        """result, its tensors behind an identity node that notes their gradients."""
        def catch(_, grad_output):
            given = self._place(grad_output, *self.outputs)
            for hook in self.pre_hooks:
                replaced = hook(self.module, given)
                given = given if replaced is None else self._as_tuple(replaced, given, "grad_output")
            self.grad_outputs = given
            changed = self._pick(given, *self.outputs) if self.pre_hooks else None
            if not self.inputs_watched:
                if self.hooks:
                    warnings.warn(_NO_INPUT, stacklevel=5)
                self._run_hooks(tuple(None for _ in range(self.inputs[1])))
                self.grad_outputs = None
            return changed

        single = not isinstance(result, tuple)
        wrapped = (result,) if single else result
        self.outputs = (None, len(wrapped))
        wrapped, positions = self._behind_identity(wrapped, catch, before=True)
        self.outputs = (positions, len(wrapped))
        return wrapped[0] if single else wrapped

    def _behind_identity(self, values, catch, before=False):
        positions = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
        requires = is_grad_enabled() and any(values[i].requires_grad for i in positions)
        if not requires:
            return values, None
        through = BackwardHookFunction.apply(*[values[i] for i in positions])
        node = next(tensor.grad_fn for tensor in through if tensor.grad_fn is not None)
        if before:
            node.register_prehook(lambda grad_output: catch(None, grad_output))
        else:
            node.register_hook(catch)
        values = list(values)
        for i, tensor in zip(positions, through, strict=True):
            values[i] = tensor
        return tuple(values), positions

    def _run_hooks(self, grad_inputs):
        for hook in self.hooks:
            replaced = hook(self.module, grad_inputs, self.grad_outputs)
            if replaced is not None:
                grad_inputs = self._as_tuple(replaced, grad_inputs, "grad_input")
        return grad_inputs

    @staticmethod
    def _as_tuple(replaced, given, what):
        replaced = replaced if isinstance(replaced, tuple) else (replaced,)
        if len(replaced) != len(given):
            raise RuntimeError("Backward hook returned an invalid number of grad_input, "
                               f"got {len(replaced)}, but expected {len(given)}" if what == "grad_input" else
                               "Backward pre hook returned an invalid number of grad_output, "
                               f"got {len(replaced)}, but expected {len(given)}")
        return replaced

    @staticmethod
    def _place(gradients, positions, count):
        """The gradients of the tensors, None at the other arguments."""
        if positions is None:
            return tuple(gradients)
        placed = dict(zip(positions, gradients, strict=True))
        return tuple(placed.get(i) for i in range(count))

    @staticmethod
    def _pick(values, positions, count):
        return tuple(values) if positions is None else tuple(values[i] for i in positions)
