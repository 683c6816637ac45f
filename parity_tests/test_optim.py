"""Optimisers and learning rate schedules: 50 steps of the options, a few roundings from torch; schedules to the bit."""

import copy
import itertools
import pickle
import random

import pytest

from parity_tests.same import attempt, check

# torch's add(alpha), addcmul, addcdiv and lerp round once (fused multiply-add), ours round the product and the sum.
# A few steps are then up to 1.3 eps apart; fifty, whose gradients depend on the parameters, up to 34 (RMSprop).
# Rprop rounds nothing twice and is compared to the bit.
FEW_STEPS, FIFTY_STEPS = 4, 64

OPTIONS = {
    "SGD": dict(lr=[0.1], momentum=[0, 0.9], dampening=[0, 0.3], weight_decay=[0, 0.1], nesterov=[False, True],
                maximize=[False, True]),
    "Adam": dict(lr=[0.01], betas=[(0.9, 0.999), (0.8, 0.95)], weight_decay=[0, 0.1], amsgrad=[False, True],
                 maximize=[False, True], decoupled_weight_decay=[False, True]),
    "AdamW": dict(amsgrad=[False, True], weight_decay=[0, 0.1]),
    "RMSprop": dict(alpha=[0.99, 0.8], weight_decay=[0, 0.1], momentum=[0, 0.9], centered=[False, True],
                    maximize=[False, True]),
    "Adagrad": dict(lr_decay=[0, 0.1], weight_decay=[0, 0.1], initial_accumulator_value=[0, 0.1],
                    maximize=[False, True]),
    "Adadelta": dict(rho=[0.9, 0.5], weight_decay=[0, 0.1], maximize=[False, True]),
    "Adamax": dict(weight_decay=[0, 0.1], maximize=[False, True]),
    "NAdam": dict(weight_decay=[0, 0.1], decoupled_weight_decay=[False, True], momentum_decay=[4e-3, 0.1],
                  maximize=[False, True]),
    "RAdam": dict(weight_decay=[0, 0.1], decoupled_weight_decay=[False, True], maximize=[False, True]),
    "ASGD": dict(t0=[1e6, 5], lambd=[1e-4, 0.1], weight_decay=[0, 0.1], maximize=[False, True]),
    "Rprop": dict(etas=[(0.5, 1.2), (0.3, 1.5)], step_sizes=[(1e-6, 50), (1e-3, 0.02)], maximize=[False, True]),
}  # fmt: skip


def combinations(grid):
    """Every option at its first value, each one moved alone, and all moved at once."""
    first = {name: values[0] for name, values in grid.items()}
    moved = {name: values[-1] for name, values in grid.items() if len(values) > 1}
    return [first, *({**first, name: value} for name, value in moved.items()), {**first, **moved}]


def product(grid):
    return [dict(zip(grid, values)) for values in itertools.product(*grid.values())]


CASES = [(name, options) for name, grid in OPTIONS.items()
         for options in (product(grid) if name == "SGD" else combinations(grid))]  # fmt: skip


def parameters(lib, dtype="float32"):
    return [lib.nn.Parameter(lib.randn(shape, dtype=getattr(lib, dtype))) for shape in [(3, 4), (5,), ()]]


def some_gradients(lib, params, step):
    """The same gradients for both libraries, from the seeded stream: only the optimiser is under test."""
    for param in params:
        param.grad = lib.randn(param.shape, dtype=param.dtype) * 0.5 + (param.detach() - 1)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name, options", CASES, ids=str)
def test_fifty_steps(name, options, dtype, lib):
    def program(lib):
        params = parameters(lib, dtype)
        optimizer = getattr(lib.optim, name)(params, **options)
        for step in range(50):
            some_gradients(lib, params, step)
            versions = [p._version for p in params]
            optimizer.step()
            bumps = [p._version - before for p, before in zip(params, versions)]
        return params, optimizer.state_dict(), bumps, repr(optimizer)

    check(program, lib, ulps=0 if name == "Rprop" else FIFTY_STEPS)


