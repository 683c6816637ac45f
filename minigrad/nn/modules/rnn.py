"""Recurrent layers (Elman, LSTM, GRU) and their single-step cells."""

import math
import numbers
import warnings

from ...ops.creation import empty, zeros
from .. import init
from ..parameter import Parameter
from ..utils.rnn import PackedSequence
from .module import Module
from .recurrence import CELLS, Weights, run_layers

_GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


class RNNBase(Module):
    """Layers of recurrent cells, in one or two directions."""

    __constants__ = ["mode", "input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout",
                     "bidirectional", "proj_size"]

    def __init__(self, mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, proj_size=0, device=None, dtype=None):
        super().__init__()
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        _check_options(self, dropout)
        self._all_weights = [self._make_weights(layer, suffix, {"device": device, "dtype": dtype})
                             for layer in range(num_layers) for suffix in self._suffixes()]
        self.reset_parameters()

    def _suffixes(self):
        return ("", "_reverse") if self.bidirectional else ("",)

    def _make_weights(self, layer, suffix, options):
        """Register one layer's and direction's parameters; their names."""
        gates = _GATES[self.mode] * self.hidden_size
        output = self.proj_size or self.hidden_size
        features = self.input_size if layer == 0 else output * len(self._suffixes())
        shapes = {"weight_ih": (gates, features), "weight_hh": (gates, output)}
        if self.bias:
            shapes |= {"bias_ih": (gates,), "bias_hh": (gates,)}
        if self.proj_size > 0:
            shapes["weight_hr"] = (self.proj_size, self.hidden_size)
        names = [f"{name}_l{layer}{suffix}" for name in shapes]
        for name, shape in zip(names, shapes.values(), strict=True):
            self.register_parameter(name, Parameter(empty(shape, **options)))
        return names

    @property
    def all_weights(self):
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    def flatten_parameters(self):
        """Nothing to do: the parameters need not lie side by side."""

    def reset_parameters(self):
        """All uniform in +-1/sqrt(hidden_size)."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def forward(self, input, hx=None):
        """(outputs of the last layer, last state of every layer and direction); a PackedSequence gives a packed output"""
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx)
        if input.dim() not in (2, 3):
            tail = "tensor instead" if self.mode.startswith("RNN") else "instead"
            raise ValueError(f"{self._get_name()}: Expected input to be 2D or 3D, got {input.dim()}D {tail}")
        batched = input.dim() == 3
        time_first = not (batched and self.batch_first)
        if not batched:
            input = input.unsqueeze(1)
        states = self._states(hx, batched)
        input = input if time_first else input.transpose(0, 1)
        if states is None:
            states = self._zero_states(input, input.size(1))
        self._check_input(input)
        self._check_states(states, input.size(1))
        output, states = self._run(input, states)
        if not time_first:
            output = output.transpose(0, 1)
        if not batched:
            output, states = output.squeeze(1), tuple(state.squeeze(1) for state in states)
        return output, states if self.mode == "LSTM" else states[0]

    def _forward_packed(self, input, hx):
        data, sizes, order, back = input
        states = self._states(hx, True)
        if states is None:
            states = self._zero_states(data, int(sizes[0]))
        elif order is not None:
            states = tuple(state.index_select(1, order) for state in states)
        self._check_input(data)
        self._check_states(states, int(sizes[0]))
        output, states = self._run(data, states, sizes.tolist())
        if back is not None:
            states = tuple(state.index_select(1, back) for state in states)
        return PackedSequence(output, sizes, order, back), states if self.mode == "LSTM" else states[0]

    def _run(self, input, states, sizes=None):
        directions = len(self._suffixes())
        weights = [Weights(each, self.bias, self.proj_size > 0) for each in self.all_weights]
        layers = [weights[i:i + directions] for i in range(0, len(weights), directions)]
        return run_layers(CELLS[self.mode], input, states, layers, self.dropout if self.training else 0, sizes)

    def _states(self, hx, batched):
        """The given state as a tuple of (layers, batch, features), or None."""
        if hx is None:
            return None
        states = tuple(hx) if self.mode == "LSTM" else (hx,)
        wanted = 3 if batched else 2
        if any(state.dim() != wanted for state in states):
            kind = "batched 3-D" if batched else "unbatched 2-D"
            if self.mode == "LSTM":
                got = ", ".join(f"{state.dim()}-D" for state in states)
                raise RuntimeError(f"For {kind} input, hx and cx should also be {wanted}-D but got ({got}) tensors")
            raise RuntimeError(f"For {kind} input, hx should also be {wanted}-D but got {hx.dim()}-D tensor")
        return states if batched else tuple(state.unsqueeze(1) for state in states)

    def _state_sizes(self, batch):
        rows = self.num_layers * len(self._suffixes())
        first = (rows, batch, self.proj_size or self.hidden_size)
        return (first, (rows, batch, self.hidden_size)) if self.mode == "LSTM" else (first,)

    def _zero_states(self, input, batch):
        return tuple(zeros(size, dtype=input.dtype, device=input.device) for size in self._state_sizes(batch))

    def _check_input(self, input):
        kind = self.all_weights[0][0].dtype
        if input.dtype != kind:
            raise ValueError(f"RNN input dtype ({input.dtype}) does not match weight dtype ({kind}). Convert input: "
                             f"input.to({kind}), or convert model: model.to({input.dtype})")
        if input.size(-1) != self.input_size:
            raise RuntimeError("input.size(-1) must be equal to input_size. "
                               f"Expected {self.input_size}, got {input.size(-1)}")

    def _check_states(self, states, batch):
        for i, (state, size) in enumerate(zip(states, self._state_sizes(batch), strict=True)):
            if tuple(state.size()) != size:
                which = f"hidden[{i}]" if self.mode == "LSTM" else "hidden"
                raise RuntimeError(f"Expected {which} size {size}, got {list(state.size())}")

    def extra_repr(self):
        text = f"{self.input_size}, {self.hidden_size}"
        if self.proj_size != 0:
            text += f", proj_size={self.proj_size}"
        if self.num_layers != 1:
            text += f", num_layers={self.num_layers}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if self.batch_first is not False:
            text += f", batch_first={self.batch_first}"
        if self.dropout != 0:
            text += f", dropout={self.dropout}"
        if self.bidirectional is not False:
            text += f", bidirectional={self.bidirectional}"
        return text


def _check_options(rnn, dropout):
    if not isinstance(dropout, numbers.Number) or not 0 <= dropout <= 1 or isinstance(dropout, bool):
        raise ValueError("dropout should be a number in range [0, 1] representing the probability of an element "
                         "being zeroed")
    if dropout > 0 and rnn.num_layers == 1:
        warnings.warn("dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects "
                      f"num_layers greater than 1, but got dropout={dropout} and num_layers={rnn.num_layers}",
                      stacklevel=4)
    for name, kind in (("bias", bool), ("batch_first", bool), ("input_size", int), ("hidden_size", int),
                       ("num_layers", object)):  # fmt: skip
        value = getattr(rnn, name)
        if not isinstance(value, kind):
            raise TypeError(f"{name} should be of type {kind.__name__}, got: {type(value).__name__}")
        if kind is not bool and value <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if rnn.proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if rnn.proj_size >= rnn.hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")


def _no_projection(kwargs):
    if kwargs.get("proj_size", 0):
        raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")


class RNN(RNNBase):
    """h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), or with relu"""

    def __init__(self, *args, **kwargs):
        _no_projection(kwargs)
        if len(args) > 3:
            self.nonlinearity = args[3]
            args = args[:3] + args[4:]
        else:
            self.nonlinearity = kwargs.pop("nonlinearity", "tanh")
        if self.nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{self.nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(f"RNN_{self.nonlinearity.upper()}", *args, **kwargs)


class LSTM(RNNBase):
    """Long short-term memory (Hochreiter & Schmidhuber 1997)"""

    def __init__(self, *args, **kwargs):
        super().__init__("LSTM", *args, **kwargs)


class GRU(RNNBase):
    """Gated recurrent unit (Cho et al. 2014)"""

    def __init__(self, *args, **kwargs):
        _no_projection(kwargs)
        super().__init__("GRU", *args, **kwargs)


class RNNCellBase(Module):
    """One step of one recurrent layer."""

    __constants__ = ["input_size", "hidden_size", "bias"]

    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        gates, options = num_chunks * hidden_size, {"device": device, "dtype": dtype}
        self.weight_ih = Parameter(empty((gates, input_size), **options))
        self.weight_hh = Parameter(empty((gates, hidden_size), **options))
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(name, Parameter(empty(gates, **options)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self):
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def _step(self, cell, input, states, names=("hidden",)):
        """The new state, as a tuple; missing batch dimensions are added and taken away again."""
        if input.dim() not in (1, 2):
            raise ValueError(f"{self._get_name()}: Expected input to be 1D or 2D, got {input.dim()}D instead")
        for name, state in zip(names, states or (), strict=False):
            if state.dim() not in (1, 2):
                raise ValueError(f"{self._get_name()}: Expected {name} to be 1D or 2D, got {state.dim()}D instead")
        batched = input.dim() == 2
        if not batched:
            input = input.unsqueeze(0)
            states = states and tuple(state.unsqueeze(0) for state in states)
        if states is None:
            zero = zeros((input.size(0), self.hidden_size), dtype=input.dtype, device=input.device)
            states = (zero,) * len(names)
        self._check_sizes(input, states)
        parameters = [self.weight_ih, self.weight_hh] + ([self.bias_ih, self.bias_hh] if self.bias else [])
        weights = Weights(parameters, self.bias, project=False)
        states = cell(weights.input(input), states, weights.hidden)
        return states if batched else tuple(state.squeeze(0) for state in states)

    def _check_sizes(self, input, states):
        if input.size(1) != self.input_size:
            raise RuntimeError(f"input has inconsistent input_size: got {input.size(1)} expected {self.input_size}")
        for i, state in enumerate(states):
            if state.size(0) != input.size(0):
                raise RuntimeError(f"Input batch size {input.size(0)} doesn't match hidden{i} batch size "
                                   f"{state.size(0)}")
            if state.size(1) != self.hidden_size:
                raise RuntimeError(f"hidden{i} has inconsistent hidden_size: got {state.size(1)}, "
                                   f"expected {self.hidden_size}")

    def extra_repr(self):
        text = f"{self.input_size}, {self.hidden_size}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if getattr(self, "nonlinearity", "tanh") != "tanh":
            text += f", nonlinearity={self.nonlinearity}"
        return text


class RNNCell(RNNCellBase):
    """h = tanh(W_ih x + b_ih + W_hh h + b_hh), or with relu"""

    __constants__ = [*RNNCellBase.__constants__, "nonlinearity"]

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh", device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, num_chunks=1, device=device, dtype=dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        cell = CELLS.get(f"RNN_{self.nonlinearity.upper()}")
        if cell is None:
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        return self._step(cell, input, None if hx is None else (hx,))[0]


class LSTMCell(RNNCellBase):
    """One step of an LSTM: (h, c)"""

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, num_chunks=4, device=device, dtype=dtype)

    def forward(self, input, hx=None):
        return self._step(CELLS["LSTM"], input, None if hx is None else tuple(hx), ("hx[0]", "hx[1]"))


class GRUCell(RNNCellBase):
    """One step of a GRU"""

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, num_chunks=3, device=device, dtype=dtype)

    def forward(self, input, hx=None):
        return self._step(CELLS["GRU"], input, None if hx is None else (hx,))[0]
