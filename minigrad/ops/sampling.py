"""Random tensors: fresh ones, and tensors filled in place.

What is drawn, and in which order, is the device's stream's business (random.py); here is who asks for it.
"""

from .. import dtypes
from ..autograd.inplace import bump, check_writable, rebase_constant
from ..backends import backend_of
from ..dtypes import SCALAR_TYPE, get_default_dtype
from ..random import stream_for
from ..tensor import Tensor
from .creation import _finish, empty, empty_like, sizes_of
from .masking import zero
from .out import fills_out, into, store, takes_layout, takes_out
from .primitive import primitive
from .promotion import broadcast_shape
from .rounding import not_implemented
from .shape import sum_to

# ---- in place -------------------------------------------------------------------------------------------------------


def _fill(method, tensor, generator, *arguments):
    check_writable(tensor)
    getattr(stream_for(tensor.device, generator), method)(tensor._data, *arguments)
    bump(tensor)
    rebase_constant(tensor)
    return tensor


def _floating(input, kernel):
    if not input.dtype.is_floating_point and not input.dtype.is_complex:
        raise NotImplementedError(f'"{kernel}" not implemented for \'{SCALAR_TYPE[input.dtype]}\'')


def uniform_(input, from_=0.0, to=1.0, *, generator=None, **keywords):
    """Fill with numbers drawn evenly from [from, to)"""
    _floating(input, "check_uniform_bounds")
    return _fill("uniform_", input, generator, keywords.get("from", from_), to)


def normal_(input, mean=0.0, std=1.0, *, generator=None):
    """Fill with numbers drawn from the normal distribution"""
    _floating(input, "normal_kernel_cpu")
    return _fill("normal_", input, generator, mean, std)


def random_(input, from_=None, to=None, *, generator=None, **keywords):
    """Fill with integers drawn evenly from [from, to), or from [0, from) if `to` is missing"""
    start, end = keywords.get("from", from_), to
    if start is not None and end is None and "from" not in keywords:
        start, end = 0, start
    return _fill("random_", input, generator, start, end)


def bernoulli_(input, p=0.5, *, generator=None):
    """Fill with 1 with probability p, else 0; `p` may be a tensor of probabilities"""
    if isinstance(p, Tensor):
        return _fill("bernoulli_from", input, generator, p.expand_as(input)._data)
    return _fill("bernoulli_", input, generator, p)


def exponential_(input, lambd=1.0, *, generator=None):
    """Fill with numbers from the exponential distribution, density lambd * e^(-lambd x)"""
    _floating(input, "exponential_cpu")
    return _fill("exponential_", input, generator, lambd)


def geometric_(input, p, *, generator=None):
    """Fill with the number of trials up to the first success of probability p"""
    return _fill("geometric_", input, generator, p)


def cauchy_(input, median=0.0, sigma=1.0, *, generator=None):
    """Fill with numbers from the Cauchy distribution"""
    _floating(input, "cauchy_cpu")
    return _fill("cauchy_", input, generator, median, sigma)


def log_normal_(input, mean=1.0, std=2.0, *, generator=None):
    """Fill with e to the power of numbers from the normal distribution"""
    _floating(input, "log_normal_cpu")
    return _fill("log_normal_", input, generator, mean, std)


# ---- fresh ----------------------------------------------------------------------------------------------------------


def _fresh(name, fill, size, generator, dtype, device, requires_grad, keywords):
    out = empty(sizes_of(name, size, keywords), dtype=dtype or get_default_dtype(), device=device)
    fill(out, generator=generator)
    return out.requires_grad_(requires_grad)


@fills_out
def rand(*size, generator=None, dtype=None, device=None, requires_grad=False,
         **keywords):  # fmt: skip
    """Numbers drawn evenly from [0, 1)"""
    return _fresh("rand", uniform_, size, generator, dtype, device, requires_grad, keywords)


