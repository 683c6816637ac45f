"""The graph as a picture: DOT text for Graphviz, and an SVG of our own that needs nothing."""

from html import escape

from ..autograd.engine import by_number
from ..autograd.graph import AccumulateGrad, requires_grad
from .explain import explain, shape_of, short
from .steps import steps

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 210, 46, 24, 44, 16


class Drawing:
    """`dot`, `svg` and `html` are texts; `save(path)` writes the one that the path's ending names."""

    def __init__(self, events, story):
        self.events, self.story = {event.node: event for event in events}, story

    def edges(self):
        """(node, target, the gradient on that edge), from the result to the leaves."""
        for node, event in self.events.items():
            targets = [edge[0] for edge in node.edges if edge is not None]
            for target, (*_, gradient) in zip(targets, event.outgoing):
                if target in self.events:
                    yield node, target, gradient

    def title(self, node):
        """The two lines in a node's box."""
        event = self.events[node]
        shapes = ", ".join(shape_of(g) for g in event.incoming if g is not None)
        return f"{event.number}. {event.label}", f"g {shapes}" if shapes else "no gradient"

    @property
    def dot(self):
        names = {node: f"n{i}" for i, node in enumerate(self.events)}
        lines = ["digraph backward {", "  node [shape=box];"]
        for node, name in names.items():
            text = "\\n".join(self.title(node)).replace('"', '\\"')
            lines.append(f'  {name} [label="{text}"{", style=rounded" if type(node) is AccumulateGrad else ""}];')
        lines += [f"  {names[a]} -> {names[b]};" for a, b, _ in self.edges()]
        return "\n".join([*lines, "}"])

    def places(self):
        """node -> (column, row): a row below everything that leads to it, in the row near what leads to it."""
        row, above = dict.fromkeys(self.events, 0), {node: [] for node in self.events}
        for a, b, _ in sorted(self.edges(), key=lambda edge: by_number(edge[0]), reverse=True):
            row[b] = max(row[b], row[a] + 1)
            above[b].append(a)
        rows, column = {}, {}
        for node in sorted(self.events, key=row.get):
            rows.setdefault(row[node], []).append(node)
        for nodes in rows.values():
            middle = lambda node: sum(map(column.get, above[node])) / len(above[node]) if above[node] else 0
            for i, node in enumerate(sorted(nodes, key=middle)):
                column[node] = i
        return {node: (column[node], row[node]) for node in self.events}

    @property
    def svg(self):
        at = {node: (MARGIN + column * (WIDTH + ACROSS), MARGIN + row * (HEIGHT + DOWN))
              for node, (column, row) in self.places().items()}
        width, height = (max(c[i] for c in at.values()) + size + MARGIN for i, size in enumerate((WIDTH, HEIGHT)))
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
                 f'font-family="sans-serif" font-size="12">',
                 '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
                 '<path d="M0,0 L8,4 L0,8 z"/></marker></defs>']
        seen = []
        for a, b, gradient in self.edges():
            (x1, y1), (x2, y2) = at[a], at[b]
            aside = WIDTH / 2 + 12 * seen.count((a, b))  # a second edge between the same nodes lies beside the first
            seen.append((a, b))
            parts.append(f'<line x1="{x1 + aside}" y1="{y1 + HEIGHT}" x2="{x2 + aside}" y2="{y2}" '
                         f'stroke="#555" marker-end="url(#tip)"><title>{escape(short(gradient))}</title></line>')
        parts += [self.box(node, *place) for node, place in at.items()]
        return "\n".join([*parts, "</svg>"])

    def box(self, node, x, y):
        event, (first, second) = self.events[node], map(escape, self.title(node))
        fill, corner = ("#e3f1e3", 18) if type(node) is AccumulateGrad else ("#eef2fb", 4)
        hint = escape(event.formula or event.label)
        middle = f'x="{x + WIDTH / 2}" text-anchor="middle"'
        return (f'<g><title>{hint}</title><rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="{corner}" '
                f'fill="{fill}" stroke="#555"/><text {middle} y="{y + 19}">{first}</text>'
                f'<text {middle} y="{y + 36}" fill="#555">{second}</text></g>')

    @property
    def html(self):
        return (f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>backward</title></head>\n<body>\n'
                f"{self.svg}\n<pre>{escape(self.story)}</pre>\n</body></html>\n")

    _repr_svg_ = lambda self: self.svg

    def save(self, path):
        """Write to a file that ends in .dot, .svg or .html.  Raises ValueError for another ending."""
        kind = str(path).rpartition(".")[2]
        if kind not in ("dot", "svg", "html"):
            raise ValueError(f"a drawing can be saved as .dot, .svg or .html, not as .{kind}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(getattr(self, kind))


def draw(loss, gradient=None, **names):
    """The graph behind `loss`, with what flows along it in `loss.backward(gradient)`, as a Drawing."""
    assert requires_grad(loss), "only what requires grad has a graph"
    return Drawing(steps(loss, gradient, **names), explain(loss, gradient, **names))
