"""Libraries with several devices, of which one is in use: computing where the arrays are.

Ops see to it themselves (cupy.py); this is for what computes on arrays outside of them.  Where no library has several
devices nothing happens.
"""

from contextlib import nullcontext
from functools import wraps

PLACES = {}  # the type of an array of such a library -> array -> a context to compute in where the array is
ANYWHERE = nullcontext()


def on_device_of(*values):
    """A context to compute in on the device of the first array among arrays, tensors and lists of them."""
    found = placed(values) if PLACES else None
    return ANYWHERE if found is None else PLACES[type(found)](found)


def placed(values):
    """The first array of a library with several devices among arrays, tensors and lists of them."""
    for x in values:
        x = placed(x) if isinstance(x, (list, tuple)) else getattr(x, "_data", x)
        if type(x) in PLACES:
            return x


def on_its_device(function):
    """A function that computes on its arguments' arrays itself, outside of an op: on the device of the first."""

    @wraps(function)
    def call(*args, **keywords):
        with on_device_of(*args):
            return function(*args, **keywords)

    return call


def plus(so_far, gradient):
    """The sum of two gradients, on their device."""
    with on_device_of(gradient):
        return so_far + gradient


def beside_gradients(arrived, *visits):
    """Functions of a node of the graph, each on the device of the gradients that have arrived at the node."""

    def there(visit):
        def visit_there(node):
            with on_device_of(arrived[node]):
                visit(node)

        return visit_there

    return map(there, visits) if PLACES else visits