@fills_out
def randn(*size, generator=None, dtype=None, device=None, requires_grad=False,
          **keywords):  # fmt: skip
    """Numbers drawn from the standard normal distribution"""
    return _fresh("randn", normal_, size, generator, dtype, device, requires_grad, keywords)


@takes_layout
def rand_like(input, *, dtype=None, device=None, requires_grad=False, memory_format=None, generator=None):
    """rand() of input's size, dtype and device"""
    out = empty_like(input, dtype=dtype, device=device, memory_format=memory_format)
    return uniform_(out, generator=generator).requires_grad_(requires_grad)


@takes_layout
def randn_like(input, *, dtype=None, device=None, requires_grad=False, memory_format=None, generator=None):
    """randn() of input's size, dtype and device"""
    out = empty_like(input, dtype=dtype, device=device, memory_format=memory_format)
    return normal_(out, generator=generator).requires_grad_(requires_grad)


@fills_out
def randint(*bounds, size=None, generator=None, dtype=None, device=None, requires_grad=False,
            low=None, high=None):  # fmt: skip
    """Integers drawn evenly: randint(high, size) from [0, high), randint(low, high, size) from [low, high)"""
    bounds = list(bounds)
    if size is None:
        size = bounds.pop()
    if low is not None:
        bounds.insert(0, low)
    if high is not None:
        bounds.append(high)
    start, end = bounds if len(bounds) == 2 else (0, bounds[0])
    result = empty(tuple(size), dtype=dtype or dtypes.int64, device=device)
    return _finish(random_(result, start, end, generator=generator), requires_grad)


@takes_layout
def randint_like(input, *bounds, dtype=None, device=None, requires_grad=False, memory_format=None, generator=None,
                 low=None, high=None):  # fmt: skip
    """randint() of input's size, dtype and device"""
    bounds = [bound for bound in (low, *bounds, high) if bound is not None]
    start, end = bounds if len(bounds) == 2 else (0, bounds[0])
    result = empty_like(input, dtype=dtype, device=device, memory_format=memory_format)
    return _finish(random_(result, start, end, generator=generator), requires_grad)


@fills_out
def randperm(n, *, generator=None, dtype=None, device=None, requires_grad=False):
    """The integers below n in random order"""
    result = empty(n, dtype=dtypes.int64, device=device)
    xp = result.device.backend
    xp.write(result._data, xp.from_host(stream_for(result.device, generator).randperm(n)))
    return _finish(result if dtype is None else result.to(dtype), requires_grad)


def _drawn(node_name, name, parameters):
    """An op that records a fresh sample as drawn from `parameters`, whose gradients are zero."""
    if len(parameters) == 2:
        @primitive(node_name)
        def record(xp, first, second, drawn, /):
            return drawn

        record.vjp(first=lambda g, first_shape: sum_to(zero(g), first_shape),
                   second=lambda g, second_shape: sum_to(zero(g), second_shape))
    else:
        @primitive(node_name)
        def record(xp, first, drawn, /):
            return drawn

        record.vjp(first=lambda g, first_shape: sum_to(zero(g), first_shape))
    record.__name__, record.__doc__ = name, f"The sample `drawn`; its gradient for {' and '.join(parameters)} is zero"
    return record


around = _drawn("NormalBackward1", "around", ("mean",))
spread = _drawn("NormalBackward2", "spread", ("std",))
around_spread = _drawn("NormalBackward3", "around_spread", ("mean", "std"))
tossed = _drawn("BernoulliBackward0", "tossed", ("input",))


