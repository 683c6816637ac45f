"""Parameter and Buffer: tensors that a Module registers when they are assigned to an attribute."""

from ..ops.creation import empty
from ..tensor import Tensor, wrap


class _ParameterMeta(type(Tensor)):
    """A tensor subclass's instance counts as a Parameter once it says so itself (`_is_param`)."""

    def __instancecheck__(self, instance):
        if self is Parameter and isinstance(instance, Tensor) and getattr(instance, "_is_param", False):
            return True
        return super().__instancecheck__(instance)


class Parameter(Tensor, metaclass=_ParameterMeta):
    """A leaf tensor that requires grad and belongs to a Module.  Shares memory with `data`."""

    __module__ = "torch.nn.parameter"

    def __new__(cls, data=None, requires_grad=True):
        if data is None:
            data = empty(0)
        if type(data) is Tensor or type(data) is Parameter:
            if requires_grad and not (data.is_floating_point() or data.is_complex()):
                raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
            self = wrap(data, cls=cls)
            return self.requires_grad_(True) if requires_grad else self
        self = data.detach().requires_grad_(requires_grad)
        if type(self) is not type(data):
            raise RuntimeError(f"Creating a Parameter from an instance of type {type(data).__name__} requires that "
                               "detach() returns an instance of the same type, but return type "
                               f"{type(self).__name__} was found instead. To use the type as a Parameter, please "
                               "correct the detach() semantics defined by its __torch_dispatch__() implementation.")
        self._is_param = True
        return self

    def __deepcopy__(self, memo):
        if id(self) in memo:
            return memo[id(self)]
        copy = type(self)(self.data.clone(), self.requires_grad)
        memo[id(self)] = copy
        return copy

    def __repr__(self):
        return "Parameter containing:\n" + super().__repr__()

    def __reduce_ex__(self, protocol):
        return _rebuild_parameter, (self.data, self.requires_grad)


def _rebuild_parameter(data, requires_grad):
    return Parameter(data, requires_grad)


class _BufferMeta(type(Tensor)):
    def __instancecheck__(self, instance):
        if self is Buffer:
            return isinstance(instance, Tensor) and getattr(instance, "_is_buffer", False)
        return super().__instancecheck__(instance)


class Buffer(Tensor, metaclass=_BufferMeta):
    """A tensor marked so that a Module registers it as a buffer; it stays a plain Tensor otherwise."""

    def __new__(cls, data=None, *, persistent=True):
        if data is None:
            data = empty(0)
        self = data.detach().requires_grad_(data.requires_grad)
        self.persistent = persistent
        self._is_buffer = True
        return self


# ---- tensors whose size is not known yet ----------------------------------------------------------------------------

UNKNOWN_SHAPE = ("Can't access the shape of an uninitialized parameter or buffer. This error usually happens in "
                 "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` to "
                 "initialize the parameters before accessing their attributes.")
UNKNOWN_DATA = ("Attempted to use an uninitialized parameter{}. This error happens when you are using a `LazyModule` or "
                "explicitly manipulating `torch.nn.parameter.UninitializedParameter` objects. When using LazyModules Call "
                "`forward` with a dummy batch to initialize the parameters before calling torch functions")


class UninitializedTensorMixin:
    """A tensor without data: only its dtype and device are known, until `materialize` makes it an ordinary one."""

    __slots__ = ()
    cls_to_become = Tensor

    def __new__(cls, requires_grad=True, device=None, dtype=None):
        plain = empty(0, device=device, dtype=dtype)
        self = object.__new__(cls)
        self.device, self._kind = plain.device, plain.dtype
        self._edge = self._grad = self._view = self._writes = None
        return self

    @property
    def _data(self):
        raise ValueError(UNKNOWN_DATA.format(""))

    @property
    def dtype(self):
        return self._kind

    @property
    def shape(self):
        raise RuntimeError(UNKNOWN_SHAPE)

    def materialize(self, shape, device=None, dtype=None):
        """Have this size from now on, and any values"""
        made = empty(tuple(shape), device=device or self.device, dtype=dtype or self._kind)
        self.__class__ = self.cls_to_become
        self._data, self.device = made._data, made.device
        if isinstance(self, Parameter):
            self.requires_grad_(True)

    def to(self, *args, **kwargs):
        moved = empty(0, device=self.device, dtype=self._kind).to(*args, **kwargs)
        self.device, self._kind = moved.device, moved.dtype
        return self

    def __repr__(self):
        return f"<{type(self).__name__}>"


def _refusing(name):
    def method(self, *args, **kwargs):
        raise ValueError(UNKNOWN_DATA.format(f" in <method '{name}' of 'torch._C.TensorBase' objects>"))

    return method


ANSWERED = ("to", "half", "float", "double", "char", "short", "int", "long", "cuda", "cpu", "is_complex", "is_floating_point")
for _name, _function in list(vars(Tensor).items()):
    if callable(_function) and not _name.startswith("_") and _name not in ANSWERED:
        setattr(UninitializedTensorMixin, _name, _refusing(_name))


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    """A Parameter whose size is not known yet"""

    cls_to_become = Parameter
    requires_grad = True


class UninitializedBuffer(UninitializedTensorMixin, Tensor):
    """A buffer whose size is not known yet"""

    requires_grad = False


def is_lazy(param):
    """Whether a tensor's size is not known yet"""
    return isinstance(param, UninitializedTensorMixin)
