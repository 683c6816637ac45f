"""Modules: printed forms, state dicts, error texts, first values and registration, each against live torch."""

import copy
import inspect
import pickle
from collections import OrderedDict

import pytest

from parity_tests.libs import REFERENCE
from parity_tests.same import attempt, check

# Constructor calls, as text so that they also name the case
CALLS = """
Identity(3, a=4)|Linear(3, 4)|Linear(3, 4, bias=False)|Bilinear(2, 3, 4)|Bilinear(0, 1, 1)|Linear(0, 3)
Conv1d(4, 6, 3)|Conv2d(4, 6, (3, 5), stride=2, padding=(1, 2), dilation=2, groups=2, bias=False)|Conv3d(2, 4, 2)
Conv2d(3, 4, 3, padding='same', dilation=2)|Conv2d(3, 4, 3, padding='valid')|Conv2d(3, 4, 3, padding_mode='circular')
Conv2d(3, 4, 3, padding='same', stride=2)|Conv2d(3, 4, 3, groups=2)|Conv2d(3, 4, 3, groups=0)
ConvTranspose1d(4, 6, 3)|ConvTranspose2d(4, 6, 3, stride=2, output_padding=1, groups=2)|ConvTranspose3d(2, 4, 2)
ConvTranspose2d(3, 4, 3, padding_mode='reflect')|Conv2d(4, 6, 3, groups=3)
MaxPool1d(2)|MaxPool2d(2, stride=1, ceil_mode=True)|MaxPool3d((1, 2, 2))|MaxUnpool1d(2)|MaxUnpool2d(2, 3, 1)
MaxUnpool3d(2)|AvgPool1d(2)|AvgPool2d(2)|AvgPool3d(2, 1)|LPPool1d(2, 3)|LPPool2d(2, 3)|LPPool3d(1.5, 2, 1)
AdaptiveAvgPool1d(3)|AdaptiveAvgPool2d((None, 3))|AdaptiveAvgPool3d(2)|AdaptiveMaxPool1d(3)|AdaptiveMaxPool2d(3)
AdaptiveMaxPool3d((1, 2, 3))|FractionalMaxPool2d(3, output_size=2)|FractionalMaxPool2d(3)
FractionalMaxPool2d(3, output_size=2, output_ratio=.5)|FractionalMaxPool3d(3, output_ratio=1.5)
Threshold(1, 2)|ReLU()|ReLU(True)|RReLU()|Hardtanh()|Hardtanh(2, 1)|Hardtanh(min_value=-2)|ReLU6(True)|Sigmoid()
Sigmoid(3)|Hardsigmoid(True)|Tanh()|SiLU(True)|Mish()|Hardswish(True)|ELU(2.)|CELU(inplace=True)|SELU()|GLU(1)
GELU()|GELU('tanh')|Hardshrink()|LeakyReLU(.2, True)|LogSigmoid()|Softplus()|Softshrink(1)|PReLU()|PReLU(3, .5)
Softsign()|Tanhshrink()|Softmin(1)|Softmax()|Softmax(dim=-1)|Softmax2d()|LogSoftmax(1)
L1Loss()|NLLLoss()|PoissonNLLLoss()|GaussianNLLLoss()|KLDivLoss()|MSELoss()|BCELoss()|BCEWithLogitsLoss()
HingeEmbeddingLoss()|MultiLabelMarginLoss()|SmoothL1Loss()|HuberLoss()|SoftMarginLoss()|CrossEntropyLoss()
MultiLabelSoftMarginLoss()|CosineEmbeddingLoss()|MarginRankingLoss()|MultiMarginLoss()|TripletMarginLoss()
TripletMarginWithDistanceLoss()|CTCLoss()|CrossEntropyLoss(size_average=False)|MSELoss(reduce=False)|MultiMarginLoss(3)
TripletMarginLoss(margin=-1)|TripletMarginWithDistanceLoss(margin=-1)
Dropout()|Dropout1d(.3)|Dropout2d(.3, True)|Dropout3d()|AlphaDropout()|FeatureAlphaDropout()|Dropout(1.3)|Dropout(-1)
BatchNorm1d(3)|BatchNorm2d(3, affine=False)|BatchNorm3d(3, track_running_stats=False)|BatchNorm2d(3, bias=False)
BatchNorm1d(3, momentum=None)|InstanceNorm1d(3)|InstanceNorm2d(3, affine=True)|InstanceNorm3d(3)|LayerNorm(3)
LayerNorm((3, 2), bias=False)|LayerNorm([2], elementwise_affine=False)|GroupNorm(2, 4)|GroupNorm(2, 3)|RMSNorm(3)
RMSNorm((2, 3), elementwise_affine=False)|LocalResponseNorm(3)
Embedding(3, 4)|Embedding(3, 4, padding_idx=-1, max_norm=1, norm_type=1., scale_grad_by_freq=True)
Embedding(3, 4, padding_idx=5)|Embedding(3, 4, padding_idx=-5)|EmbeddingBag(3, 4)|EmbeddingBag(3, 4, mode='sum')
EmbeddingBag(3, 4, padding_idx=5)|EmbeddingBag(3, 4, padding_idx=1, max_norm=2)
ZeroPad1d(1)|ZeroPad2d(2)|ZeroPad3d(1)|ConstantPad1d((1, 2), 3)|ConstantPad2d(1, .5)|ConstantPad3d(1, 0)
ReflectionPad1d(1)|ReflectionPad2d(1)|ReflectionPad3d(1)|ReplicationPad1d(1)|ReplicationPad2d((1, 2, 3, 4))
ReplicationPad3d(1)|CircularPad1d(1)|CircularPad2d(1)|CircularPad3d(1)
PixelShuffle(2)|PixelUnshuffle(2)|ChannelShuffle(2)|Upsample()|Upsample(scale_factor=2)|Upsample(2, mode='bilinear')
Upsample(scale_factor=(2, 3))|UpsamplingNearest2d(2)|UpsamplingBilinear2d(scale_factor=2)
CosineSimilarity()|PairwiseDistance()|Fold(2, 3)|Unfold((2, 3))|Flatten()|Flatten(0, 2)|Unflatten(1, (2, 3))
Unflatten(1, [2, 3])|Unflatten(1, 3)|Unflatten(1, (2, 'a'))
RNN(3, 4)|RNN(3, 4, nonlinearity='relu')|LSTM(3, 4, 2, batch_first=True, bidirectional=True)|GRU(3, 4, bias=False)
LSTM(3, 4, proj_size=2)|RNNCell(3, 4)|RNNCell(3, 4, nonlinearity='relu')|LSTMCell(3, 4, bias=False)|GRUCell(3, 4)
MultiheadAttention(4, 2)|MultiheadAttention(4, 2, kdim=3, vdim=5, add_bias_kv=True, bias=False)
TransformerEncoderLayer(4, 2, 8)|TransformerDecoderLayer(4, 2, 8, batch_first=True)|Transformer(4, 2, 1, 1, 8)
""".replace("\n", "|").split("|")
CALLS = [call for call in CALLS if call]


