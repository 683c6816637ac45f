"""gradcheck: compare the gradients that formulas give with finite differences.

Slow mode compares whole Jacobians, element by element: numerical[i, j] = (f_j(x + eps e_i) - f_j(x - eps e_i)) / 2 eps.
Fast mode compares one number for each pair of input and output, vᵀ J u with random vectors u and v.
"""

import itertools
import warnings

from ..dtypes import FLOAT, float64
from ..ops.comparison import allclose
from ..ops.creation import zeros, zeros_like
from ..ops.joining import stack
from ..ops.promotion import result_type
from ..ops.sampling import rand
from ..ops.shape import reshape
from ..random import Generator
from ..tensor import Tensor
from . import forward_ad
from .backward import grad
from .function import Function
from .texts import GRADCHECK_FAST, NOT_REENTRANT, UNDEFINED_WARNING


class GradcheckError(RuntimeError):
    """A gradient is not what finite differences say."""

    __module__ = "torch.autograd.gradcheck"


def gradcheck(func, inputs, *, eps=1e-6, atol=1e-5, rtol=1e-3, raise_exception=True, nondet_tol=0.0,
              check_undefined_grad=True, check_grad_dtypes=False, check_batched_grad=False,
              check_batched_forward_grad=False, check_forward_ad=False, check_backward_ad=True, fast_mode=False,
              masked=None):  # fmt: skip
    """True if the gradients of `func` at `inputs` agree with finite differences.  Raises GradcheckError if not.

    The checks of batched gradients are accepted, and nothing is done for them.
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad to be True")
    if check_batched_grad and not check_backward_ad:
        raise AssertionError("Setting check_batched_grad=True requires check_backward_ad to be True")
    if check_batched_forward_grad and not check_forward_ad:
        raise AssertionError("Setting check_batched_forward_grad=True requires check_forward_ad to be True")
    try:
        inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
        check_inputs(inputs)
        found = func(*inputs)
        outputs = differentiable(found)
        if not outputs:
            return check_constant(func, inputs, found, eps)
        if check_backward_ad:
            compare = compare_fast if fast_mode else compare_slow
            compare(func, inputs, outputs, eps, rtol, atol, nondet_tol)
        if check_forward_ad:
            compare = compare_forward_fast if fast_mode else compare_forward
            compare(func, inputs, outputs, eps, rtol, atol)
            if check_undefined_grad:
                check_undefined_tangents(func, inputs)
        if check_undefined_grad and check_backward_ad:
            check_undefined(func, inputs)
        return True
    except GradcheckError:
        if raise_exception:
            raise
        return False


def gradgradcheck(func, inputs, grad_outputs=None, *, eps=1e-6, atol=1e-5, rtol=1e-3,
                  gen_non_contig_grad_outputs=False, raise_exception=True, nondet_tol=0.0, check_undefined_grad=True,
                  check_grad_dtypes=False, check_batched_grad=False, check_fwd_over_rev=False, check_rev_over_rev=True,
                  fast_mode=False, masked=False):  # fmt: skip
    """gradcheck of the function (inputs, grad_outputs) -> gradients of `func`"""
    for name, needed in (("check_undefined_grad", check_undefined_grad), ("check_batched_grad", check_batched_grad)):
        if not (check_fwd_over_rev or check_rev_over_rev):
            raise AssertionError("Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True")
        if needed and not check_rev_over_rev:
            raise AssertionError(f"Setting {name}=True requires check_rev_over_rev to be True")
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if grad_outputs is None:
        outputs = differentiable(func(*inputs))
        cotangents = tuple([zeros_like(y.detach()).uniform_(-1, 1).requires_grad_() for y in outputs])
    else:
        cotangents = (grad_outputs,) if isinstance(grad_outputs, Tensor) else tuple(grad_outputs)

    given = [isinstance(x, Tensor) and x.requires_grad for x in inputs + cotangents]

    def gradients(*args):
        args = [x.requires_grad_() if requires else x for x, requires in zip(args, given)]
        xs, vs = args[: len(args) - len(cotangents)], args[len(args) - len(cotangents) :]
        wanted = [x for x in xs if isinstance(x, Tensor) and x.requires_grad]
        found = grad(differentiable(func(*xs)), wanted, vs, create_graph=True, allow_unused=True)
        return tuple([g for g in found if g is not None])

    return gradcheck(gradients, inputs + cotangents, eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception,
                     nondet_tol=nondet_tol, check_undefined_grad=check_undefined_grad,
                     check_grad_dtypes=check_grad_dtypes, fast_mode=fast_mode, check_forward_ad=check_fwd_over_rev,
                     check_backward_ad=check_rev_over_rev)  # fmt: skip


# ---- inputs and outputs ---------------------------------------------------------------------------------------------


def check_inputs(inputs):
    """Warn of inexact dtypes.  Raises ValueError if nothing requires grad, RuntimeError for overlapping memory."""
    found = False
    for i, x in enumerate(inputs):
        if not isinstance(x, Tensor) or not x.requires_grad:
            continue
        found = True
        if x.dtype is not float64:
            warnings.warn(f"Input #{i} requires gradient and is not a double precision floating point or complex. This "
                          f"check will likely fail if all the inputs are not of double precision floating point or "
                          f"complex. ", stacklevel=3)  # fmt: skip
        if any(step == 0 and size > 1 for step, size in zip(x.stride(), x.shape)):
            raise RuntimeError(f"The {i}th input has a dimension with stride 0. gradcheck only supports inputs that "
                               f"are non-overlapping to be able to compute the numerical gradients correctly. You "
                               f"should call .contiguous on the input before passing it to gradcheck.")
    if not found:
        raise ValueError("gradcheck expects at least one input tensor to require gradient, but none of them have "
                         "requires_grad=True.")


def as_outputs(found):
    return tuple(found) if isinstance(found, (list, tuple)) else (found,)


def differentiable(found):
    """The outputs that require grad."""
    return tuple([y for y in as_outputs(found) if y.requires_grad])


def floating(inputs):
    """The inputs that require grad, each with its position."""
    return [(i, x) for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]


def check_constant(func, inputs, found, eps):
    """No output requires grad: then none may change with an input.  Raises GradcheckError."""
    numbers = [k for k, y in enumerate(as_outputs(found)) if y.dtype.category >= FLOAT]
    pick = lambda found: [as_outputs(found)[k] for k in numbers]
    for _, x in floating(inputs):
        for jacobian in numerical(func, inputs, x, pick(found), eps, pick):
            if (jacobian != 0).any():
                raise GradcheckError("Numerical gradient for function expected to be zero")
    return True


# ---- whole Jacobians ------------------------------------------------------------------------------------------------


def compare_slow(func, inputs, outputs, eps, rtol, atol, nondet_tol):
    """Compare the Jacobians of all outputs for all inputs.  Raises GradcheckError."""
    by_input = [numerical(func, inputs, x, outputs, eps, differentiable) for _, x in floating(inputs)]
    for k, y in enumerate(outputs):
        exact = analytical(inputs, y, nondet_tol)
        for j, (found, expected) in enumerate(zip(exact, by_input)):
            if not close(found, expected[k], rtol, atol):
                raise GradcheckError(mismatch(k, j, expected[k], found))


def numerical(func, inputs, x, outputs, eps, pick):
    """For each output the Jacobian by `x`, (elements of x) by (elements of the output), from finite differences."""
    rows, data = [], x.data
    for index in itertools.product(*map(range, x.shape)):
        original = data[index].item()
        data[index] = original - eps
        below = [y.detach().clone() for y in pick(func(*inputs))]
        data[index] = original + eps
        above = [y.detach().clone() for y in pick(func(*inputs))]
        data[index] = original
        rows.append([reshape((b - a) / (2 * eps), (-1,)) for a, b in zip(below, above)])
    if not rows:
        return [zeros((0, y.numel()), dtype=y.dtype) for y in outputs]
    return [stack(list(column)) for column in zip(*rows)]


def analytical(inputs, y, nondet_tol):
    """For each input the Jacobian of `y` by it, from backward.  Raises GradcheckError if two runs differ."""
    first, second = (backward_jacobians(inputs, y) for _ in range(2))
    for a, b in zip(first, second):
        if a.numel() and max((a - b).abs().flatten().tolist()) > nondet_tol:
            raise GradcheckError(NOT_REENTRANT.format(nondet_tol))
    return first


def backward_jacobians(inputs, y):
    xs = [x for _, x in floating(inputs)]
    columns = [[] for _ in xs]
    for number in range(y.numel()):
        v = zeros_like(y.detach()).contiguous()
        reshape(v, (-1,))[number] = 1
        for column, x, g in zip(columns, xs, grad(y, xs, v, retain_graph=True, allow_unused=True)):
            column.append(reshape(zeros_like(x.detach()) if g is None else g, (-1,)))
    return [stack(column, dim=1) if column else zeros((x.numel(), 0), dtype=x.dtype) for x, column in zip(xs, columns)]


def close(found, expected, rtol, atol):
    kind = result_type(found, expected)
    found, expected = found.to(kind), expected.to(kind)
    return bool(((found - expected).abs() <= atol + rtol * expected.abs()).all())


def mismatch(k, i, expected, found, how=""):
    return (f"Jacobian {how}mismatch for output {k} with respect to input {i},\nnumerical:{expected}\nanalytical:{found}\n")


# ---- in random directions -------------------------------------------------------------------------------------------


def compare_fast(func, inputs, outputs, eps, rtol, atol, nondet_tol):
    """Compare vᵀ J u for each pair of input and output.  Raises GradcheckError with the whole Jacobians."""
    generator = Generator()
    us = [direction(x, generator) for _, x in floating(inputs)]
    vs = [direction(y, generator) for y in outputs]
    moved = [along(func, inputs, x, u, eps) for (_, x), u in zip(floating(inputs), us)]
    xs = [x for _, x in floating(inputs)]
    for k, (y, v) in enumerate(zip(outputs, vs)):
        runs = [grad(y, xs, v, retain_graph=True, allow_unused=True) for _ in range(2)]
        for a, b in zip(*runs):
            if a is not None and a.numel() and max((a - b).abs().flatten().tolist()) > nondet_tol:
                raise GradcheckError(NOT_REENTRANT.format(nondet_tol))
        for j, (u, g, change) in enumerate(zip(us, runs[0], moved)):
            expected = (change[k] * v).sum()
            found = (u * g).sum() if g is not None else zeros(())
            if not close(found, expected, rtol, atol * float(u.sum()) * float(v.sum())):
                text = mismatch(k, j, expected.item(), found.item())
                raise GradcheckError(text + slow_text(func, inputs, outputs, k, j))


def direction(x, generator):
    """A random vector of length 1, in the shape of `x`."""
    u = rand(x.numel(), generator=generator).to(x.dtype)
    return (u / u.norm()).reshape(x.shape)


def along(func, inputs, x, u, eps):
    """For each output, how it changes when `x` moves by u, from finite differences."""
    data, original = x.data, x.detach().clone()
    data.copy_(original - eps * u)
    below = [y.detach().clone() for y in differentiable(func(*inputs))]
    data.copy_(original + eps * u)
    above = [y.detach().clone() for y in differentiable(func(*inputs))]
    data.copy_(original)
    return [(b - a) / (2 * eps) for a, b in zip(below, above)]


def slow_text(func, inputs, outputs, k, j):
    expected = numerical(func, inputs, floating(inputs)[j][1], outputs, 1e-6, differentiable)[k]
    return both_texts(expected, backward_jacobians(inputs, outputs[k])[j])


def both_texts(expected, found):
    most = (found - expected).abs().flatten().tolist()
    largest = next((d for d in most if d != d), None) or max(most)
    return GRADCHECK_FAST.format(expected, found, largest)


# ---- in forward mode ------------------------------------------------------------------------------------------------

FORWARD = "computed with forward mode "


def made_dual(inputs):
    """The inputs, those that require grad as duals off the graph, and the tangents of these, which are zeros."""
    duals = [forward_ad.make_dual(x.detach(), zeros_like(x.detach())) if isinstance(x, Tensor) and x.requires_grad else x
             for x in inputs]  # fmt: skip
    return duals, [forward_ad.unpack_dual(duals[i]).tangent for i, _ in floating(inputs)]


def pushed(func, duals):
    """The tangents of the floating-point outputs, as vectors."""
    unpacked = [forward_ad.unpack_dual(y) for y in as_outputs(func(*duals)) if y.dtype.category >= FLOAT]
    return [reshape(zeros_like(y) if t is None else t.detach().clone(), (-1,)) for y, t in unpacked]


def compare_forward(func, inputs, outputs, eps, rtol, atol):
    """Compare the Jacobians of all outputs for all inputs.  Raises GradcheckError."""
    by_input = [numerical(func, inputs, x, outputs, eps, differentiable) for _, x in floating(inputs)]
    exact = forward_jacobians(func, inputs)
    for k in range(len(outputs)):
        for j, (found, expected) in enumerate(zip(exact, by_input)):
            if not close(found[k], expected[k], rtol, atol):
                raise GradcheckError(mismatch(k, j, expected[k], found[k], FORWARD))


def forward_jacobians(func, inputs):
    """For each input and output the Jacobian, (elements of the input) by (elements of the output), from tangents."""
    found = []
    with forward_ad.dual_level():
        duals, tangents = made_dual(inputs)
        for tangent in tangents:
            rows = []
            for index in itertools.product(*map(range, tangent.shape)):
                tangent[index] = 1.0
                rows.append(pushed(func, duals))
                tangent[index] = 0.0
            found.append([stack(list(column)) for column in zip(*rows)] if rows else
                         [zeros((0, y.numel()), dtype=y.dtype) for y in pushed(func, duals)])  # fmt: skip
    return found


def compare_forward_fast(func, inputs, outputs, eps, rtol, atol):
    """Compare J u for each pair of input and output.  Raises GradcheckError with the whole Jacobians."""
    generator = Generator()
    us = [direction(x, generator) for _, x in floating(inputs)]
    moved = [along(func, inputs, x, u, eps) for (_, x), u in zip(floating(inputs), us)]
    exact = []
    with forward_ad.dual_level():
        duals, tangents = made_dual(inputs)
        for tangent, u in zip(tangents, us):
            tangent.copy_(u)
            exact.append(pushed(func, duals))
            tangent.zero_()
    for j, ((i, _), u, change, found) in enumerate(zip(floating(inputs), us, moved, exact)):
        for k in range(len(outputs)):
            expected = reshape(change[k], (-1,))
            if not close(found[k], expected, rtol, atol * float(u.sum())):
                text = mismatch(k, j, expected, found[k], FORWARD)
                raise GradcheckError(text + forward_slow_text(func, inputs, outputs, k, i))


def forward_slow_text(func, inputs, outputs, k, i):
    def of_one(x):
        return as_outputs(func(*inputs[:i], x, *inputs[i + 1 :]))[k]

    expected = numerical(func, inputs, inputs[i], outputs, 1e-6, differentiable)[k]
    return both_texts(expected, forward_jacobians(of_one, (inputs[i],))[0][0])


def check_undefined_tangents(func, inputs):
    """An input without a tangent must count like one whose tangent is zeros.  Raises GradcheckError."""
    generator = Generator()
    with forward_ad.dual_level():
        duals, tangents = made_dual(inputs)
        for tangent, (_, x) in zip(tangents, floating(inputs)):
            tangent.copy_(direction(x, generator))
        for i, x in floating(inputs):
            runs = []
            for stand_in in (forward_ad.make_dual(x.detach(), zeros_like(x.detach())), x.detach()):
                found = as_outputs(func(*duals[:i], stand_in, *duals[i + 1 :]))
                runs.append([forward_ad.unpack_dual(y).tangent for y in found if y.dtype.category >= FLOAT])
            for k, (zero, undefined) in enumerate(zip(*runs)):
                if zero is not None and undefined is not None and not allclose(zero, undefined):
                    raise GradcheckError("Mismatch in tangent values for output with index: ", k, " when input: ", x,
                                         " has an undefined tangent value. ", " Got: ", zero, " but expected: ", undefined)


# ---- undefined gradients --------------------------------------------------------------------------------------------


class UndefinedGrad(Function):
    """Lets values pass and no gradient come back."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return None


def check_undefined(func, inputs):
    """No gradient, or zeros, must come of outputs without gradients.  Raises GradcheckError."""
    xs = [x for _, x in floating(inputs)]
    count = len(differentiable(func(*inputs)))
    for cut in [set(range(count)), *([{k} for k in range(count)] if count > 1 else [])]:
        outputs = differentiable(func(*inputs))
        outputs = [UndefinedGrad.apply(y) if k in cut else y for k, y in enumerate(outputs)]
        try:
            found = grad(outputs, xs, [zeros_like(y.detach()) for y in outputs], allow_unused=True)
        except RuntimeError as error:
            warnings.warn(UNDEFINED_WARNING, stacklevel=3)
            raise GradcheckError("Expected backward function to handle undefined output grads. Please look at \"Notes "
                                 "about undefined output gradients\" in \"tools/autograd/derivatives.yaml\"") from error
        if any(g is not None and (g != 0).any() for g in found):
            warnings.warn(UNDEFINED_WARNING, stacklevel=3)
            raise GradcheckError("Expected all input grads to be undefined or zero when all output grads are undefined "
                                 "or zero. Please look at \"Notes about undefined output gradients\" in "
                                 "\"tools/autograd/derivatives.yaml\"")
