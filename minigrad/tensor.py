"""Tensor: an array, and what autograd must know about it.  Nothing else.

    _data      the backend's array
    device     where it lives
    _edge      where its gradient goes: (node of the op that made it, output number), for a leaf that requires grad
               (its AccumulateGrad, 0), and None if it requires no gradient
    _grad      the gradient accumulated so far
    _writes    counts in-place writes; shared by everything that shares the memory, made when first asked for (`_counter`)
    _view      for views: the base and how current `_edge` is (autograd/graph.py)

What a Tensor can do is not here: methods/table.py lists which op each method is.
"""


INFERENCE_SAVED = ("Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode "
                   "in computation tracked by autograd. To work around this, you can make a clone to get a normal "
                   "tensor and use it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`.")


class Version:
    """How often a block of memory was written in place, and the source line that did it last.

    `detached` holds the tensors that left the graph by detach_(), and when: (weak reference, sequence number).
    """

    value = 0
    site = None
    detached = ()


class Untracked(Version):
    """The counter of all tensors made in inference mode: it counts nothing, and nothing can be saved under it."""

    @property
    def value(self):
        raise RuntimeError(INFERENCE_SAVED)


UNTRACKED = Untracked()
new_counter = None  # a function instead, set by modes.py, once inference mode has been used


class Tensor:
    """A multi-dimensional array of one dtype that records the ops applied to it."""

    __slots__ = ("_data", "device", "_edge", "_grad", "_writes", "_view", "__dict__", "__weakref__")
    __module__ = "torch"

    def __new__(cls, *args, **kwargs):
        return wrap(cls._legacy(*args, **kwargs), cls=cls)

    @property
    def _counter(self):
        if self._writes is None:
            self._writes = Version()
        return self._writes

    @_counter.setter
    def _counter(self, counter):
        self._writes = counter


new = object.__new__


def wrap(data, device=None, cls=Tensor):
    """A new leaf Tensor over an array; `data` may be a Tensor, whose array and device are then shared."""
    if device is None:
        data, device = data._data, data.device
    self = new(cls)
    self._data = data
    self.device = device
    self._edge = self._grad = self._view = None
    self._writes = new_counter and new_counter()
    return self