@pytest.mark.parametrize("call", CALLS)
def test_constructor(call, lib):
    """Printed form, first values (and the stream afterwards), state dict with metadata, names; or the same error."""
    def program(lib):
        module = eval("lib.nn." + call, {"lib": lib})
        state = module.state_dict()
        return (repr(module), state, state._metadata, dict(module.named_parameters()), module.training,
                lib.get_rng_state())

    check(program, lib)


@pytest.mark.parametrize("call", [call for call in CALLS if call.split("(")[0] in (
    "Linear", "Bilinear", "Conv2d", "BatchNorm1d", "LayerNorm", "Embedding", "PReLU", "GroupNorm")])
def test_constructor_in_float64(call, lib):
    check(lambda lib: eval("lib.nn." + call[:-1] + ", dtype=lib.float64)", {"lib": lib}).state_dict(), lib)


@pytest.mark.parametrize("name", sorted({call.split("(")[0] for call in CALLS}))
def test_signature(name, lib):
    def names(lib):
        parameters = inspect.signature(getattr(lib.nn, name)).parameters.values()
        return [(p.name, str(p.kind), p.default if isinstance(p.default, (int, float, str, bool, type(None))) else "")
                for p in parameters]

    check(names, lib)


INITIALISERS = {
    "uniform_": [(), (-0.3, 0.77)], "normal_": [(), (0.1, 0.02)], "constant_": [(0.3,)], "ones_": [()],
    "zeros_": [()], "eye_": [()], "xavier_uniform_": [(), (2.0,)], "xavier_normal_": [(), (0.5,)],
    "kaiming_uniform_": [(), (0.2,), (0, "fan_out", "relu"), (0, "FAN_IN"), (0, "x"), (0, "fan_in", "gelu")],
    "kaiming_normal_": [(), (0.2,), (0, "fan_out", "tanh")], "dirac_": [(), (2,)],
    "trunc_normal_": [(), (0, 1, 1.5, 3), (0.1, 2, -1, 1), (-5, 1)], "sparse_": [(0.5,), (0.3, 2.0)],
}  # fmt: skip
SHAPES = [(20, 30), (6, 4, 5), (4, 3, 2, 2), (7,), (0, 3)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name, args", [(name, args) for name, rows in INITIALISERS.items() for args in rows], ids=str)
def test_initialiser(name, args, dtype, lib):
    def program(lib):
        fill = getattr(lib.nn.init, name)
        filled = [attempt(lambda: fill(lib.zeros(shape, dtype=getattr(lib, dtype)), *args)) for shape in SHAPES]
        return filled, lib.get_rng_state()

    check(program, lib)


def test_orthogonal(lib):
    """Factorisations round differently: close to torch's, within float64's default tolerance, and the same stream."""
    for shape in [(5, 3), (3, 5), (4, 2, 3)]:
        found = []
        for one in (REFERENCE, lib):
            one.manual_seed(0)
            found.append((one.nn.init.orthogonal_(one.empty(shape, dtype=one.float64), 2.0), one.get_rng_state()))
        (expected, state), (got, other) = found
        REFERENCE.testing.assert_close(REFERENCE.from_numpy(got.numpy()), expected)
        assert state.tolist() == other.tolist()


@pytest.mark.parametrize("call", [
    "'linear'", "'conv2d'", "'conv_transpose1d'", "'sigmoid'", "'tanh'", "'relu'", "'leaky_relu'", "'selu'", "'gelu'",
    "'leaky_relu', 0.2", "'leaky_relu', True", "'leaky_relu', 'a'", "'tanh', 3"])
def test_calculate_gain(call, lib):
    check(lambda lib: eval(f"lib.nn.init.calculate_gain({call})", {"lib": lib}), lib)


def test_deprecated_initialisers_warn(lib):
    _, said = check(lambda lib: [lib.nn.init.uniform(lib.empty(3)), lib.nn.init.xavier_normal(lib.empty(3, 4))], lib)
    assert len(said) == 2


def small(lib):
    nn = lib.nn
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 2)))


