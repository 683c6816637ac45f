"""Forward mode: the tangent of a tensor, and what an op makes of the tangents of its operands.

No op has a formula of its own for this.  The formula that an op has for the way back, g -> Jᵀg, is linear in g and runs on
Tensors too, so the derivative of <Jᵀg, t> by g is J t, the tangent of the result.  Two kinds of ops need no second pass: a
view shows the tangent as it shows the tensor, and of an op on elements J is diagonal, so that Jᵀt is J t.

Tangents belong to a level (forward_ad.py), which forgets them when it is left; a tensor knows nothing of them.
"""

import re
import weakref
from contextlib import contextmanager
from threading import get_ident

from ..backends import backend_of
from ..dtypes import FLOAT
from ..ops.creation import ones_like, zeros, zeros_like
from ..ops.node import SAVE, Plan
from ..ops.primitive import Op, PointwiseOp, primitive
from ..ops.promotion import broadcast_shape
from ..ops.shape import as_strided_view, clone, expand, laid_out, sum_to
from ..tensor import Tensor
from .backward import grad
from .graph import requires_grad
from .modes import enable_grad, mode
from .saved import SavedTensor
from .saved import active as hooks
from .writable import geometry, same_place

ITSELF = "Setting a forward grad that itself has a forward gradient at the same level0 is not supported."


@primitive("Identity", view="single")
def identity(input, /):
    """The same tensor again, as a view"""
    return input[...]


identity.vjp(input=lambda g: g)
identity.op.node_class.name = lambda node: "torch::autograd::Identity"


def primal_of(x):
    """A view of `x` without its tangent"""
    with alone():
        primal = identity(x)
    Level.current.hold(primal, None)
    return primal


class Level:
    """The tangents of all tensors that have one: id -> (weak reference, tangent or None, base).

    The base is that whose tangent a view shows as long as it has none of its own: ordinarily the view's base, but none of
    what `unpack_dual` gives, and that for its views.
    """

    current = None  # the level that was entered, if any
    of_transform = False  # whether a transform of torch.func entered it, and not the user
    at_work = False  # whether a tangent is being computed: what is computed meanwhile has none

    def __init__(self):
        self.held = {}

    def hold(self, x, tangent, base=None):
        """Let `x` have a tangent, or expressly none but that of `base`."""
        held, key = self.held, id(x)
        held[key] = weakref.ref(x, lambda _: held.pop(key, None)), tangent, base

    def base(self, x):
        """What `x` is a view of, as far as tangents go, or None."""
        if id(x) in self.held:
            return self.held[id(x)][2]
        return None if x._view is None else x._view.base

    def tangent(self, x):
        """The tangent of `x`, or None.  A view without one shows that of its base, which may have got it since."""
        _, own, _ = self.held.get(id(x), (None, None, None))
        base = self.base(x) if own is None else None
        of_base = None if base is None else self.held.get(id(base), (None, None))[1]
        if of_base is None:
            return own
        with alone():
            seen = as_strided_view(of_base, *geometry(x))
        self.hold(x, seen, base)
        return seen

    def tangents(self, operands):
        """The tangents of operands, None for what has none, or None if no operand has one.  Raises RuntimeError for a
        tangent that has one itself."""
        found = [self.tangent(x) if isinstance(x, Tensor) else None for x in operands]
        if any(t is not None and self.tangent(t) is not None for t in found):
            raise RuntimeError(ITSELF)
        return found if any(t is not None for t in found) else None

    def give(self, x, tangent):
        """Let `x` have a tangent in the layout of its own.  Raises RuntimeError if the sizes differ."""
        if tangent.shape != x.shape:
            raise RuntimeError(f"Trying to set a forward gradient that has a different size than that of the original "
                               f"Tensor, this is not supported. Tensor is of size {list(x.shape)} while the given forward "
                               f"gradient is of size {list(tangent.shape)}.")
        self.hold(x, fitted(tangent, x))

    def overwrite(self, x, tangent):
        """Write a tangent over the one of `x`, which was written to: views of its memory see both."""
        own, base = self.tangent(x), self.base(x)
        if own is None and base is not None:
            self.give(base, zeros_like(base.detach(), dtype=tangent.dtype))
            own = self.tangent(x)
        if own is None:
            self.give(x, tangent)
        elif not same_place(own, tangent):
            own.copy_(tangent)


@contextmanager
def alone():
    """While a tangent is computed, what is computed has no tangents."""
    previous, Level.at_work = Level.at_work, True
    try:
        yield
    finally:
        Level.at_work = previous


def active():
    """The level in which ops now propagate tangents, or None."""
    return None if Level.at_work or mode.inference else Level.current


