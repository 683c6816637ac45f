"""gradcheck: compare the gradients that formulas give with finite differences.

Slow mode compares whole Jacobians, element by element: numerical[i, j] = (f_j(x + eps e_i) - f_j(x - eps e_i)) / 2 eps.
Fast mode compares one number for each pair of input and output, vᵀ J u with random vectors u and v.
"""

import itertools
import warnings

from ..dtypes import FLOAT, float64
from ..ops.creation import zeros, zeros_like
from ..ops.joining import stack
from ..ops.promotion import result_type
from ..ops.sampling import rand
from ..ops.shape import reshape
from ..random import Generator
from ..tensor import Tensor
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

    The checks of batched gradients and of forward mode are accepted, and nothing is done for them.
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad to be True")
    try:
        inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
        check_inputs(inputs)
        found = func(*inputs)
        outputs = differentiable(found)
        if not outputs:
            return check_constant(func, inputs, found, eps)
        compare = compare_fast if fast_mode else compare_slow
        compare(func, inputs, outputs, eps, rtol, atol, nondet_tol)
        if check_undefined_grad:
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
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if grad_outputs is None:
        outputs = differentiable(func(*inputs))
        cotangents = tuple([zeros_like(y.detach()).uniform_(-1, 1).requires_grad_() for y in outputs])
    else:
        cotangents = (grad_outputs,) if isinstance(grad_outputs, Tensor) else tuple(grad_outputs)

    def gradients(*args):
        xs, vs = args[: len(args) - len(cotangents)], args[len(args) - len(cotangents) :]
        wanted = [x for x in xs if isinstance(x, Tensor) and x.requires_grad]
        found = grad(differentiable(func(*xs)), wanted, vs, create_graph=True, allow_unused=True)
        return tuple([g for g in found if g is not None])

    return gradcheck(gradients, inputs + cotangents, eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception,
                     nondet_tol=nondet_tol, check_undefined_grad=check_undefined_grad,
                     check_grad_dtypes=check_grad_dtypes, fast_mode=fast_mode)  # fmt: skip


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
        for (i, _), found, expected in zip(floating(inputs), exact, by_input):
            if not close(found, expected[k], rtol, atol):
                raise GradcheckError(mismatch(k, i, expected[k], found))


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


def mismatch(k, i, expected, found):
    return (f"Jacobian mismatch for output {k} with respect to input {i},\nnumerical:{expected}\nanalytical:{found}\n")


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
        for (i, _), u, g, change in zip(floating(inputs), us, runs[0], moved):
            expected = (change[k] * v).sum()
            found = (u * g).sum() if g is not None else zeros(())
            if not close(found, expected, rtol, atol * float(u.sum()) * float(v.sum())):
                text = mismatch(k, i, expected.item(), found.item())
                raise GradcheckError(text + slow_text(func, inputs, outputs, k, i))


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


def slow_text(func, inputs, outputs, k, i):
    position = [j for j, _ in floating(inputs)].index(i)
    expected = numerical(func, inputs, inputs[i], outputs, 1e-6, differentiable)[k]
    found = backward_jacobians(inputs, outputs[k])[position]
    most = (found - expected).abs().flatten().tolist()
    largest = next((d for d in most if d != d), None) or max(most)
    return GRADCHECK_FAST.format(expected, found, largest)


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