def tried(*programs):
    """A program that gives the results, or errors, of several in turn."""
    return lambda lib: [attempt(lambda: program(lib)) for program in programs]


def own(lib, **attributes):
    """An instance of a user's Module that forgot to call Module.__init__ before assigning."""
    class Own(lib.nn.Module):
        def __init__(self):
            for name, value in attributes.items():
                setattr(self, name, value)

    return Own()


REGISTRATION = {
    "module arguments": tried(lambda lib: lib.nn.Module(3), lambda lib: lib.nn.Module(a=3)),
    "parameter names": tried(*[lambda lib, name=name: small(lib).register_parameter(name, None)
                               for name in (3, "a.b", "", "forward", "fine")]),
    "buffer names": tried(*[lambda lib, name=name: small(lib).register_buffer(name, None)
                            for name in (3, "a.b", "", "forward", "fine")]),
    "module names": tried(*[lambda lib, name=name: small(lib).add_module(name, None)
                            for name in (3, "a.b", "", "forward", "fine")]),
    "wrong kinds": tried(lambda lib: small(lib).register_parameter("x", 3),
                         lambda lib: small(lib).register_parameter("x", lib.ones(2)),
                         lambda lib: small(lib).register_buffer("x", 3), lambda lib: small(lib).add_module("x", 3)),
    "wrong assignments": tried(*[
        lambda lib, value=value, name=name: setattr(small(lib)[0], name, value(lib)) for name in ("weight", "bias")
        for value in (lambda lib: 3, lambda lib: lib.ones(2), lambda lib: lib.nn.ReLU(), lambda lib: None)],
        lambda lib: setattr(small(lib)[2][0], "running_mean", 3), lambda lib: setattr(small(lib)[2], "0", 3)),
    "before init": tried(lambda lib: own(lib, w=lib.nn.Parameter(lib.ones(1))), lambda lib: own(lib, m=lib.nn.ReLU()),
                         lambda lib: own(lib, b=lib.nn.Buffer(lib.ones(1))), lambda lib: own(lib, x=3)(1),
                         lambda lib: own(lib, x=3).y),
    "lookups": tried(lambda lib: small(lib).foo, lambda lib: small(lib).get_submodule("x.y"),
                     lambda lib: small(lib).get_submodule("2.0"), lambda lib: small(lib).get_submodule("0.weight"),
                     lambda lib: small(lib).get_parameter("2.1.weight"), lambda lib: small(lib).get_parameter("2"),
                     lambda lib: small(lib).get_parameter("q"), lambda lib: small(lib).get_buffer("0.weight"),
                     lambda lib: small(lib).get_buffer("2.0.running_var"), lambda lib: delattr(small(lib), "zz")),
    "no forward": tried(lambda lib: lib.nn.Module()(1), lambda lib: small(lib).train(1)),
    "set_submodule": tried(*[lambda lib, args=args: small(lib).set_submodule(args[0], lib.nn.ReLU(), *args[1:])
                             for args in (("",), ("a.b",), ("2.0",), ("q", True), ("0.weight",))]),
    "parameter": tried(lambda lib: lib.nn.Parameter(), lambda lib: lib.nn.Parameter([1]),
                       lambda lib: lib.nn.Parameter(lib.tensor([1])),
                       lambda lib: lib.nn.Parameter(lib.tensor([1]), requires_grad=False),
                       lambda lib: repr(lib.nn.Parameter(lib.ones(2))), lambda lib: repr(lib.nn.Buffer(lib.ones(2))),
                       lambda lib: [type(t).__name__ for p in [lib.nn.Parameter(lib.ones(2))]
                                    for t in (p, p * 2, p.data, p.detach(), p.clone())]),
}