def fitted(tangent, x):
    """A tangent in the layout of `x`, storage included, so that views show both alike."""
    wanted, size = geometry(x), extent_of(x)
    if geometry(tangent) == wanted and extent_of(tangent) == size:
        return tangent
    if size == x._data.size:
        return laid_out(tangent, wanted)
    seen = as_strided_view(zeros((size,), dtype=tangent.dtype, device=tangent.device), *wanted)
    return seen.copy_(tangent)


def extent_of(x):
    """How many elements its storage has"""
    return int(backend_of(x._data).storage(x._data).size)


# ---- what torch refuses ---------------------------------------------------------------------------------------------

# Node -> torch's name of an op that has no formula there.
WITHOUT = {
    "CtcLossBackward0": "_ctc_loss", "CholeskyBackward0": "cholesky", "CdistBackward0": "_cdist_forward",
    "EuclideanDistBackward0": "_euclidean_dist", "EmbeddingBagBackward0": "_embedding_bag", "GeqrfBackward0": "geqrf",
    "GridSampler2DBackward0": "grid_sampler_2d", "GridSampler3DBackward0": "grid_sampler_3d",
    "HuberLossBackwardBackward0": "huber_loss_backward", "IgammaBackward0": "igamma", "IgammacBackward0": "igammac",
    "IndexReduceBackward0": "index_reduce", "MultiMarginLossBackward0": "multi_margin_loss",
    "MultilabelMarginLossBackward0": "multilabel_margin_loss_forward", "OrmqrBackward0": "ormqr",
    "PdistBackward0": "_pdist_forward",
    "ScaledDotProductFlashAttentionForCpuBackward0": "_scaled_dot_product_flash_attention_for_cpu",
    "SoftMarginLossBackwardBackward0": "soft_margin_loss_backward",
    **dict.fromkeys([f"SpecialZetaBackward{i}" for i in range(3)], "special_zeta"),
}  # fmt: skip
YET = ("Trying to use forward AD with {} that does not support it because it has not been implemented yet.\nPlease file an "
       "issue to PyTorch at https://github.com/pytorch/pytorch/issues/new?template=feature-request.yml so that we can "
       "prioritize its implementation or submit a PR adding the implementation to derivatives.yaml")


def check_supported(op):
    """Raise NotImplementedError for an op for which torch has no formula."""
    name = op.node_class.__name__
    if name in WITHOUT:
        raise NotImplementedError(YET.format(WITHOUT[name]))
    if name == "NotImplemented":
        try:
            next(iter(op.formulas.values()))(None)
        except RuntimeError as error:
            called = re.sub("derivative for (.*) is not implemented", r"\1", str(error))
            raise NotImplementedError(f"Trying to use forward AD with {called} that does not support it.") from None


# ---- what an op makes of tangents -----------------------------------------------------------------------------------

# Nodes of ops that are linear in all they are differentiated by, and so make of the tangents what they make of the operands.
# Their formulas for the way back would not do: they leave rows out, refuse layouts, or take a place written twice for two.
LINEAR = {"AdaptiveAvgPool2DBackward0", "AsStridedScatterBackward0", "EmbeddingBackward0", "IndexAddBackward0",
          "IndexCopyBackward0", "IndexPutBackward0", "MaxUnpool2DBackward0", "MaxUnpool3DBackward0", "MeanBackward0",
          "MeanBackward1", "NllLoss2DBackward0", "ScatterAddBackward0", "ScatterBackward0"}  # fmt: skip
PLANS = {}  # (op, which inputs have tangents) -> Plan


def differentiated(op, operands):
    """The operands that an op may be differentiated by."""
    return operands[0] if op.variadic else [operands[i] for i in op.positions]


def linear(op, operands, options, tangents):
    """The tangents of the outputs of a view op, or another that is linear: what it makes of tangents"""
    operands = list(operands)
    for i, t in zip(op.positions, tangents):
        operands[i] = zeros_like(operands[i].detach()) if t is None else t
    found = Op.run(op, tuple(operands), options)
    return (found,) if isinstance(found, Tensor) else found


def is_elementwise(operands, outputs):
    """Whether a pointwise op made an element of each element: losses may have reduced them."""
    return outputs[0].shape == broadcast_shape(*[tuple(x.shape) for x in operands if isinstance(x, Tensor)])


def pushed(op, operands, options, outputs, tangents):
    """The tangents of the outputs of any other op: of each the sum over inputs of d output / d input · tangent"""
    if not any(x.dtype.category >= FLOAT for x in outputs[: op.differentiable_outputs]):
        return ()
    if op.node_class.__name__ in LINEAR:
        return [unshared(x, outputs[0], tangents) for x in linear(op, operands, options, tangents)[:1]]
    if isinstance(op, PointwiseOp) and op.shortcut is not None and is_elementwise(operands, outputs):
        return (elementwise(op, operands, options, outputs, tangents),)
    return twice(op, operands, options, outputs, tangents)


