"""Parametrizations: a parameter or buffer computed, whenever it is read, from other tensors.

A module with a parametrized `weight` gets a class of its own, in which `weight` is a property; the tensors it is computed
from are the originals of `module.parametrizations.weight`, a list of the modules that compute it.
"""

from collections.abc import Sequence
from contextlib import contextmanager
from copy import deepcopy

from ...autograd.modes import no_grad
from ...tensor import Tensor
from ..modules.container import ModuleDict, ModuleList
from ..parameter import Parameter

_kept = {"blocks": 0, "values": {}}  # within cached(): (id of a module, name) -> what its parametrization gave


@contextmanager
def cached():
    """Compute each parametrized tensor once in the block"""
    _kept["blocks"] += 1
    try:
        yield
    finally:
        _kept["blocks"] -= 1
        if not _kept["blocks"]:
            _kept["values"] = {}


def _own(module, name, value):
    (module.register_parameter if isinstance(value, Parameter) else module.register_buffer)(name, value)


def _put(original, value):
    """Let a tensor hold another's memory"""
    original.set_(value)


class ParametrizationList(ModuleList):
    """The modules that compute a tensor, the first from the originals: `original`, or `original0`, `original1`, ..."""

    def __init__(self, modules, original, unsafe=False):
        if len(modules) == 0:
            raise ValueError("ParametrizationList requires one or more modules.")
        super().__init__(modules)
        self.unsafe = unsafe
        shape, dtype = original.shape, original.dtype
        new = self._inverted(original)
        if not isinstance(new, (Tensor, Sequence)):
            raise ValueError("'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got "
                             f"{type(new).__name__}")
        self.is_tensor = isinstance(new, Tensor)
        self.ntensors = 1 if self.is_tensor else len(new)
        if self.is_tensor:
            self._keep(original, new)
        else:
            for i, part in enumerate(new):
                self._keep_part(original, i, part)
        if not self.unsafe:
            _check_result(self(), shape, dtype)

    def _inverted(self, value):
        with no_grad():
            for module in reversed(self):
                if hasattr(module, "right_inverse"):
                    try:
                        value = module.right_inverse(value)
                    except NotImplementedError:
                        pass  # a module need not know its inverse: the value is then the original as it is
        return value

    def _keep(self, original, new):
        for what in ("dtype", "device"):
            if getattr(original, what) != getattr(new, what):
                raise ValueError(f"When `right_inverse` outputs one tensor, it may not change the {what}.\noriginal.{what}: "
                                 f"{getattr(original, what)}\nright_inverse(original).{what}: {getattr(new, what)}")
        with no_grad():
            _put(original, new)
        _own(self, "original", original)

    def _keep_part(self, original, i, part):
        if not isinstance(part, Tensor):
            raise ValueError("'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got element "
                             f"{i} of the sequence with type {type(part).__name__}.")
        if isinstance(original, Parameter):
            part = Parameter(part, original.requires_grad)
        _own(self, f"original{i}", part.requires_grad_(original.requires_grad))

    def right_inverse(self, value):
        """Let the originals be such that `value` is computed from them"""
        with no_grad():
            for module in reversed(self):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(f"parametrization {type(module).__name__} does not implement right_inverse.")
                value = module.right_inverse(value)
            if self.is_tensor:
                self._assign(value)
            else:
                self._assign_parts(value)

    def _assign(self, value):
        if not isinstance(value, Tensor):
            raise ValueError(f"`right_inverse` should return a tensor. Got {type(value).__name__}")
        if value.dtype != self.original.dtype:
            raise ValueError(f"The tensor returned by `right_inverse` has dtype {value.dtype} while `original` has dtype "
                             f"{self.original.dtype}")
        _put(self.original, value)

    def _assign_parts(self, values):
        if not isinstance(values, Sequence):
            raise ValueError(f"'right_inverse' must return a sequence of tensors. Got {type(values).__name__}.")
        if len(values) != self.ntensors:
            raise ValueError(f"'right_inverse' must return a sequence of tensors of length {self.ntensors}. Got a sequence "
                             f"of length {len(values)}.")
        for i, part in enumerate(values):
            original = getattr(self, f"original{i}")
            if not isinstance(part, Tensor):
                raise ValueError("'right_inverse' must return a sequence of tensors or reference-type opaques. Got element "
                                 f"{i} of type {type(part).__name__}.")
            if original.dtype != part.dtype:
                raise ValueError(f"Tensor {i} returned by `right_inverse` has dtype {part.dtype} while `original{i}` has "
                                 f"dtype {original.dtype}")
            _put(original, part)

    def forward(self):
        originals = [self.original] if self.is_tensor else [getattr(self, f"original{i}") for i in range(self.ntensors)]
        value = self[0](*originals)
        for module in list(self)[1:]:
            value = module(value)
        return value


def _check_result(value, shape, dtype):
    if not isinstance(value, Tensor):
        raise ValueError(f"A parametrization must return a tensor. Got {type(value).__name__}.")
    for what, before, after in (("dtype", dtype, value.dtype), ("shape", shape, value.shape)):
        if before != after:
            raise ValueError(f"Registering a parametrization may not change the {what} of the tensor, unless `unsafe` flag is "
                             f"enabled.\nunparametrized {what}: {before}\nparametrized {what}: {after}")