@pytest.mark.parametrize("name", REGISTRATION)
def test_registration(name, lib):
    check(REGISTRATION[name], lib)


def test_walking_the_tree(lib):
    def program(lib):
        net = small(lib)
        net.register_buffer("seen", lib.zeros(1), persistent=False)
        net.again = net[0]
        return ([name for name, _ in net.named_modules()], [name for name, _ in net.named_children()],
                [name for name, _ in net.named_parameters()], [name for name, _ in net.named_buffers()],
                [name for name, _ in net.named_parameters(prefix="p", recurse=False)],
                [name for name, _ in net.named_modules(remove_duplicate=False)], len(list(net.parameters())),
                list(net.state_dict()), [name for name in dir(net) if name in ("seen", "again", "training", "0")], net)

    check(program, lib)


def test_modes_and_gradients(lib):
    def program(lib):
        net = small(lib)
        flags = [net.eval().training, [m.training for m in net.modules()], [m.training for m in net.train().modules()]]
        for p in net.parameters():
            p.grad = lib.ones_like(p)
        held = net[0].weight.grad
        net.zero_grad(set_to_none=False)
        kept = held is net[0].weight.grad, held
        net.zero_grad()
        net.requires_grad_(False)
        seen = []
        net.apply(lambda m: seen.append(type(m).__name__))
        return flags, kept, [p.grad for p in net.parameters()], [p.requires_grad for p in net.parameters()], seen

    check(program, lib)


