"""Bad input: the class and the text of the error are torch's, and every tensor is as it was before."""

import numpy as np
import pytest

from parity_tests.case import Case, call
from parity_tests.checkers import error_text, same_text, tensors_of, to_array
from parity_tests.deviations import deviation
from parity_tests.inputs import B, I, T, V
from parity_tests.libs import REFERENCE


def item(x):
    """A class per row, as float32."""
    return V(x, "float32", grad=False)


def assign(x, key, value):
    x[key] = value


def twice(y):
    y.backward()
    y.backward()


def changed_between(lib, x):
    """A saved tensor changed in place before its backward."""
    y = x * 1
    z = y * y
    y.add_(1)
    z.sum().backward()


def functional(lib):
    return lib.nn.functional


BAD = {
    "shapes": {
        "add": (lambda lib, x, y: x + y, T(2, 3), T(2, 4)),
        "mul in place would grow": (lambda lib, x, y: x.detach().mul_(y), T(3), T(2, 3)),
        "sub three dims": (lambda lib, x, y: x - y, T(2, 3, 4), T(2, 4)),
        "mm sizes": (lambda lib, x, y: lib.mm(x, y), T(2, 3), T(2, 3)),
        "mm needs matrices": (lambda lib, x, y: lib.mm(x, y), T(3), T(3)),
        "mm second vector": (lambda lib, x, y: lib.mm(x, y), T(2, 3), T(3)),
        "matmul sizes": (lambda lib, x, y: x @ y, T(2, 3), T(4, 5)),
        "matmul vectors": (lambda lib, x, y: x @ y, T(2), T(3)),
        "matmul matrix vector": (lambda lib, x, y: x @ y, T(2, 3), T(4)),
        "matmul batches": (lambda lib, x, y: x @ y, T(2, 3, 4), T(3, 4, 5)),
        "matmul 0-d": (lambda lib, x, y: x @ y, T(), T(3)),
        "matmul number": (lambda lib, x: x @ 2, T(3)),
        "addmm bias": (lambda lib, b, x, y: lib.addmm(b, x, y), T(3), T(2, 3), T(3, 4)),
        "linear sizes": (lambda lib, x, w: functional(lib).linear(x, w), T(2, 3), T(4, 5)),
        "linear module": (lambda lib, x: lib.nn.Linear(4, 2)(x.float()), T(2, 3)),
        "view": (lambda lib, x: x.view(4, 2), T(2, 3)),
        "view of a transpose": (lambda lib, x: x.t().view(6), T(2, 3)),
        "view two unknown": (lambda lib, x: x.view(-1, -1), T(2, 3)),
        "view not divisible": (lambda lib, x: x.view(4, -1), T(2, 3)),
        "view negative": (lambda lib, x: x.view(-2, 3), T(2, 3)),
        "reshape": (lambda lib, x: x.reshape(5), T(2, 3)),
        "expand": (lambda lib, x: x.expand(3, 3), T(2, 3)),
        "expand fewer": (lambda lib, x: x.expand(3), T(2, 3)),
        "permute repeated": (lambda lib, x: x.permute(0, 0), T(2, 3)),
        "permute too few": (lambda lib, x: x.permute(0), T(2, 3)),
        "transpose dim": (lambda lib, x: x.transpose(0, 2), T(2, 3)),
        "unsqueeze dim": (lambda lib, x: x.unsqueeze(4), T(2, 3)),
        "sum dim": (lambda lib, x: x.sum(2), T(2, 3)),
        "sum dim twice": (lambda lib, x: x.sum((0, 0)), T(2, 3)),
        "mean dim negative": (lambda lib, x: x.mean(-3), T(2, 3)),
        "max dim": (lambda lib, x: x.max(2), T(2, 3)),
        "max of nothing": (lambda lib, x: x.max(), T(0)),
        "max dim of nothing": (lambda lib, x: x.max(0), T(0, 3)),
        "argmax of nothing": (lambda lib, x: x.argmax(), T(0)),
        "softmax dim": (lambda lib, x: x.softmax(2), T(2, 3)),
        "cat sizes": (lambda lib, x, y: lib.cat([x, y]), T(2, 3), T(2, 4)),
        "cat dims": (lambda lib, x, y: lib.cat([x, y]), T(2, 3), T(3)),
        "cat nothing": (lambda lib: lib.cat([]),),
        "cat dim": (lambda lib, x: lib.cat([x, x], 2), T(2, 3)),
        "cat not tensors": (lambda lib, x: lib.cat([x, 1]), T(2)),
        "stack sizes": (lambda lib, x, y: lib.stack([x, y]), T(2, 3), T(2, 4)),
        "stack nothing": (lambda lib: lib.stack([]),),
        "conv2d channels": (lambda lib, x, w: functional(lib).conv2d(x, w), T(1, 2, 5, 5), T(3, 1, 3, 3)),
        "conv2d kernel": (lambda lib, x, w: functional(lib).conv2d(x, w), T(1, 1, 2, 2), T(3, 1, 3, 3)),
        "conv2d dims": (lambda lib, x, w: functional(lib).conv2d(x, w), T(5, 5), T(3, 1, 3, 3)),
        "conv2d bias": (lambda lib, x, w, b: functional(lib).conv2d(x, w, b), T(1, 1, 5, 5), T(3, 1, 3, 3), T(2)),
        "conv2d module": (lambda lib, x: lib.nn.Conv2d(3, 6, 3)(x.float()), T(1, 1, 5, 5)),
        "max_pool2d kernel": (lambda lib, x: functional(lib).max_pool2d(x, 5), T(1, 1, 4, 4)),
        "max_pool2d dims": (lambda lib, x: functional(lib).max_pool2d(x, 2), T(4, 4)),
        "cross_entropy batch": (lambda lib, x, y: functional(lib).cross_entropy(x, y), T(4, 3), I(3)),
        "mse_loss sizes": (lambda lib, x, y: functional(lib).mse_loss(x, y), T(4, 3), T(4)),
        "t of 3-d": (lambda lib, x: x.t(), T(2, 3, 4)),
        "negative size": (lambda lib: lib.zeros(2, -1),),
        "ragged list": (lambda lib: lib.tensor([[1, 2], [3]]),),
    },
    "dtypes": {
        "in-place cast": (lambda lib, x: x.add_(1.5), V([1, 2], "int64", grad=False)),
        "in-place cast of a division": (lambda lib, x: x.div_(2), V([1, 2], "int64", grad=False)),
        "in-place cast to bool": (lambda lib, x: x.add_(1), B(3)),
        "in-place cast, tensor": (lambda lib, x, y: x.mul_(y), V([1, 2], "int64", grad=False), T(2)),
        "bool minus bool": (lambda lib, x, y: x - y, B(3), B(3)),
        "minus bool": (lambda lib, x: -x, B(3)),
        "mm dtypes": (lambda lib, x, y: lib.mm(x, y), T(2, 2), V([[1.0, 2.0], [3.0, 4.0]], "float32")),
        "matmul dtypes": (lambda lib, x, y: x @ y, T(2, 2), V([[1, 2], [3, 4]], "int64", grad=False)),
        "linear dtypes": (lambda lib, x, w: functional(lib).linear(x, w), T(2, 2), V([[1.0, 2.0]], "float32")),
        "linear module": (lambda lib, x: lib.nn.Linear(2, 1)(x), T(2, 2)),
        "conv2d dtypes": (lambda lib, x: lib.nn.Conv2d(1, 1, 1)(x), T(1, 1, 2, 2)),
        "mean of integers": (lambda lib, x: x.mean(), V([1, 2], "int64", grad=False)),
        "softmax of integers": (lambda lib, x: x.softmax(0), V([1, 2], "int64", grad=False)),
        "integers require grad": (lambda lib, x: x.requires_grad_(), V([1, 2], "int64", grad=False)),
        "tensor of integers requires grad": (lambda lib: lib.tensor([1, 2], requires_grad=True),),
        "integer power": (lambda lib, x: x**-1, V([1, 2], "int64", grad=False)),
        "and of floats": (lambda lib, x: x & x, T(2)),
        "float targets": (lambda lib, x, y: functional(lib).cross_entropy(x, y), T(2, 3), item([0.0, 1.0])),
        "float nll targets": (lambda lib, x, y: functional(lib).nll_loss(x, y), T(2, 3), item([0.0, 1.0])),
        "string": (lambda lib: lib.tensor("abc"),),
        "add a string": (lambda lib, x: x + "a", T(2)),
        "mul by None": (lambda lib, x: x * None, T(2)),
        "add a list": (lambda lib, x: x + [1.0, 2.0], T(2)),
        "exp of a number": (lambda lib: lib.exp(1.0),),
        "relu of a list": (lambda lib: lib.relu([1.0]),),
        "from_numpy of a list": (lambda lib: lib.from_numpy([1.0]),),
        "from_numpy of strings": (lambda lib: lib.from_numpy(np.array(["a"])),),
        "default dtype": (lambda lib: lib.set_default_dtype(lib.int64),),
        "gradient of another dtype": (lambda lib, x: setattr(x, "grad", lib.ones(2, dtype=lib.int64)), T(2)),
    },
    "devices": {
        "to cuda": (lambda lib, x: x.to("cuda"), T(2)),
        "made on cuda": (lambda lib: lib.zeros(2, device="cuda:0"),),
        "unknown": (lambda lib: lib.device("gpu"),),
        "bad index": (lambda lib: lib.device("cuda:x"),),
        "to nonsense": (lambda lib, x: x.to("nowhere"), T(2)),
    },
    "autograd": {
        "vector backward": (lambda lib, x: (x * 2).backward(), T(2)),
        "second backward": (lambda lib, x: twice((x * x).sum()), T(2)),
        "backward of a complex number": (lambda lib, x: (x * 1j).sum().backward(), T(2)),
        "gradient of a complex number": (lambda lib, x: lib.autograd.grad((x * 1j).sum(), x), T(2)),
        "backward of a leaf without grad": (lambda lib: lib.ones(1).backward(),),
        "backward of detached": (lambda lib, x: (x * 2).detach().sum().backward(), T(2)),
        "gradient of wrong shape": (lambda lib, x: (x * 2).backward(lib.ones(3)), T(2)),
        "gradient not a tensor": (lambda lib, x: (x * 2).backward(1.0), T(2)),
        "grad attribute of wrong shape": (lambda lib, x: setattr(x, "grad", lib.ones(3, dtype=lib.float64)), T(2)),
        "grad attribute not a tensor": (lambda lib, x: setattr(x, "grad", 1.0), T(2)),
        "leaf in place": (lambda lib, x: x.add_(1), T(2)),
        "view of a leaf in place": (lambda lib, x: x[0].mul_(2), T(2)),
        "leaf assigned": (lambda lib, x: assign(x, 0, 1.0), T(2)),
        "saved and changed": (changed_between, T(2)),
        "requires_grad of a non-leaf": (lambda lib, x: setattr(x * 2, "requires_grad", False), T(2)),
        "requires_grad_ of a non-leaf": (lambda lib, x: (x * 2).requires_grad_(False), T(2)),
        "numpy of one that requires grad": (lambda lib, x: x.numpy(), T(2)),
        "retain_grad without grad": (lambda lib: lib.ones(2).retain_grad(),),
        "grad of an unused input": (lambda lib, x, y: lib.autograd.grad((x * 2).sum(), [y]), T(2), T(2)),
        "grad without history": (lambda lib, x: lib.autograd.grad(lib.ones(1), [x]), T(2)),
        "grad of an input without grad": (lambda lib, x: lib.autograd.grad((x * 2).sum(), [lib.ones(2)]), T(2)),
        "grad of a vector": (lambda lib, x: lib.autograd.grad(x * 2, [x]), T(2)),
        "grad with too few cotangents": (lambda lib, x: lib.autograd.grad([x * 2, x * 3], [x], [lib.ones(2)]), T(2)),
        "detach_ of a view": (lambda lib, x: (x * 2)[0].detach_(), T(2)),
        "deepcopy of a non-leaf": (lambda lib, x: __import__("copy").deepcopy(x * 2), T(2)),
    },
    "indexing": {
        "out of range": (lambda lib, x: x[5], T(2, 3)),
        "out of range, dim 1": (lambda lib, x: x[0, 3], T(2, 3)),
        "negative out of range": (lambda lib, x: x[-3], T(2, 3)),
        "too many": (lambda lib, x: x[0, 0, 0], T(2, 3)),
        "list out of range": (lambda lib, x: x[[0, 2]], T(2, 3)),
        "tensor out of range": (lambda lib, x, i: x[i], T(2, 3), V([0, 7], "int64", grad=False)),
        "mask of wrong shape": (lambda lib, x, m: x[m], T(2, 3), B(3)),
        "0-d": (lambda lib, x: x[0], T()),
        "negative step": (lambda lib, x: x[::-1], T(3)),
        "float": (lambda lib, x: x[1.5], T(3)),
        "assigned shape": (lambda lib, x: assign(x.detach(), 0, lib.ones(5)), T(2, 3)),
        "assigned out of range": (lambda lib, x: assign(x.detach(), 4, 1.0), T(2, 3)),
        "assigned string": (lambda lib, x: assign(x.detach(), 0, "a"), T(2, 3)),
        "class out of range": (
            lambda lib, x, y: functional(lib).cross_entropy(x, y),
            T(2, 3),
            V([0, 3], "int64", grad=False),
        ),
        "nll class out of range": (
            lambda lib, x, y: functional(lib).nll_loss(x, y),
            T(2, 3),
            V([0, -1], "int64", grad=False),
        ),
        "gather out of range": (lambda lib, x, i: x.gather(0, i), T(2, 3), V([[5]], "int64", grad=False)),
        "narrow": (lambda lib, x: x.narrow(0, 1, 5), T(2, 3)),
        "split sizes": (lambda lib, x: x.split([1, 5]), T(2, 3)),
    },
    "conversion": {
        "item of many": (lambda lib, x: x.item(), T(2)),
        "bool of many": (lambda lib, x: bool(x > 0), T(2)),
        "bool of none": (lambda lib, x: bool(x), T(0)),
        "float of many": (lambda lib, x: float(x), T(2)),
        "int of many": (lambda lib, x: int(x), T(2)),
        "if of many": (lambda lib, x: 1 if x == x else 0, T(2)),
        "len of 0-d": (lambda lib, x: len(x), T()),
        "iterate 0-d": (lambda lib, x: list(x), T()),
        "index of a float": (lambda lib, x: [1, 2][x], T()),
        "unknown attribute": (lambda lib, x: x.nothing, T(2)),
        "unknown method in place": (lambda lib, x: x.nothing_(), T(2)),
        "in of a string": (lambda lib, x: "a" in x, T(2)),
    },
    "modules": {
        "SGD lr": (lambda lib, x: lib.optim.SGD([x], lr=-1), T(2)),
        "SGD momentum": (lambda lib, x: lib.optim.SGD([x], lr=0.1, momentum=-1), T(2)),
        "SGD nesterov": (lambda lib, x: lib.optim.SGD([x], lr=0.1, nesterov=True), T(2)),
        "SGD no parameters": (lambda lib: lib.optim.SGD([], lr=0.1),),
        "SGD a tensor": (lambda lib, x: lib.optim.SGD(x, lr=0.1), T(2)),
        "SGD a non-leaf": (lambda lib, x: lib.optim.SGD([x * 2], lr=0.1), T(2)),
        "SGD not tensors": (lambda lib: lib.optim.SGD([1.0], lr=0.1),),
        "SGD parameter twice": (lambda lib, x: lib.optim.SGD([{"params": [x]}, {"params": [x]}], lr=0.1), T(2)),
        "Adam betas": (lambda lib, x: lib.optim.Adam([x], betas=(1.5, 0.9)), T(2)),
        "Adam eps": (lambda lib, x: lib.optim.Adam([x], eps=-1), T(2)),
        "module without init": (lambda lib: setattr(lib.nn.Module.__new__(lib.nn.Module), "a", lib.nn.Linear(1, 1)),),
        "module attribute": (lambda lib: lib.nn.Linear(1, 1).nothing,),
        "parameter replaced": (lambda lib: setattr(lib.nn.Linear(1, 1), "weight", lib.ones(1)),),
        "forward missing": (lambda lib: lib.nn.Module()(1),),
        "sequential of a function": (lambda lib: lib.nn.Sequential(lib.relu),),
        "dropout p": (lambda lib: lib.nn.Dropout(1.5),),
        "conv groups": (lambda lib: lib.nn.Conv2d(3, 6, 3, groups=2),),
        "conv padding mode": (lambda lib: lib.nn.Conv2d(1, 1, 1, padding_mode="odd"),),
        "reduction": (lambda lib, x: functional(lib).mse_loss(x, x, reduction="average"), T(2)),
        "TensorDataset sizes": (
            lambda lib, x, y: __import__("importlib").import_module(lib.__name__ + ".utils.data").TensorDataset(x, y),
            T(2),
            T(3),
        ),
    },
    "signatures": {
        "missing argument": (lambda lib, x: lib.add(x), T(2)),
        "too many arguments": (lambda lib, x: lib.exp(x, x), T(2)),
        "unknown keyword": (lambda lib, x: lib.exp(x, nothing=1), T(2)),
        "sum of a string": (lambda lib, x: x.sum("a"), T(2)),
        "view of a string": (lambda lib, x: x.view("a"), T(2)),
        "reshape of floats": (lambda lib, x: x.reshape(2.0), T(2)),
        "clamp of nothing": (lambda lib, x: x.clamp(), T(2)),
        "arange step": (lambda lib: lib.arange(0, 5, 0),),
        "manual_seed of a string": (lambda lib: lib.manual_seed("a"),),
        "method missing argument": (lambda lib, x: x.add(), T(2)),
        "transpose missing argument": (lambda lib, x: x.transpose(0), T(2, 3)),
    },
}
PROGRAMS = [
    pytest.param(Case(kind, name, fn, specs), id=f"{kind}: {name}")
    for kind, table in BAD.items()
    for name, (fn, *specs) in table.items()
]


def attempt(case, lib):
    """(the error's text or None, the tensors after the attempt as plain data, the same before it)."""
    program = call(case, lib, "float64", "contiguous")
    fn, args, _ = program.make(True)

    def state():
        return [
            (to_array(t).tolist(), tuple(t.shape), str(t.dtype), t.requires_grad, t.is_leaf, t._version)
            for t in tensors_of(lib, args)
        ]

    before = state()
    try:
        fn(*args)
        said = None
    except Exception as error:
        said = error_text(error)
    return said, before, state()


@pytest.mark.parametrize("case", PROGRAMS)
def test_bad_input(case, lib):
    expected, *_ = attempt(case, REFERENCE)
    assert expected is not None, "torch accepts this: it is no bad input"
    said, before, after = attempt(case, lib)
    assert said is not None, f"\nexpected (torch) {expected}\ngot (minigrad)   no error"
    known = deviation(f"error/{case.op}: {case.name}", "float64", "error")
    if known is not None:
        assert not same_text(expected, said), f"this known deviation is mended, remove it: {known.case}"
        return
    assert same_text(expected, said), f"\nexpected (torch) {expected}\ngot (minigrad)   {said}"
    assert before == after, "a tensor was changed by the failed call"