BAD = {
    "SGD": [dict(lr=-1), dict(momentum=-1), dict(weight_decay=-1), dict(nesterov=True),
            dict(nesterov=True, momentum=0.9, dampening=0.1), dict(fused=True, differentiable=True),
            dict(fused=True, foreach=True)],
    "Adam": [dict(lr=-1), dict(eps=-1), dict(betas=(1.0, 0.9)), dict(betas=(0.9, 1.0)), dict(weight_decay=-1)],
    "AdamW": [dict(lr=-1)],
    "RMSprop": [dict(lr=-1), dict(eps=-1), dict(momentum=-1), dict(weight_decay=-1), dict(alpha=-1)],
    "Adagrad": [dict(lr=-1), dict(lr_decay=-1), dict(weight_decay=-1), dict(initial_accumulator_value=-1),
                dict(eps=-1)],
    "Adadelta": [dict(lr=-1), dict(rho=-1), dict(rho=2), dict(eps=-1), dict(weight_decay=-1)],
    "Adamax": [dict(lr=-1), dict(eps=-1), dict(betas=(1.0, 0.9)), dict(weight_decay=-1)],
    "NAdam": [dict(lr=-1), dict(eps=-1), dict(betas=(0.9, 1.0)), dict(momentum_decay=-1)],
    "RAdam": [dict(lr=-1), dict(eps=-1), dict(betas=(0.9, 1.0))],
    "ASGD": [dict(lr=-1), dict(weight_decay=-1)],
    "Rprop": [dict(lr=-1), dict(etas=(1.0, 2.0)), dict(etas=(0.5, 0.7))],
}  # fmt: skip


@pytest.mark.parametrize("name, options", [(name, bad) for name, rows in BAD.items() for bad in rows], ids=str)
def test_bad_options(name, options, lib):
    result, _ = check(lambda lib: getattr(lib.optim, name)(parameters(lib), **options), lib)
    assert result[0] == "raised"


@pytest.mark.parametrize("name", OPTIONS)
def test_tensor_learning_rate_must_be_one_element(name, lib):
    check(lambda lib: getattr(lib.optim, name)(parameters(lib), lr=lib.ones(2)), lib)


GROUPS = {
    "empty": lambda lib, p: [],
    "a tensor": lambda lib, p: p[0],
    "a number": lambda lib, p: [3],
    "not iterable": lambda lib, p: 3,
    "not a leaf": lambda lib, p: [p[0] * 2],
    "twice": lambda lib, p: [{"params": p}, {"params": p}],
    "duplicates": lambda lib, p: p + p,
    "a set": lambda lib, p: [{"params": {p[0]}}],
    "no params": lambda lib, p: [{"lr": 1}],
    "dict": lambda lib, p: {"params": p},
    "named": lambda lib, p: [("a", p[0]), ("b", p[1])],
    "half named": lambda lib, p: [("a", p[0]), p[1]],
    "mixed groups": lambda lib, p: [{"params": [("a", p[0])]}, {"params": [p[1]]}],
    "own options": lambda lib, p: [{"params": p[:1], "lr": 0.5}, {"params": p[1], "momentum": 0.3, "foo": 4}],
    "generator": lambda lib, p: (q for q in p),
    "plain tensors": lambda lib, p: [lib.ones(2)],
}


@pytest.mark.parametrize("name", GROUPS)
def test_parameter_groups(name, lib):
    def program(lib):
        params = parameters(lib)
        momentum = 0 if name == "duplicates" else 0.9
        optimizer = lib.optim.SGD(GROUPS[name](lib, params), lr=0.1, momentum=momentum)
        some_gradients(lib, params, 0)
        optimizer.step()
        return params, optimizer, optimizer.state_dict(), attempt(lambda: optimizer.add_param_group(3)), attempt(
            lambda: optimizer.add_param_group({"params": params[:1]}))

    check(program, lib, ulps=FEW_STEPS)


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("way", ["state_dict", "pickle", "deepcopy"])
def test_state_round_trip(name, way, lib):
    """A copy made after five steps goes on as the original does."""
    def program(lib):
        make = getattr(lib.optim, name)
        params = parameters(lib)
        optimizer = make(params)
        for step in range(5):
            some_gradients(lib, params, step)
            optimizer.step()
        if way == "state_dict":
            others = [p.detach().clone().requires_grad_() for p in params]
            twin = make(others, lr=0.5)
            twin.load_state_dict(copy.deepcopy(optimizer.state_dict()))
        else:
            pair = (params, optimizer)
            others, twin = copy.deepcopy(pair) if way == "deepcopy" else pickle.loads(pickle.dumps(pair))
        for step in range(5):
            some_gradients(lib, others, step)
            twin.step()
        return others, twin.state_dict()

    check(program, lib, ulps=0 if name == "Rprop" else FEW_STEPS)