CONVERSIONS = {
    "double": lambda lib, m: m.double(), "half": lambda lib, m: m.half(), "float": lambda lib, m: m.double().float(),
    "to dtype": lambda lib, m: m.to(lib.float64), "to device": lambda lib, m: m.to("cpu"),
    "to both": lambda lib, m: m.to("cpu", lib.float64), "to tensor": lambda lib, m: m.to(lib.ones(1).double()),
    "to keywords": lambda lib, m: m.to(device=lib.device("cpu"), dtype=lib.float64),
    "to nothing": lambda lib, m: m.to(),
    "to int": lambda lib, m: m.to(lib.int64), "to two dtypes": lambda lib, m: m.to(lib.float32, lib.float64),
    "to many": lambda lib, m: m.to(3, 4, 5, 6), "to unknown": lambda lib, m: m.to(x=3),
    "type": lambda lib, m: m.type(lib.float64), "cpu": lambda lib, m: m.cpu(),
}  # fmt: skip


@pytest.mark.parametrize("name", CONVERSIONS)
def test_conversion(name, lib):
    """Parameters keep their identity and their gradients follow; integer buffers keep their dtype."""
    def program(lib):
        net = small(lib)
        for p in net.parameters():
            p.grad = lib.ones_like(p)
        before = list(net.parameters())
        result = CONVERSIONS[name](lib, net)
        return (result is net, [a is b for a, b in zip(before, net.parameters())], net.state_dict(),
                [p.grad for p in net.parameters()])

    check(program, lib)


STATES = {
    "own": lambda lib, state: state,
    "nothing": lambda lib, state: {},
    "not a dict": lambda lib, state: 3,
    "missing and unexpected": lambda lib, state: {**{k: v for k, v in state.items() if k != "0.bias"}, "0.q": 1,
                                                  "7.x": 2, "2.1.foo.bar": 3},
    "sizes": lambda lib, state: {**state, "0.weight": lib.ones(3, 3), "2.1.bias": lib.ones(5)},
    "not tensors": lambda lib, state: {**state, "0.weight": 4},
    "old version": lambda lib, state: {k: v for k, v in state.items() if "tracked" not in k},
    "other dtype": lambda lib, state: {k: v.double() for k, v in state.items()},
}


@pytest.mark.parametrize("options", [{}, dict(strict=False), dict(assign=True)], ids=str)
@pytest.mark.parametrize("name", STATES)
def test_load_state_dict(name, options, lib):
    def program(lib):
        net, other = small(lib), small(lib)
        result = attempt(lambda: net.load_state_dict(STATES[name](lib, other.state_dict()), **options))
        return repr(result), net.state_dict(), [type(p).__name__ for p in net.parameters()]

    check(program, lib)


