"""Ops that write at positions given as a tuple that indexes an array: result[where] = src, or += src.

The gradient of src is the gradient read there; that of input is the gradient with the positions written over zeroed.
"""

from .indexing import index_arrays
from .layout import like
from .primitive import primitive


def written(xp, input, where, src):
    """A copy of input with src at `where`"""
    result = xp.array(input, order="C", copy=True)
    result[where] = src
    return result


def added(xp, input, where, src):
    """A copy of input with src added at `where`, as often as a position occurs"""
    result = xp.array(input, order="C", copy=True)
    xp.scatter_add(result, where, src)
    return result


@primitive("ScatterBackward1")
def cleared(xp, input, /, where):
    """A copy of input with 0 at `where`"""
    return written(xp, input, where, 0)


cleared.vjp(input=lambda g, where: cleared(g, where))


def _writer(name, doc):
    """An op (input, src, where, part): src[part] written over input at `where`"""
    def write(xp, input, src, /, where, part):
        return written(xp, input, where, src[part])

    write.__doc__ = doc
    write = primitive(name)(write)
    write.vjp(input=lambda g, where: cleared(g, where), src=lambda g, where: index_arrays(g, where))
    return write


def _filler(name, doc):
    """An op (input, where, value): a number written over input at `where`"""
    def write(xp, input, /, where, value):
        return written(xp, input, where, value)

    write.__doc__ = doc
    write = primitive(name)(write)
    write.vjp(input=lambda g, where: cleared(g, where))
    return write


def _adder(name, doc):
    """An op (input, src, where, part, alpha): alpha * src[part] added to input at `where`"""
    def write(xp, input, src, /, where, part, alpha):
        return added(xp, input, where, src[part] if alpha == 1 else src[part] * xp.asarray(alpha).astype(src.dtype))

    write.__doc__ = doc
    write = primitive(name)(write)
    write.vjp(input=lambda g: g, src=lambda g, where, alpha: index_arrays(g, where) * alpha)
    return write


WHOLE = (...,)
scatter_src = _writer("ScatterBackward0", "src written at explicit positions along one dimension")
scatter_value = _filler("ScatterBackward1", "a number written at explicit positions along one dimension")
scatter_add_src = _adder("ScatterAddBackward0", "src added at explicit positions along one dimension")
index_add_src = _adder("IndexAddBackward0", "alpha times the slices of src added to slices of input")
index_copy_src = _writer("IndexCopyBackward0", "Slices of input replaced by those of src")


@primitive("IndexFillBackward0")
def index_fill_value(xp, input, /, where, value):
    """Slices of input filled with a number"""
    return like(xp, written(xp, input, where, value), input)


index_fill_value.vjp(input=lambda g, where: cleared(g, where))



@primitive("IndexFillBackward1")
def index_fill_with(xp, input, value, /, where):
    """Slices of input filled with a 0-d tensor"""
    return like(xp, written(xp, input, where, value), input)


index_fill_with.vjp(input=lambda g, where: cleared(g, where), value=lambda g, where: index_arrays(g, where).sum())