def _deepcopy(self, memo):
    if id(self) in memo:
        return memo[id(self)]
    memo[id(self)] = twin = type(self).__new__(type(self))
    twin.__dict__ = deepcopy(self.__dict__, memo)
    return twin


def _refuse_pickling(self):
    raise RuntimeError("Serialization of parametrized modules is only supported through state_dict(). See:\nhttps://pytorch.org/"
                       "tutorials/beginner/saving_loading_models.html#saving-loading-a-general-checkpoint-for-inference-and-or-"
                       "resuming-training")


def _give_class(module):
    """A class of the module's own, for properties"""
    kind = type(module)
    members = {"__getstate__": _refuse_pickling} | ({} if hasattr(kind, "__deepcopy__") else {"__deepcopy__": _deepcopy})
    module.__class__ = type(f"Parametrized{kind.__name__}", (kind,), members)


def _give_property(module, name):
    def read(self):
        compute, key = self.parametrizations[name], (id(module), name)
        if not _kept["blocks"]:
            return compute()
        if key not in _kept["values"]:
            _kept["values"][key] = compute()
        return _kept["values"][key]

    def write(self, value):
        self.parametrizations[name].right_inverse(value)

    setattr(type(module), name, property(read, write))


def register_parametrization(module, tensor_name, parametrization, *, unsafe=False):
    """Let a parameter or buffer be what `parametrization` computes from it, after those it has already.  Raises ValueError
    where that changes dtype or shape, unless `unsafe`"""
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        if not unsafe:
            _check_next(module, tensor_name, parametrization)
        module.parametrizations[tensor_name].append(parametrization)
        module.parametrizations[tensor_name].unsafe |= unsafe
    elif tensor_name in module._buffers or tensor_name in module._parameters:
        together = ParametrizationList([parametrization], getattr(module, tensor_name), unsafe=unsafe)
        delattr(module, tensor_name)
        if not is_parametrized(module):
            _give_class(module)
            module.parametrizations = ModuleDict()
        _give_property(module, tensor_name)
        module.parametrizations[tensor_name] = together
    else:
        raise ValueError(f"Module '{module}' does not have a parameter, a buffer, or a parametrized element with name "
                         f"'{tensor_name}'")
    return module


def _check_next(module, name, parametrization):
    """Raise ValueError if a further parametrization, or its inverse, gives another dtype or shape"""
    before = getattr(module, name)
    after = parametrization(before)
    if not isinstance(after, Tensor):
        raise ValueError(f"A parametrization must return a tensor. Got {type(after).__name__}.")
    for what in ("dtype", "shape"):
        if getattr(after, what) != getattr(before, what):
            raise ValueError(f"Registering a parametrization may not change the {what} of the tensor, unless the `unsafe` flag "
                             f"is enabled.\nmodule.{name}.{what}: {getattr(before, what)}\nparametrization(module.{name})."
                             f"{what}: {getattr(after, what)}")
    if not hasattr(parametrization, "right_inverse"):
        return
    try:
        back = parametrization.right_inverse(after)
    except NotImplementedError:
        return
    if not isinstance(back, Tensor):
        raise ValueError(f"parametrization.right_inverse must return a tensor. Got: {type(back).__name__}")
    for what in ("dtype", "shape"):
        if getattr(back, what) != getattr(before, what):
            raise ValueError(f"The tensor returned by parametrization.right_inverse must have the same {what} as module."
                             f"{name}, unless the `unsafe` flag is enabled.\nmodule.{name}.{what}: {getattr(before, what)}\n"
                             f"returned {what}: {getattr(back, what)}")


def is_parametrized(module, tensor_name=None):
    """Whether a module has parametrized tensors, or one of that name"""
    found = getattr(module, "parametrizations", None)
    if not isinstance(found, ModuleDict):
        return False
    return len(found) > 0 if tensor_name is None else tensor_name in found


def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    """Make a parametrized tensor an ordinary one again: as it was computed, or else the original"""
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    together = module.parametrizations[tensor_name]
    if together.is_tensor:
        original = together.original
        if leave_parametrized:
            with no_grad():
                _put(original, getattr(module, tensor_name))
    elif leave_parametrized:
        value = getattr(module, tensor_name)
        original = Parameter(value) if value.requires_grad else value
    else:
        raise ValueError("Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a "
                         "sequence of tensors.")
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    _own(module, tensor_name, original)
    if not is_parametrized(module):
        delattr(module, "parametrizations")
        module.__class__ = type(module).__bases__[0]
    return module


def type_before_parametrizations(module):
    """The class of a module, without what parametrizations have made of it"""
    return type(module).__bases__[0] if is_parametrized(module) else type(module)


def transfer_parametrizations_and_params(from_module, to_module, tensor_name=None):
    """Give a module the parametrized tensors of another, all or one, and their values"""
    if not is_parametrized(from_module):
        return to_module
    names = list(from_module.parametrizations) if tensor_name is None else [tensor_name]
    for name in names:
        source = from_module.parametrizations[name]
        if not hasattr(to_module, name):
            setattr(to_module, name, Parameter(getattr(from_module, name).detach()))
        for one in source:
            register_parametrization(to_module, name, one)
        target = to_module.parametrizations[name]
        for key in ["original"] if source.is_tensor else [f"original{i}" for i in range(source.ntensors)]:
            setattr(target, key, getattr(source, key))
    return to_module
