"""The explorer says what backward does: same gradients, same order, nothing changed, and formulas that are the ops'."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

import minigrad
from minigrad.explorer import draw, explain, steps

LESSON = Path(__file__).parent.parent / "examples" / "11_explain_backward.py"


def net():
    """A small net, its loss, and the tensors by name."""
    minigrad.manual_seed(0)
    layer, x = minigrad.nn.Linear(3, 2), minigrad.ones(4, 3)
    hidden = layer(x).tanh()
    loss = (hidden * hidden + hidden).mean()
    return loss, {"weight": layer.weight, "bias": layer.bias, "hidden": hidden}


def test_leaves_get_what_backward_gives_them():
    loss, names = net()
    told = {event.label: event.incoming[0] for event in steps(loss, **names) if event.leaf is not None}
    assert set(told) == {"weight", "bias"} and names["weight"].grad is None
    loss.backward()
    for name, gradient in told.items():
        np.testing.assert_array_equal(gradient.numpy(), names[name].grad.numpy())


def test_order_is_the_engines():
    loss, _ = net()
    events = list(steps(loss))
    numbers = [event.node.sequence for event in events if event.leaf is None]
    assert numbers == sorted(numbers, reverse=True)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    position = {event.node: event.number for event in events}
    for event in events:
        assert all(position[edge[0]] > event.number for edge in event.node.edges if edge is not None)


def test_backward_runs_as_far_as_one_asks():
    loss, _ = net()
    first = next(iter(steps(loss)))
    assert first.label == "MeanBackward0" and first.incoming[0].item() == 1


def test_formulas_come_from_the_ops():
    x, w = (minigrad.ones(2, requires_grad=True) for _ in range(2))
    text = explain((x * w).exp().sum(), x=x, w=w)
    assert "dinput = g * other" in text and "dother = g * input" in text and "dinput = g * out" in text
    assert "->  x" in text and "->  w" in text


def test_functions_of_the_users_own():
    class Double(minigrad.autograd.Function):
        calls = 0

        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            Double.calls += 1
            return g * 2

    x = minigrad.ones(2, requires_grad=True)
    text = explain(Double.apply(x).sum(), x=x)
    assert "DoubleBackward" in text and "[2, 2] of shape [2]  ->  x" in text and Double.calls == 1


def test_drawing_has_every_node_and_edge(tmp_path):
    loss, names = net()
    picture = draw(loss, **names)
    count = len(list(steps(loss)))
    tree = ElementTree.fromstring(picture.svg)
    assert len(tree.findall("{*}g")) == count == picture.dot.count("label=")
    assert len(tree.findall("{*}line")) == picture.dot.count("->")
    for ending in ("dot", "svg", "html"):
        picture.save(tmp_path / f"graph.{ending}")
    assert "why now" in (tmp_path / "graph.html").read_text()
    with pytest.raises(ValueError, match="not as"):
        picture.save(tmp_path / "graph.png")


def test_what_has_no_graph_is_refused():
    with pytest.raises(RuntimeError, match="does not require grad"):
        explain(minigrad.ones(()))


def test_lesson_runs():
    run = subprocess.run([sys.executable, LESSON], capture_output=True, text=True, cwd=LESSON.parent.parent,
                         env={"PYTHONPATH": "."})  # fmt: skip
    assert run.returncode == 0 and "why now" in run.stdout, run.stderr