def test_load_state_dict_refuses_another_shape(lib):
    def program(lib):
        optimizer = lib.optim.SGD(parameters(lib), lr=0.1)
        wrong = optimizer.state_dict()
        wrong["param_groups"][0]["params"] = [0]
        return [attempt(lambda: optimizer.load_state_dict(each))
                for each in ({"param_groups": [], "state": {}}, wrong, {})]

    check(program, lib)


def test_zero_grad_closure_and_missing_gradients(lib):
    def program(lib):
        params = parameters(lib)
        optimizer = lib.optim.SGD(params, lr=0.1)
        some_gradients(lib, params[:2], 0)
        loss = optimizer.step(lambda: lib.is_grad_enabled())
        held = params[0].grad
        optimizer.zero_grad(set_to_none=False)
        kept = [held, params[0].grad is held]
        optimizer.zero_grad()
        return loss, kept, [p.grad for p in params], optimizer.state_dict(), params

    check(program, lib, ulps=FEW_STEPS)


def test_step_hooks(lib):
    def program(lib):
        seen = []
        params = parameters(lib)
        some_gradients(lib, params, 0)
        optimizer = lib.optim.SGD(params, lr=0.1)
        before = optimizer.register_step_pre_hook(lambda o, args, kwargs: seen.append(("pre", len(args), kwargs)))
        optimizer.register_step_post_hook(lambda o, args, kwargs: seen.append(("post", params[0].detach().clone())))
        optimizer.step()
        before.remove()
        optimizer.step()
        return seen

    check(program, lib, ulps=FEW_STEPS)


def test_own_optimizer(lib):
    """A user's subclass with its own step gets hooks, groups and printing too."""
    def program(lib):
        class Descent(lib.optim.Optimizer):
            def __init__(self, params, lr):
                super().__init__(params, dict(lr=lr))

            @lib.no_grad()
            def step(self):
                for group in self.param_groups:
                    for p in group["params"]:
                        if p.grad is not None:
                            p.add_(p.grad, alpha=-group["lr"])

        params, seen = parameters(lib), []
        some_gradients(lib, params, 0)
        optimizer = Descent(params, 0.1)
        optimizer.register_step_post_hook(lambda *args: seen.append(1))
        optimizer.step()
        return params, seen, repr(optimizer)

    check(program, lib, ulps=FEW_STEPS)