def test_state_dict_hooks_and_extra_state(lib):
    def program(lib):
        class Extra(lib.nn.Module):
            def __init__(self):
                super().__init__()
                self.extra = 5

            def get_extra_state(self):
                return {"e": self.extra}

            def set_extra_state(self, state):
                self.extra = state["e"]

        seen = []
        net = lib.nn.Sequential(Extra(), lib.nn.Linear(1, 1))
        net.register_state_dict_pre_hook(lambda m, prefix, keep: seen.append((prefix, keep)))
        net.register_state_dict_post_hook(lambda m, state, prefix, meta: seen.append((list(state), prefix, meta)))
        net.register_load_state_dict_pre_hook(lambda m, state, prefix, *rest: seen.append((prefix, len(rest))))
        net.register_load_state_dict_post_hook(lambda m, keys: seen.append(keys))
        state = net.state_dict(prefix="p.", keep_vars=True)
        kept = state["p.1.weight"] is net[1].weight
        other = net.state_dict()
        other["0._extra_state"] = {"e": 9}
        result = repr(net.load_state_dict(other))
        return seen, kept, result, net[0].extra

    check(program, lib)


def test_copies(lib):
    def program(lib):
        net = small(lib)
        twins = [copy.deepcopy(net), pickle.loads(pickle.dumps(net))]
        return ([twin.state_dict() for twin in twins], [repr(twin) for twin in twins],
                [twin[0].weight is net[0].weight for twin in twins], [type(t[0].weight).__name__ for t in twins])

    check(program, lib)


def with_index(program):
    return lambda lib: attempt(lambda: program(lib.nn, lib.nn.Sequential(lib.nn.Linear(1, 2), lib.nn.ReLU(),
                                                                         lib.nn.Linear(2, 1))))


def changed(container, change):
    change(container)
    return container, len(container), list(container.state_dict())


def deleted(container, index):
    del container[index]
    return container


def assigned(container, index, value):
    container[index] = value
    return container