@takes_layout
def normal(mean=0.0, std=1.0, size=None, *, generator=None, dtype=None, device=None, requires_grad=False, out=None):
    """Numbers drawn from normal distributions; `mean` and `std` may be tensors"""
    if out is not None:
        if isinstance(mean, Tensor) and not isinstance(std, Tensor):
            broadcast_shape(tuple(mean.shape), tuple(out.shape))  # torch does not resize it here
        options = {"generator": generator, "device": device, "dtype": dtype or out.dtype}
        return into(normal, "normal", (mean, std, size), options | {"out": out})
    if size is not None:
        drawn = normal_(empty(size, dtype=dtype, device=device), mean, std, generator=generator)
        return drawn.requires_grad_(requires_grad)
    if not isinstance(std, Tensor):
        return around(mean, normal_(empty_like(mean.detach()), 0.0, std, generator=generator) + mean.detach())
    if not isinstance(mean, Tensor):
        return spread(std, normal_(empty_like(std.detach()), generator=generator) * std.detach() + mean)
    drawn = normal_(empty_like((mean * std).detach()), generator=generator)
    return around_spread(mean, std, drawn * std.detach() + mean.detach())


@takes_out
def bernoulli(input, p=None, *, generator=None):
    """1 with the probability that input gives, element by element, else 0"""
    if p is not None:
        return bernoulli_(empty_like(input.detach()), p, generator=generator)
    result = empty(tuple(input.shape), dtype=input.dtype, device=input.device)
    return tossed(input, bernoulli_(result, input.detach(), generator=generator))


def multinomial(input, num_samples, replacement=False, *, generator=None, out=None):
    """Indices drawn with the weights in input's last dimension"""
    if out is not None and out.dtype is not dtypes.int64:
        raise RuntimeError(f"multinomial expects Long tensor out, got: {SCALAR_TYPE[out.dtype]}")
    if input.dim() not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    stream, rows = stream_for(input.device, generator), input.detach()
    found = stream.multinomial((rows if rows.dim() == 2 else rows.unsqueeze(0))._data, num_samples, replacement)
    result = empty(tuple(found.shape), dtype=dtypes.int64, device=input.device)
    xp = backend_of(result._data)
    xp.write(result._data, xp.from_host(found))
    result = result if rows.dim() == 2 else result[0]
    return result if out is None else store(out, result)


def poisson(input, generator=None):
    """Numbers drawn from Poisson distributions with the rates in input"""
    result = empty_like(input.detach())
    stream_for(input.device, generator).poisson(result._data, input._data)
    return result


def binomial(count, prob, generator=None):
    """Numbers of successes in `count` trials that succeed with probability `prob`"""
    for name, x in (("count", count), ("prob", prob)):
        if not x.dtype.is_floating_point:
            raise ValueError(f"binomial only supports floating-point dtypes for {name}, got: {dtypes.SCALAR_TYPE[x.dtype]}")
    result = empty_like(count.detach())
    stream_for(count.device, generator).binomial(result._data, count._data, prob._data)
    return binomial_drawn(count, prob, result)


binomial_drawn = _drawn("NotImplemented", "binomial_drawn", ("count", "prob"))
binomial_drawn.vjp(first=not_implemented("binomial"), second=not_implemented("binomial"))
gamma_drawn = _drawn("StandardGammaBackward0", "gamma_drawn", ("input",))
dirichlet_drawn = _drawn("DirichletBackward0", "dirichlet_drawn", ("input",))
gamma_drawn.vjp(first=not_implemented("_standard_gamma"))
dirichlet_drawn.vjp(first=not_implemented("_sample_dirichlet"))


def standard_gamma(input, generator=None):
    """Numbers of gamma distributions with the concentrations in input and rate 1"""
    drawn = empty_like(input.detach())
    stream_for(input.device, generator).gamma(drawn._data, input._data)
    return gamma_drawn(input, drawn)


def sample_dirichlet(input, generator=None):
    """Points of Dirichlet distributions with the concentrations in input's last dimension: gamma numbers over their sum"""
    gammas = empty_like(input.detach(), dtype=dtypes.float64)
    stream_for(input.device, generator).gamma(gammas._data, input._data)
    shares = (gammas / gammas.sum(-1, keepdim=True)).to(input.dtype)
    return dirichlet_drawn(input, shares)
