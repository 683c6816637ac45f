"""Look into a backward pass: names gathered, nothing defined.

    explain(loss, x=x, w=w)    the pass in words, node by node
    draw(loss, x=x, w=w)       the graph as DOT, SVG and HTML
    steps(loss, x=x, w=w)      the same as data: one Event for each node, computed as one asks for it
"""

from .draw import draw as draw
from .explain import explain as explain
from .formulas import derivatives as derivatives
from .formulas import formula as formula
from .steps import Event as Event
from .steps import steps as steps