SEQUENTIAL = [
    lambda nn, s: s[0:2], lambda nn, s: s[-1], lambda nn, s: s[3], lambda nn, s: s["a"], lambda nn, s: len(s),
    lambda nn, s: s + nn.Sequential(nn.Tanh()), lambda nn, s: s + [1], lambda nn, s: s * 2, lambda nn, s: 2 * s,
    lambda nn, s: s * 0, lambda nn, s: s * "a", lambda nn, s: s.insert(1, nn.Tanh()),
    lambda nn, s: s.insert(3, nn.ELU()),
    lambda nn, s: s.insert(10, nn.Tanh()), lambda nn, s: s.insert(-1, nn.Tanh()), lambda nn, s: s.insert(0, 3),
    lambda nn, s: s.append(3), lambda nn, s: s.append(nn.Tanh()), lambda nn, s: s.extend([nn.Tanh(), nn.ELU()]),
    lambda nn, s: s.extend(nn.Sequential(nn.Tanh())), lambda nn, s: s.extend([3]), lambda nn, s: (s.pop(0), s),
    lambda nn, s: s.pop(-1), lambda nn, s: s.pop(10), lambda nn, s: deleted(s, 0),
    lambda nn, s: deleted(s, slice(0, 2)),
    lambda nn, s: deleted(s, 5), lambda nn, s: assigned(s, 0, nn.Tanh()), lambda nn, s: assigned(s, 7, nn.Tanh()),
    lambda nn, s: nn.Sequential(OrderedDict(a=nn.ReLU(), b=nn.Tanh())), lambda nn, s: nn.Sequential({"a": nn.ReLU()}),
    lambda nn, s: nn.Sequential(3), lambda nn, s: nn.Sequential([nn.ReLU()]), lambda nn, s: nn.Sequential(),
    lambda nn, s: deleted(nn.Sequential(OrderedDict(a=nn.ReLU(), b=nn.Tanh())), 0), lambda nn, s: nn.Sequential()(3),
    lambda nn, s: s.__iadd__(nn.Sequential(nn.ELU())), lambda nn, s: s.__imul__(2), lambda nn, s: s.__iadd__(3),
    lambda nn, s: [type(m).__name__ for m in s],
]  # fmt: skip
LIST = [
    lambda nn, s: nn.ModuleList(s), lambda nn, s: nn.ModuleList(s)[1], lambda nn, s: nn.ModuleList(s)[-1:],
    lambda nn, s: nn.ModuleList(s)[5], lambda nn, s: nn.ModuleList(s) + [nn.Tanh()], lambda nn, s: nn.ModuleList(),
    lambda nn, s: nn.ModuleList([nn.ReLU(), nn.ReLU(), nn.Tanh(), nn.ReLU()]), lambda nn, s: nn.ModuleList([s, s]),
    lambda nn, s: changed(nn.ModuleList(s), lambda l: l.insert(1, nn.Tanh())),
    lambda nn, s: changed(nn.ModuleList(s), lambda l: l.insert(-1, nn.Tanh())),
    lambda nn, s: changed(nn.ModuleList(s), lambda l: l.append(nn.Tanh())), lambda nn, s: nn.ModuleList(s).append(3),
    lambda nn, s: nn.ModuleList(s).extend(3), lambda nn, s: nn.ModuleList(3), lambda nn, s: nn.ModuleList(s)(3),
    lambda nn, s: changed(nn.ModuleList(s), lambda l: l.pop(0)), lambda nn, s: deleted(nn.ModuleList(s), slice(0, 2)),
    lambda nn, s: assigned(nn.ModuleList(s), 0, nn.Tanh()),
]  # fmt: skip
DICT = [
    lambda nn, s: nn.ModuleDict({"a": nn.ReLU(), "b": s}), lambda nn, s: nn.ModuleDict({"a": s})["c"],
    lambda nn, s: [list(f(nn.ModuleDict({"a": s}))) for f in (lambda d: d.keys(), lambda d: d.values(), iter)],
    lambda nn, s: nn.ModuleDict({"a": s}).pop("a"), lambda nn, s: nn.ModuleDict([["z", nn.ReLU()]]),
    lambda nn, s: nn.ModuleDict().update(3), lambda nn, s: nn.ModuleDict().update([3]), lambda nn, s: nn.ModuleDict(),
    lambda nn, s: nn.ModuleDict().update([(1, 2, 3)]), lambda nn, s: "a" in nn.ModuleDict({"a": s}),
    lambda nn, s: changed(nn.ModuleDict({"a": s}), lambda d: d.clear()), lambda nn, s: nn.ModuleDict({"type": s}),
    lambda nn, s: assigned(nn.ModuleDict(), "x", 3), lambda nn, s: nn.ModuleDict({"a": s})(3),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SEQUENTIAL + LIST + DICT)))
def test_container(number, lib):
    check(with_index((SEQUENTIAL + LIST + DICT)[number]), lib)


def test_parameter_list_and_dict(lib):
    def program(lib):
        nn, one = lib.nn, lib.ones(1)
        plist = nn.ParameterList([lib.ones(2), nn.Parameter(one), 3, "a"])
        pdict = nn.ParameterDict({"b": nn.Parameter(lib.ones(1, 3)), "a": lib.ones(2), "c": 3})
        return [attempt(each) for each in (
            lambda: repr(plist), lambda: plist[0], lambda: repr(plist[0:1]), lambda: plist[7], lambda: plist(3),
            lambda: repr(plist.append(one)), lambda: plist.extend(3), lambda: len(plist), lambda: list(plist),
            lambda: list(plist.state_dict()), lambda: repr(nn.ParameterList()), lambda: assigned(plist, 0, one)[0],
            lambda: repr(pdict), lambda: pdict["z"], lambda: pdict["a"], lambda: pdict.pop("c"), lambda: pdict(3),
            lambda: pdict.popitem(), lambda: pdict.setdefault("d", one), lambda: pdict.get("n", 4),
            lambda: repr(pdict.copy()), lambda: repr(pdict | {"e": one}), lambda: pdict.update(3),
            lambda: pdict.update([(1, 2, 3)]), lambda: repr(pdict.fromkeys(["a"], one)), lambda: list(pdict.keys()),
            lambda: list(pdict.items()), lambda: "d" in pdict, lambda: assigned(pdict, 3, one), lambda: pdict[3],
            lambda: list(reversed(pdict)), lambda: changed(pdict, lambda d: d.clear())[1:])]

    check(program, lib)


