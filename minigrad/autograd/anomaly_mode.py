"""Anomaly detection: say where in the program the op was called whose derivative failed or is not a number.

While it is on, every new node records in `site` the lines that led to it and in `parent` the node whose backward made
it, and every step of a backward pass is watched.  This is done by putting other functions in the place of the nodes'
`__init__`, of `shortcut.attach`, and of `Pass.step` and `Pass.finish`: while it is off, nothing is asked and nothing costs.
"""

import functools
import sys
import traceback
import warnings

from ..backends import backend_of
from ..ops import shortcut
from ..tensor import Tensor
from .engine import Pass
from .function import BackwardNode
from .graph import AccumulateGrad, Node
from .replacing import Mode

ENABLED = ("Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for "
           "debugging.")
HINT = ("Hint: enable anomaly detection to find the operation that failed to compute its gradient, with "
        "torch.autograd.set_detect_anomaly(True, check_nan=False).")
HINT_ENABLED = ("Hint: the backtrace further above shows the operation that failed to compute its gradient. The "
                "variable in question was changed in there or anywhere later. Good luck!")
NO_SITE = "No forward pass information available. Enable detect anomaly during forward pass for more information."
PACKAGE = __file__.rpartition("autograd")[0]


class State:
    """Whether anomalies are detected, and the nodes that are being run, outermost first."""

    enabled = False
    check_nan = True
    running = []


def is_anomaly_enabled():
    """Whether anomaly detection is on."""
    return State.enabled


def is_anomaly_check_nan_enabled():
    """Whether anomaly detection, when on, looks for NaN."""
    return State.check_nan


class set_detect_anomaly:
    """Switch anomaly detection on or off: at once when called, until the end of the block as a context manager."""

    def __init__(self, mode, check_nan=True):
        self.previous = State.enabled, State.check_nan
        switch(mode, check_nan)

    def __enter__(self):
        pass

    def __exit__(self, *exc):
        switch(*self.previous)


class detect_anomaly:
    """A context manager under which an error in backward, or a NaN, is reported with the op that it belongs to."""

    def __init__(self, check_nan=True):
        self.check_nan = check_nan
        warnings.warn(ENABLED, stacklevel=2)

    def __enter__(self):
        self.previous = State.enabled, State.check_nan
        switch(True, self.check_nan)

    def __exit__(self, *exc):
        switch(*self.previous)


def switch(enabled, check_nan):
    """Put the recording and watching functions in place, or the ordinary ones back.  Raises TypeError."""
    for i, (name, value) in enumerate((("enabled", enabled), ("check_nan", check_nan)), 1):
        if not isinstance(value, bool):
            raise TypeError(f"set_anomaly_enabled(): argument '{name}' (position {i}) must be bool, not "
                            f"{type(value).__name__}")
    if enabled is not State.enabled:
        ANOMALY.begin() if enabled else ANOMALY.end()
    State.enabled, State.check_nan = enabled, check_nan


def recording(init):
    """A node's `__init__` that also records where, and under which node, it is made."""

    @functools.wraps(init)
    def recorded(self, *args):
        init(self, *args)
        mark(self, sys._getframe(1))

    return recorded


def attaching(attach):
    """The short cut's way to make a node, likewise."""

    @functools.wraps(attach)
    def attached(plan, edges, operands, options, out):
        attach(plan, edges, operands, options, out)
        mark(out._edge[0], sys._getframe(1))

    return attached


def mark(node, frame):
    """Note where a node is made, and under which other."""
    node.site = calls(frame)
    node.parent = State.running[-1] if State.running else None


def calls(frame):
    """The calls in the user's files that led to `frame`, outermost first."""
    frames = [(f, line) for f, line in traceback.walk_stack(frame) if not f.f_code.co_filename.startswith(PACKAGE)]
    return traceback.StackSummary.extract(reversed(frames), lookup_lines=False)


def watching(step):
    """A step of a backward pass that reports which node it failed in."""

    @functools.wraps(step)
    def watched(self, node):
        node.apply = functools.partial(checked, node)
        State.running.append(node)
        try:
            return step(self, node)
        except Exception as error:
            if not getattr(error, "reported", False):
                report(node, error)
            raise
        finally:
            State.running.pop()
            del node.apply

    return watched


def checked(node, gradients, recording):
    """The node's results.  Raises RuntimeError if one of them has a NaN."""
    results = type(node).apply(node, gradients, recording)
    for i, result in enumerate(results if State.check_nan else ()):
        data = result._data if isinstance(result, Tensor) else result
        if data is not None and backend_of(data).isnan(data).any():
            raise RuntimeError(f"Function '{node.name()}' returned nan values in its {i}th output.")
    return results


def report(node, error):
    """Warn with the calls that made the node, and those that made the nodes whose backward made it."""
    error.reported = True
    if error.args and isinstance(error.args[0], str):
        error.args = (error.args[0].replace(HINT, HINT_ENABLED), *error.args[1:])
    if node.site is None:
        warnings.warn(f"Error detected in {node.name()}. {NO_SITE}", stacklevel=3)
        return
    warnings.warn(f"Error detected in {node.name()}. Traceback of forward call that caused the error:\n"
                  f"{''.join(node.site.format())}", stacklevel=3)
    while (node := node.parent) is not None and node.site is not None:
        warnings.warn(f"\n\nPrevious calculation was induced by {node.name()}. Traceback of forward call that induced "
                      f"the previous calculation:\n{''.join(node.site.format())}", stacklevel=3)


ANOMALY = Mode({
    (Node, "__init__"): recording, (AccumulateGrad, "__init__"): recording, (BackwardNode, "__init__"): recording,
    (shortcut, "attach"): attaching, (Pass, "step"): watching, (Pass, "finish"): watching})  # fmt: skip
