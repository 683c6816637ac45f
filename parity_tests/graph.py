"""A tensor's history as plain data, so that two libraries' graphs can be compared as text."""


def describe(lib, outputs, leaves):
    """Nodes numbered in the order a depth-first walk first meets them: 'number name -> (number, input_nr) ...'."""
    names = {id(t): f"leaf {i}" for i, t in enumerate(leaves)}
    numbers, nodes, stack = {}, [], []

    def number(node):
        if node is None:
            return None
        if id(node) not in numbers:
            numbers[id(node)] = len(nodes)
            nodes.append(node)
            stack.append(node)
        return numbers[id(node)]

    lines = [f"output {i}: ({number(o.grad_fn)}, {o.output_nr})" for i, o in enumerate(outputs)]
    while stack:
        node = stack.pop()
        variable = getattr(node, "variable", None)
        owner = f" [{names.get(id(variable), 'another tensor')}]" if node.name().endswith("AccumulateGrad") else ""
        edges = ", ".join(f"({number(child)}, {nr})" for child, nr in node.next_functions)
        lines.append(f"{numbers[id(node)]} {node.name()}{owner} -> {edges}")
    return lines
