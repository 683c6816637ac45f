"""The recurrent cells as formulas, and how layers and directions of them are stacked.

A cell takes `x`, the input's share of the gates (W_ih x + b_ih), the state, and `hidden`, a function giving the
hidden state's share (W_hh h + b_hh).
"""

from functools import partial

from ...ops.shape import cat, stack
from .. import functional as F


def tanh_cell(x, state, hidden):
    """h = tanh(W_ih x + b_ih + W_hh h + b_hh)"""
    return ((hidden(state[0]) + x).tanh(),)


def relu_cell(x, state, hidden):
    """h = max(0, W_ih x + b_ih + W_hh h + b_hh)"""
    return ((hidden(state[0]) + x).relu(),)


def lstm_cell(x, state, hidden):
    """c = f c + i g;  h = o tanh(c);  i, f, o sigmoids and g a tanh of W_ih x + b_ih + W_hh h + b_hh"""
    h, c = state
    i, f, g, o = (hidden(h) + x).chunk(4, 1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def gru_cell(x, state, hidden):
    """h = (h - n) z + n;  r, z sigmoids of x + W_hh h + b_hh, n = tanh(x_n + r (W_hn h + b_hn))"""
    (h,) = state
    x_r, x_z, x_n = x.chunk(3, 1)
    h_r, h_z, h_n = hidden(h).chunk(3, 1)
    r, z = (h_r + x_r).sigmoid(), (h_z + x_z).sigmoid()
    n = (x_n + h_n * r).tanh()
    return ((h - n) * z + n,)


CELLS = {"RNN_TANH": tanh_cell, "RNN_RELU": relu_cell, "LSTM": lstm_cell, "GRU": gru_cell}


class Weights:
    """One layer's and direction's parameters: W_ih, W_hh, b_ih, b_hh and the projection W_hr, or None."""

    def __init__(self, parameters, bias, project):
        parameters = list(parameters)
        self.w_hr = parameters.pop() if project else None
        self.w_ih, self.w_hh, self.b_ih, self.b_hh = parameters if bias else (*parameters, None, None)

    def input(self, x):
        return F.linear(x, self.w_ih, self.b_ih)

    def hidden(self, h):
        return F.linear(h, self.w_hh, self.b_hh)

    def project(self, state):
        if self.w_hr is None:
            return state
        return (F.linear(state[0], self.w_hr), *state[1:])


def run_direction(cell, inputs, state, weights, reverse):
    """One direction of one layer over inputs of shape (time, batch, features): outputs and last state."""
    steps = weights.input(inputs).unbind(0)
    outputs = []
    for x in reversed(steps) if reverse else steps:
        state = weights.project(cell(x, state, weights.hidden))
        outputs.append(state[0])
    return stack(outputs[::-1] if reverse else outputs, 0), state


def run_packed(cell, inputs, state, weights, reverse, sizes):
    """run_direction over packed sequences: of the batch, sorted by length, the first sizes[t] rows have a step t."""
    steps = weights.input(inputs).split(sizes)
    first, outputs, ended = state, [], []
    state = tuple(each[: sizes[-1] if reverse else sizes[0]] for each in first)
    for x in reversed(steps) if reverse else steps:
        before, now = state[0].size(0), x.size(0)
        if now < before:
            ended.append(tuple(each[now:] for each in state))
            state = tuple(each[:now] for each in state)
        elif now > before:
            state = tuple(cat([each, start[before:now]]) for each, start in zip(state, first, strict=True))
        state = weights.project(cell(x, state, weights.hidden))
        outputs.append(state[0])
    last = tuple(map(cat, zip(state, *ended[::-1], strict=True))) if ended else state
    return cat(outputs[::-1] if reverse else outputs), last


def run_layers(cell, inputs, states, layers, dropout, sizes=None):
    """layers: per layer a list of Weights, one a direction; states: (h, c, ...) of shape (layer * direction, ...).

    With `sizes`, those of each step's batch, the inputs are packed.
    """
    run = run_direction if sizes is None else partial(run_packed, sizes=sizes)
    parts = list(zip(*(state.unbind(0) for state in states), strict=True))
    last = []
    for number, directions in enumerate(layers):
        outputs = []
        for direction, weights in enumerate(directions):
            output, state = run(cell, inputs, parts[len(last)], weights, reverse=direction == 1)
            outputs.append(output)
            last.append(state)
        inputs = outputs[0] if len(outputs) == 1 else cat(outputs, outputs[0].dim() - 1)
        if dropout and number < len(layers) - 1:
            inputs = F.dropout(inputs, dropout, True)
    return inputs, tuple(stack(kind, 0) for kind in zip(*last, strict=True))