SCHEDULES = {
    "lambda": lambda L, o: L.LambdaLR(o, lambda e: 0.95**e),
    "multiplicative": lambda L, o: L.MultiplicativeLR(o, lambda e: 0.95 + 0.001 * e),
    "step": lambda L, o: L.StepLR(o, 3, 0.5),
    "milestones": lambda L, o: L.MultiStepLR(o, [2, 5, 5, 9], 0.3),
    "constant": lambda L, o: L.ConstantLR(o, 0.3, 4),
    "linear": lambda L, o: L.LinearLR(o, 0.2, 0.9, 7),
    "exponential": lambda L, o: L.ExponentialLR(o, 0.9),
    "polynomial": lambda L, o: L.PolynomialLR(o, 8, 2.0),
    "cosine": lambda L, o: L.CosineAnnealingLR(o, 7, 0.01),
    "restarts": lambda L, o: L.CosineAnnealingWarmRestarts(o, 3, 2, 0.01),
    "equal restarts": lambda L, o: L.CosineAnnealingWarmRestarts(o, 4),
    "triangular": lambda L, o: L.CyclicLR(o, 0.01, 0.1, 4, 3),
    "triangular2": lambda L, o: L.CyclicLR(o, 0.01, 0.1, 4, 3, mode="triangular2"),
    "exp_range": lambda L, o: L.CyclicLR(o, 0.01, 0.1, 4, 3, mode="exp_range", gamma=0.9),
    "own scale": lambda L, o: L.CyclicLR(o, [0.01, 0.02], 0.1, 4, scale_fn=lambda x: 0.5**x, scale_mode="iterations",
                                         cycle_momentum=False),
    "one cycle": lambda L, o: L.OneCycleLR(o, 0.3, total_steps=30),
    "three phases": lambda L, o: L.OneCycleLR(o, [0.3, 0.4], epochs=5, steps_per_epoch=6, three_phase=True,
                                              anneal_strategy="linear"),
    "one after another": lambda L, o: L.SequentialLR(
        o, [L.ConstantLR(o, 0.1, 2), L.ExponentialLR(o, 0.9), L.StepLR(o, 2)], [3, 9]),
    "together": lambda L, o: L.ChainedScheduler([L.ConstantLR(o, 0.1, 20), L.ExponentialLR(o, 0.9)]),
    "bad factor": lambda L, o: L.ConstantLR(o, 3.0),
    "bad start": lambda L, o: L.LinearLR(o, 0.0),
    "bad milestones": lambda L, o: L.SequentialLR(o, [L.ExponentialLR(o, 0.9)], [1]),
    "nothing to chain": lambda L, o: L.ChainedScheduler([]),
    "resumed too soon": lambda L, o: L.StepLR(o, 3, last_epoch=3),
    "no optimizer": lambda L, o: L.StepLR(3, 3),
    "no length": lambda L, o: L.OneCycleLR(o, 0.3),
    "bad list": lambda L, o: L.CyclicLR(o, [0.1], 0.3),
    "bad T_0": lambda L, o: L.CosineAnnealingWarmRestarts(o, 0),
}


def two_groups(lib):
    first, second = parameters(lib)[:2]
    return lib.optim.SGD([{"params": [first]}, {"params": [second], "lr": 0.2}], lr=0.5, momentum=0.9)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule(name, lib):
    def program(lib):
        optimizer = two_groups(lib)
        scheduler = SCHEDULES[name](lib.optim.lr_scheduler, optimizer)
        seen = []
        for _ in range(29):
            optimizer.step()
            scheduler.step()
            seen.append((scheduler.get_last_lr(), [(g["lr"], g["momentum"]) for g in optimizer.param_groups]))
        state = scheduler.state_dict()
        state.pop("_scale_fn_ref", None)
        return seen, {key: state[key] for key in sorted(state)}

    check(program, lib)


@pytest.mark.parametrize("options", [
    {}, dict(mode="max"), dict(threshold_mode="abs", patience=2, cooldown=2),
    dict(min_lr=[0.1, 0.01], factor=0.5, patience=1), dict(factor=1.0), dict(mode="x"), dict(threshold_mode="x"),
    dict(min_lr=[1])], ids=str)
def test_plateau(options, lib):
    def program(lib):
        scheduler = lib.optim.lr_scheduler.ReduceLROnPlateau(two_groups(lib), **options)
        metrics, seen = random.Random(1), []
        for _ in range(60):
            scheduler.step(metrics.random())
            seen.append(scheduler.get_last_lr())
        return seen, scheduler.state_dict()

    check(program, lib)


@pytest.mark.parametrize("early", [True, False])
def test_order_of_steps_is_checked(early, lib):
    def program(lib):
        optimizer = two_groups(lib)
        scheduler = lib.optim.lr_scheduler.StepLR(optimizer, 3)
        if not early:
            optimizer.step()
        scheduler.step()
        scheduler.get_lr()
        scheduler.step(2)

    _, said = check(program, lib)
    assert len(said) == (3 if early else 2)


def test_schedule_round_trip(lib):
    def program(lib):
        optimizer = two_groups(lib)
        scheduler = lib.optim.lr_scheduler.CosineAnnealingLR(optimizer, 9)
        for _ in range(4):
            optimizer.step()
            scheduler.step()
        twin = lib.optim.lr_scheduler.CosineAnnealingLR(two_groups(lib), 9)
        twin.load_state_dict(scheduler.state_dict())
        twin.optimizer.load_state_dict(optimizer.state_dict())
        rates = []
        for _ in range(8):
            twin.optimizer.step()
            twin.step()
            rates.append(twin.get_last_lr())
        return rates

    check(program, lib)
