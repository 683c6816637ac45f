"""Recurrent layers and attention: outputs, states, gradients and errors, in float64 at its default tolerance."""

import pytest

from parity_tests.libs import REFERENCE, seal
from parity_tests.same import attempt, check

LAYERS = {
    "RNN": [{}, dict(nonlinearity="relu", num_layers=2), dict(bidirectional=True, bias=False)],
    "LSTM": [{}, dict(num_layers=2, bidirectional=True), dict(proj_size=2, num_layers=2), dict(bias=False)],
    "GRU": [{}, dict(num_layers=2, bidirectional=True), dict(bias=False)],
}
CASES = [(name, options) for name, rows in LAYERS.items() for options in rows]


def tensors(value):
    """All tensors in nested tuples."""
    return [value] if hasattr(value, "detach") else [t for part in value for t in tensors(part)]


def close(program, lib):
    """The tensors that program(lib) returns are close to torch's; each in its own library's arrays."""
    found = []
    for one in (REFERENCE, lib):
        seal(one)
        found.append([REFERENCE.from_numpy(t.detach().numpy().copy()) for t in tensors(program(one))])
    assert len(found[0]) == len(found[1])
    for expected, got in zip(*found):
        REFERENCE.testing.assert_close(got, expected)


def gradients(lib, module, inputs, outputs):
    """Gradients of a random weighting of the outputs."""
    loss = sum((lib.randn(out.shape, dtype=out.dtype) * out).sum() for out in outputs)
    wanted = [t for t in (*inputs, *module.parameters()) if t.requires_grad]
    return lib.autograd.grad(loss, wanted)


@pytest.mark.parametrize("batch", ["batched", "batch first", "unbatched"])
@pytest.mark.parametrize("given", [False, True], ids=["zero state", "given state"])
@pytest.mark.parametrize("name, options", CASES, ids=str)
def test_layer(name, options, given, batch, lib):
    def program(lib):
        module = getattr(lib.nn, name)(3, 4, batch_first=batch == "batch first", dtype=lib.float64, **options)
        shape = {"batched": (5, 2, 3), "batch first": (2, 5, 3), "unbatched": (5, 3)}[batch]
        x = lib.randn(shape, dtype=lib.float64, requires_grad=True)
        rows = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
        sizes = [options.get("proj_size") or 4, 4][:2 if name == "LSTM" else 1]
        state = [lib.randn((rows, 2, n) if batch != "unbatched" else (rows, n), dtype=lib.float64, requires_grad=True)
                 for n in sizes]
        hx = (tuple(state) if name == "LSTM" else state[0]) if given else None
        outputs = tensors(module(x, hx))
        return outputs, gradients(lib, module, [x, *(state if given else [])], outputs)

    close(program, lib)


@pytest.mark.parametrize("name, options", [("RNNCell", {}), ("RNNCell", dict(nonlinearity="relu")), ("LSTMCell", {}),
                                           ("LSTMCell", dict(bias=False)), ("GRUCell", {})], ids=str)
@pytest.mark.parametrize("shape", [(2, 3), (3,)], ids=str)
def test_cell(name, options, shape, lib):
    def program(lib):
        module = getattr(lib.nn, name)(3, 4, dtype=lib.float64, **options)
        x = lib.randn(shape, dtype=lib.float64, requires_grad=True)
        first = module(x)
        outputs = tensors(first) + tensors(module(x, first))
        return outputs, gradients(lib, module, [x], outputs)

    close(program, lib)


def test_dropout_between_layers(lib):
    def program(lib):
        module = lib.nn.RNN(3, 4, num_layers=3, dropout=0.4, dtype=lib.float64)
        x = lib.randn(5, 2, 3, dtype=lib.float64)
        return tensors(module(x)) + tensors(module.eval()(x))

    close(program, lib)


BAD = {
    "RNN": [dict(dropout=2), dict(dropout="a"), dict(dropout=0.5), dict(proj_size=2), dict(nonlinearity="x"),
            dict(bias=0), dict(num_layers=0)],
    "LSTM": [dict(proj_size=-1), dict(proj_size=4), dict(hidden_size=0), dict(hidden_size=4.0), dict(input_size=-3)],
    "GRU": [dict(proj_size=2), dict(nonlinearity="x")],
}  # fmt: skip


@pytest.mark.parametrize("name, options", [(name, bad) for name, rows in BAD.items() for bad in rows], ids=str)
def test_bad_options(name, options, lib):
    check(lambda lib: getattr(lib.nn, name)(**{"input_size": 3, "hidden_size": 4, **options}), lib)


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"])
def test_bad_inputs(name, lib):
    def program(lib):
        module, pair = getattr(lib.nn, name)(3, 4), name.startswith("LSTM")
        state = lambda *shape: (lib.ones(shape), lib.ones(shape)) if pair else lib.ones(shape)
        calls = [(lib.ones(2, 3, 1, 1),), (lib.ones(2, 2),)]
        calls += [(lib.ones(2, 3), state(3, 4)), (lib.ones(2, 3), state(2, 5)), (lib.ones(2, 3), state(2, 2, 2, 2))]
        if not name.endswith("Cell"):
            calls += [(lib.ones(3),), (lib.ones(5, 2, 3), state(1, 3, 4)), (lib.ones(5, 2, 3), state(1, 4)),
                      (lib.ones(5, 3), state(1, 2, 4)), (lib.ones(5, 2, 3).double(),)]
        return [text if isinstance(text, str) else "no error" for text in
                [attempt(lambda: module(*call)) for call in calls]]

    check(program, lib)


@pytest.mark.parametrize("options", [{}, dict(kdim=3, vdim=5, add_bias_kv=True), dict(add_zero_attn=True, bias=False),
                                     dict(batch_first=True), dict(dropout=0.3)], ids=str)
@pytest.mark.parametrize("weights", [True, False])
def test_attention(options, weights, lib):
    def program(lib):
        module = lib.nn.MultiheadAttention(4, 2, dtype=lib.float64, **options)
        q = lib.randn(3, 2, 4, dtype=lib.float64, requires_grad=True)
        k = lib.randn(3, 2, options.get("kdim", 4), dtype=lib.float64, requires_grad=True)
        v = lib.randn(3, 2, options.get("vdim", 4), dtype=lib.float64, requires_grad=True)
        outputs = [out for out in module(q, k, v, need_weights=weights) if out is not None]
        return outputs, gradients(lib, module, [q, k, v], outputs)

    close(program, lib)


@pytest.mark.parametrize("options", [{}, dict(norm_first=True), dict(activation="gelu", batch_first=True)], ids=str)
def test_transformer(options, lib):
    def program(lib):
        net = lib.nn.Transformer(4, 2, 2, 1, 8, dtype=lib.float64, **options)
        src, tgt = (lib.randn(3, 3, 4, dtype=lib.float64, requires_grad=True) for _ in range(2))
        mask = net.generate_square_subsequent_mask(3, dtype=lib.float64)
        out = net(src, tgt, tgt_mask=mask)
        return [out, *gradients(lib, net, [src, tgt], [out])]

    close(program, lib)