def test_forward_hooks(lib):
    def program(lib):
        seen = []
        m = lib.nn.Linear(2, 1)
        with lib.no_grad():
            m.weight.fill_(2.0), m.bias.fill_(1.0)
        x = lib.ones(1, 2)
        handles = [
            m.register_forward_pre_hook(lambda m, args: seen.append("pre")),
            m.register_forward_pre_hook(lambda m, args: (args[0] * 2,), prepend=True),
            m.register_forward_pre_hook(lambda m, args, kwargs: (args, kwargs), with_kwargs=True),
            m.register_forward_hook(lambda m, args, out: seen.append((args, out))),
            m.register_forward_hook(lambda m, args, kwargs, out: out + 10, with_kwargs=True, prepend=True),
        ]
        outs = [m(x), m(input=x)]
        for handle in handles:
            handle.remove()
        outs.append(m(x))
        m.register_forward_hook(lambda m, args, out: seen.append("always"), always_call=True)
        outs.append(attempt(lambda: m(lib.ones(3)))[:12])
        with lib.nn.modules.module.register_module_forward_hook(lambda m, args, out: seen.append("global")):
            m(x)
        return [o.detach() if hasattr(o, "detach") else o for o in outs], seen

    check(program, lib)


def test_full_backward_hooks(lib):
    def program(lib):
        seen = []
        net = lib.nn.Sequential(lib.nn.Linear(2, 3), lib.nn.Tanh(), lib.nn.Linear(3, 1))
        for i, m in enumerate(net):
            m.register_full_backward_hook(lambda m, gi, go, i=i: seen.append((i, gi, go)))
            m.register_full_backward_pre_hook(lambda m, go, i=i: seen.append((i, go)))
        net[1].register_full_backward_hook(lambda m, gi, go: (gi[0] * 2,))
        clash = attempt(lambda: net[0].register_backward_hook(lambda *a: None))
        x = lib.ones(1, 2, requires_grad=True)
        out = net(x)
        out.sum().backward()
        first = [(entry[0], len(entry), [[None if g is None else tuple(g.shape) for g in part] for part in entry[1:]])
                 for entry in seen]
        seen.clear()
        net(lib.ones(1, 2)).sum().backward()
        return first, [entry[0] for entry in seen], clash, type(out.grad_fn).__name__

    check(program, lib)


def test_clipping_and_vectors(lib):
    def program(lib):
        u, nn = lib.nn.utils, lib.nn
        p, q = nn.Parameter(lib.ones(2)), nn.Parameter(lib.ones(2, 2))
        p.grad, q.grad = lib.tensor([3.0, 4.0]), lib.tensor([[1.0, 2.0], [-3.0, 0.5]])
        norms = [u.clip_grad_norm_([p, q], 100.0), u.clip_grad_norm_([p], 1.0), p.grad, u.get_total_norm([p.grad])]
        norms += [u.clip_grad_norm_([p, q], 0.7, norm_type=kind) for kind in (1, 2.0, "inf")]
        u.clip_grad_value_([p, q], 0.3)
        vector = u.parameters_to_vector([p, q])
        u.vector_to_parameters(vector * 3, [p, q])
        p.grad = lib.tensor([float("nan"), 1.0])
        return norms, p, q, q.grad, vector.detach(), [attempt(each) for each in (
            lambda: u.clip_grad_norm_([p], 1, error_if_nonfinite=True), lambda: u.clip_grad_norm_([], 1),
            lambda: u.clip_grad_norm_((r for r in []), 1), lambda: u.vector_to_parameters([1], [p]),
            lambda: u.clip_grad_norm([], 1))]

    check(program, lib)
