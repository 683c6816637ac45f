"""Whether ops are recorded: torch.no_grad, enable_grad, set_grad_enabled, inference_mode.  Per thread."""

import functools
import inspect
import threading

from .. import tensor


class _Mode(threading.local):
    enabled = True  # whether ops are recorded
    inference = False
    asked = False  # what is_grad_enabled says in inference mode, where nothing is recorded whatever it says
    running = None  # the backward pass that is under way (engine.py)


mode = _Mode()


def counter():
    """What a new tensor starts with for a version counter: in inference mode the one that counts nothing."""
    return tensor.UNTRACKED if mode.inference else None


def is_grad_enabled():
    """Whether ops applied now to tensors that require grad are recorded."""
    return mode.asked if mode.inference else mode.enabled


def switch(enabled):
    """Switch recording on or off; returns what it was."""
    previous = is_grad_enabled()
    if mode.inference:
        mode.asked = bool(enabled)
    else:
        mode.enabled = bool(enabled)
    return previous


def is_inference_mode_enabled():
    """Whether inference mode is on."""
    return mode.inference


class _Switch:
    """A context manager, also usable as a decorator of functions and generator functions."""

    def __call__(self, function):
        if inspect.isclass(function):
            function.__init__ = self(function.__init__)
            return function
        if inspect.isgeneratorfunction(function):
            return _wrap_generator(self.clone, function)

        @functools.wraps(function)
        def switched(*args, **kwargs):
            with self.clone():
                return function(*args, **kwargs)

        return switched

    def clone(self):
        return self.__class__()


def _wrap_generator(make_context, function):
    """Switch the mode only while the generator itself is running, not while its consumer is."""

    @functools.wraps(function)
    def switched(*args, **kwargs):
        generator, message = function(*args, **kwargs), None
        while True:
            try:
                with make_context():
                    item = generator.send(message)
            except StopIteration as stop:
                return stop.value
            try:
                message = yield item
            except BaseException as error:
                with make_context():
                    item, message = generator.throw(error), None
                message = yield item

    return switched


class _GradSwitch(_Switch):
    to = None

    def __init__(self):
        self.previous = is_grad_enabled()

    def __new__(cls, function=None):
        self = object.__new__(cls)
        return self if function is None else self(function)

    def __enter__(self):
        self.previous = switch(self.to)

    def __exit__(self, *exc):
        switch(self.previous)


class no_grad(_GradSwitch):
    """Do not record ops: their results do not require grad."""

    to = False


class enable_grad(_GradSwitch):
    """Record ops again inside no_grad."""

    to = True


class set_grad_enabled(_Switch):
    """Switch recording on or off: at once when called, until the end of the block as a context manager."""

    def __init__(self, mode: bool):
        if not isinstance(mode, bool):
            raise TypeError(f"set_grad_enabled(): argument 'enabled' (position 1) must be bool, not {type(mode).__name__}")
        self.to = mode
        self.previous = switch(mode)

    def __call__(self, function):
        switch(self.previous)
        return super().__call__(function)

    def __enter__(self):
        switch(self.to)

    def __exit__(self, *exc):
        switch(self.previous)

    def clone(self):
        return self.__class__(self.to)

    def __repr__(self):
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.to})"


class set_multithreading_enabled(_Switch):
    """Remembered, and of no effect: backward runs in the thread that calls it."""

    now = True

    def __init__(self, mode):
        self.mode, self.previous = mode, set_multithreading_enabled.now
        set_multithreading_enabled.now = mode

    def __enter__(self):
        pass

    def __exit__(self, *exc):
        set_multithreading_enabled.now = self.previous

    def clone(self):
        return self.__class__(self.mode)


class inference_mode(_Switch):
    """Like no_grad, and tensors made inside can never take part in a recorded op's saved values."""

    def __new__(cls, mode=True):
        if callable(mode):
            return cls()(mode)
        return object.__new__(cls)

    def __init__(self, mode: bool = True):
        self.to = mode

    def __enter__(self):
        tensor.new_counter = counter  # from the first use on, every new tensor asks
        self.previous = mode.enabled, mode.asked, mode.inference
        mode.inference, mode.asked, mode.enabled = self.to, False, not self.to

    def __exit__(self, *exc):
        mode.enabled, mode.asked, mode.inference = self.previous

    def clone(self):
        return self.__class__(self.to)