def elementwise(op, operands, options, outputs, tangents):
    """J is diagonal: J t = Jᵀt, element by element"""
    (out,), total = outputs, None
    if is_recorded(operands, tangents):
        operands = primals(operands)
    for i, (x, t) in enumerate(zip(differentiated(op, operands), tangents)):
        if t is not None:
            t = expand(t if x.dtype is out.dtype else t.to(out.dtype), tuple(out.shape))
            node = call_node(op, operands, options, outputs, [j == i for j in range(len(tangents))])
            part = node.apply([t], True)[i]
            total = part if total is None else total if part is None else total + part
    return unshared(total, out, tangents)


def twice(op, operands, options, outputs, tangents):
    """J t as the derivative of g -> <Jᵀg, t>"""
    recorded, originals = is_recorded(operands, tangents), outputs
    operands, outputs = (primals(operands), outputs) if recorded else (cut(operands), cut(outputs))
    last = len(outputs) if op.differentiable_outputs is None else op.differentiable_outputs
    gs = [ones_like(x.detach()).requires_grad_() if i < last and x.dtype.category >= FLOAT else None
          for i, x in enumerate(outputs)]
    with enable_grad():
        node = call_node(op, operands, options, outputs, [t is not None for t in tangents])
        pulled = node.apply(gs, True)
        pairs = [paired(p, x, t) for p, x, t in zip(pulled, differentiated(op, operands), tangents)
                 if p is not None and t is not None and requires_grad(p) and p.numel()]  # fmt: skip
    wanted, found = [g for g in gs if g is not None], ()
    if pairs:
        ps, ts = zip(*pairs)
        found = grad(ps, wanted, ts, create_graph=recorded, allow_unused=True)
    found = dict(zip(map(id, wanted), found))
    return [None if g is None else unshared(found.get(id(g)), x, tangents) for g, x in zip(gs, originals)]


def unshared(tangent, out, tangents):
    """A tangent of `out` in memory of its own; zeros for None."""
    if tangent is None:
        return zeros_like(out.detach())
    if tangent.shape != out.shape:
        tangent = expand(tangent, tuple(out.shape))
    xp, others = backend_of(tangent._data), [t._data for t in tangents if t is not None]
    return clone(tangent) if any(xp.may_share_memory(tangent._data, other) for other in others) else tangent


def paired(gradient, x, tangent):
    """A formula's result for the input `x`, in its shape and dtype, and the tangent of that.

    Of the source of a scatter only the front part may be used; the formula then speaks of that alone.
    """
    sizes, whole = tuple(gradient.shape), tuple(x.shape)
    if len(sizes) == len(whole) and any(a < b for a, b in zip(sizes, whole)):
        return gradient, tangent[tuple(map(slice, sizes))].to(gradient.dtype)
    gradient = gradient if sizes == whole else sum_to(gradient, whole)
    return gradient, tangent.to(gradient.dtype)


@contextmanager
def unhooked():
    """Let no hooks of the user's pack what is kept meanwhile."""
    pairs = hooks.pop(get_ident(), None)
    try:
        yield
    finally:
        if pairs is not None:
            hooks[get_ident()] = pairs


def call_node(op, operands, options, outputs, needs):
    """The node that a call would leave in the graph if the inputs that `needs` marks required gradients."""
    plan = PLANS.get((op, *needs))
    if plan is None:
        plan = PLANS[(op, *needs)] = Plan(op, needs)
    with unhooked():
        saved = {name: SavedTensor(outputs[i]) if save is SAVE["output"] else save(i, operands, outputs)
                 for name, save, i in plan.saves}  # fmt: skip
    return op.node((), plan, saved, options, outputs)


def tensors(operands):
    """The tensors among operands, and in lists of them."""
    flat = [x for item in operands for x in (item if isinstance(item, (list, tuple)) else (item,))]
    return [x for x in flat if isinstance(x, Tensor)]


def is_recorded(operands, tangents):
    """Whether what an op makes of tangents has a place in the graph."""
    return mode.enabled and any(requires_grad(x) for x in tensors((*tangents, *operands)))


def primals(operands):
    """Operands in their place in the graph, without tangents: the graph of a tangent has none itself."""
    return tuple([primals(x) if isinstance(x, (list, tuple)) else primal_of(x) if isinstance(x, Tensor) else x
                  for x in operands])  # fmt: skip


def cut(operands):
    """Operands off the graph."""
    return tuple([cut(x) if isinstance(x, (list, tuple)) else x.detach() if isinstance(x, Tensor) else x for x in operands])
