"""The examples in torch's own documentation, found in the installed torch and run statement by statement.

Each documented object's `>>>` lines are one program.  It runs in both libraries as an interpreter's session does: what an
expression shows, what a statement prints, the error that stops it and what the names it binds hold is one text a statement.
"""

import ast
import builtins
import contextlib
import importlib
import inspect
import io
import math
import re
import sys
import tempfile
import warnings
from collections import Counter
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from parity_tests.checkers import error_text, same_text
from parity_tests.libs import REFERENCE, importing, load, seal

# Where documented objects live that an ordinary program uses.  Not here, because minigrad does not claim them: fft, sparse,
# nested, masked, quantised, distributed, cuda, jit, compile, export, fx, library, overrides, profiler, hub, futures, and
# utils.data.datapipes, whose examples need a package of their own.
MODULES = """
    torch torch.autograd torch.autograd.forward_ad torch.autograd.function torch.autograd.functional torch.autograd.grad_mode
    torch.autograd.graph torch.distributions torch.distributions.constraints torch.distributions.kl
    torch.distributions.transforms torch.distributions.utils torch.func torch.linalg torch.nn torch.nn.functional torch.nn.grad
    torch.nn.init torch.nn.modules.lazy torch.nn.utils torch.nn.utils.parametrizations torch.nn.utils.parametrize
    torch.nn.utils.prune torch.nn.utils.rnn torch.nn.utils.stateless torch.optim torch.optim.lr_scheduler torch.optim.swa_utils
    torch.random torch.serialization torch.signal.windows torch.special torch.testing torch.utils.checkpoint torch.utils.data
""".split()
# Statements that minigrad does not claim run in neither library; what depends on them is then an undefined name in both.
UNCLAIMED = re.compile(
    r"cuda|xpu|mps|hpu|\bsparse|_sparse|quantize|torch\.(jit|compile|export|fx|hub|distributed|ops|fft)\b|names=|rename|align_to"
    r"|complex|cfloat|cdouble|chalf|\dj\b|bfloat16|torchvision|torchdata"
)
# Objects whose every example is about what minigrad does not claim.
OUTSIDE = re.compile(
    r"torch\.(sparse_|quantize|quantized_|fake_quant|cuda|Event|Stream|view_as_)"
    r"|Quant|Distributed|DataPipe|DataParallel|SyncBatch"
)
MOST = 20_000_000  # numbers that a tensor may have
# What a call of these gives holds what lay in memory: zeros in both libraries, once it has a name.
UNINITIALISED = {"empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided", "resize_",
                 "skip_init", "TypedStorage"}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A documented object's examples: the statements of one program, as source."""

    name: str
    module: str
    statements: tuple

    def __str__(self):
        return self.name


def blocks(doc):
    """The `>>>` sessions of a docstring: lists of source lines, and the plain lines up to the next blank one."""
    source, after, found = [], [], []
    for line in [*doc.expandtabs().split("\n"), ""]:
        prompt = re.match(r"\s*(>>>|\.\.\.)( |$)", line)
        if prompt and not after:
            source.append(line[prompt.end() :])
        elif source and line.strip() and not prompt:
            after.append(line)
        elif source:
            found.append((source, after))
            source, after = ([line[prompt.end() :]] if prompt else []), []
    return found


def parsed(source):
    """The statements of some lines, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse("\n".join(source)).body
    except SyntaxError:
        return None


def statements(source, after):
    """The statements of a session, as an interpreter would read them; what no interpreter would is left out."""
    whole = parsed(source)
    if whole is not None:
        return [ast.unparse(node) for node in whole]
    for end in range(1, len(after) + 1):  # a statement that goes on without a prompt
        whole = parsed([*source, *after[:end]])
        if whole is not None:
            return [ast.unparse(node) for node in whole]
    for end in range(len(source) - 1, 0, -1):
        whole = parsed([line.strip() if end == 1 else line for line in source[:end]])
        if whole is not None:
            return [*(ast.unparse(node) for node in whole), *statements(source[end:], after)]
    return statements(source[1:], after) if len(source) > 1 else []


def members():
    """Every public object of the modules, and of their classes, under its first name."""
    for name in MODULES:
        module = importlib.import_module(name)
        for key in dir(module) if module is REFERENCE else getattr(module, "__all__", dir(module)):
            value = getattr(module, key)
            home = getattr(value, "__module__", None) or "torch"
            if key.startswith("_") or not callable(value) or not re.match(r"(torch|builtins)\b(?!\.overrides)", home):
                continue
            if type(value) is type(REFERENCE.FloatTensor):
                continue  # the legacy tensor types have Tensor's documentation
            yield name, f"{name}.{key}", value
            for base in value.__mro__ if inspect.isclass(value) else ():
                if base.__module__.partition(".")[0] == "torch":
                    yield from ((name, f"{name}.{base.__name__}.{part}", one) for part, one in vars(base).items()
                                if not part.startswith("_"))  # fmt: skip


def examples():
    """All examples, by name."""
    found, seen = {}, set()
    for module, name, value in members():
        doc = getattr(value, "__doc__", None)
        if not isinstance(doc, str) or ">>>" not in doc or doc in seen:
            continue
        seen.add(doc)
        if not OUTSIDE.search(name):
            found[name] = Example(name, module, tuple(s for block in blocks(doc) for s in statements(*block)))
    return dict(sorted(found.items()))


def given(lib, module):
    """What the fragments take as known: the library under its names, the module's own names, a model and its data."""
    space = {}
    if module != "torch":
        public = [name for name, value in vars(importlib.import_module(module)).items()
                  if not (name.startswith("_") or inspect.ismodule(value))]  # fmt: skip
        with contextlib.suppress(ImportError):  # where the library lacks the module, its names are undefined
            found = vars(importlib.import_module(module.replace("torch", lib.__name__, 1)))
            space = {name: found[name] for name in public if name in found}
    space |= {"torch": lib, "nn": lib.nn, "F": lib.nn.functional, "optim": lib.optim, "np": np, "math": math}
    model = lib.nn.Linear(3, 2)
    input, target, loss_fn = lib.randn(4, 3), lib.randn(4, 2), lib.nn.MSELoss()
    optimizer = lib.optim.SGD([{"params": [p]} for p in model.parameters()], lr=0.05)

    def train(*_):
        optimizer.zero_grad()
        loss_fn(model(input), target).backward()
        optimizer.step()

    def validate(*_):
        return loss_fn(model(input), target)

    data = [(input, target)] * 2
    space |= {"model": model, "net": model, "optimizer": optimizer, "opt": optimizer, "loader": data, "dataloader": data}
    space |= {"input": input, "target": target, "loss_fn": loss_fn, "criterion": loss_fn, "train": train, "validate": validate}
    return space | {"__builtins__": {**vars(builtins), "__import__": importing(lib)}, "__name__": "documented"}


def shown(value, lib):
    """How a value reads, and what it holds beside."""
    if isinstance(value, lib.Tensor):
        return f"{value!r} {tuple(value.shape)} {value.dtype} {value.requires_grad} {value.is_leaf}"
    if isinstance(value, (lib.nn.Module, lib.optim.Optimizer, lib.optim.lr_scheduler.LRScheduler)):
        return f"{value!r} {value.state_dict()!r}"
    return repr(value)


def as_torch(text, lib):
    """Text in which the library's own name, addresses, and the names of functions inside functions do not show."""
    text = re.sub(r"<function [\w.<>]+<locals>[\w.<>]+ at", "<function ... at", text)
    return re.sub(r"0x[0-9a-fA-F]+", "0x...", text).replace(lib.__name__, "torch")


def is_uninitialised(source):
    """Whether a statement's value is a call whose result nobody has written to."""
    function = getattr(getattr(ast.parse(source).body[0], "value", None), "func", None)
    while getattr(function, "attr", None) in ("permute", "requires_grad_"):
        function = getattr(function.value, "func", None)
    return getattr(function, "attr", getattr(function, "id", None)) in UNINITIALISED


NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)(?![\w.])")


def only_rounded(a, b):
    """Whether two texts differ in the last digits of floating-point numbers alone, as float32 leaves them."""
    numbers = [NUMBER.findall(text) for text in (a, b)]
    if len(numbers[0]) != len(numbers[1]) or len({"".join(NUMBER.sub("#", text).split()) for text in (a, b)}) != 1:
        return False
    floats = [(x, y) for x, y in zip(*numbers) if x != y]  # integers must be equal
    if not all(set(x) & set(".enf") and set(y) & set(".enf") for x, y in floats):
        return False
    scale = max((abs(float(x)) for x in numbers[0] if math.isfinite(float(x))), default=0.0)
    close = 1e-5 + 1.3e-6 * scale  # torch.testing.assert_close's tolerances for float32
    return all(abs(float(x) - float(y)) <= close + max(last_digit(x), last_digit(y)) for x, y in floats)


def last_digit(number):
    """What the last digit of a printed number counts."""
    mantissa, _, exponent = number.partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def is_left_out(value):
    """Whether a value of torch's has complex numbers, or so many that the test would take too long and too much memory."""
    if isinstance(value, (list, tuple)):
        return any(map(is_left_out, value))
    return isinstance(value, complex) or isinstance(value, REFERENCE.Tensor) and (value.is_complex() or value.numel() > MOST)


class Session:
    """An interpreter's session in one library."""

    def __init__(self, lib, example):
        seal(lib)
        self.module = ModuleType("documented")  # where pickle looks for its classes
        self.lib, self.space = lib, vars(self.module)
        self.space.update(given(lib, example.module))
        seal(lib)

    def display(self, value):
        if value is not None:
            self.shown.append(value)
            print(repr(value))

    def run(self, source):
        """What a statement shows; None if it is to be left out."""
        before, self.shown, said = dict(self.space), [], io.StringIO()
        hook, sys.displayhook, sys.modules["documented"] = sys.displayhook, self.display, self.module
        try:
            with contextlib.redirect_stdout(said), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(source + "\n", "<example>", "single"), self.space)
        except Exception as error:
            return as_torch(said.getvalue(), self.lib) + as_torch(error_text(error), self.lib)
        finally:
            sys.displayhook = hook
            del sys.modules["documented"]
        bound = {name: value for name, value in self.space.items() if name not in before or before[name] is not value}
        for name in [name for name, value in bound.items() if name.startswith("__") or inspect.ismodule(value)]:
            del bound[name]
        if any(map(is_left_out, [*self.shown, *bound.values()])):
            return None
        if is_uninitialised(source):
            said = io.StringIO()
            self.clear([*bound.values(), *self.shown])
        for name, value in [*bound.items(), *(("_", value) for value in self.shown if is_uninitialised(source))]:
            print(f"{name} = {shown(value, self.lib)}", file=said)
        return as_torch(said.getvalue(), self.lib)

    def clear(self, values):
        """Set tensors, and those of modules, to zero."""
        for value in values:
            with self.lib.no_grad():
                for x in [value] if not isinstance(value, self.lib.nn.Module) else value.state_dict().values():
                    x.fill_(0)


@contextlib.contextmanager
def kept(lib):
    """Global state that an example may set, put back."""
    try:
        yield
    finally:
        lib.set_default_device(None)
        lib.use_deterministic_algorithms(False)
        seal(lib)


def names_in(source, kind):
    """The names that a statement reads (ast.Load) or binds (ast.Store)."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name) and isinstance(node.ctx, kind)}


def played(lib, example, skipped=None):
    """(What each statement shows in a library, by its place; the places of those that were left out, and of those that read
    what these would have bound).  What is in `skipped` is not run."""
    texts, out, missing = {}, set(), set()
    with kept(lib):
        session = Session(lib, example)
        for i, source in enumerate(example.statements):
            if UNCLAIMED.search(source) or skipped and i in skipped:
                continue
            text = None if missing & names_in(source, ast.Load) else session.run(source)
            if text is None:
                out.add(i)
                missing |= names_in(source, ast.Store)
            else:
                texts[i] = text
                missing -= names_in(source, ast.Store)
    return texts, out


def pairs(example, lib):
    """(source, what torch shows, what the library shows) of each statement that is not left out."""
    expected, out = played(REFERENCE, example)
    got, _ = played(lib, example, out)
    return [(example.statements[i], text, got.get(i, "nothing that could be compared")) for i, text in expected.items()]


def same(theirs, ours):
    """Whether two statements' texts agree, up to float32's rounding."""
    return same_text(theirs, ours) or only_rounded(theirs, ours)


def main():
    """How many of the documented objects whose examples run in torch print the same here; and the names of the others."""
    lib, counts = load(), Counter()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for example in examples().values():
            found = pairs(example, lib)
            if all(text.startswith("NameError: ") for _, text, _ in found):
                continue
            agree = all(same(*texts) for _, *texts in found)
            counts.update(run=1, statements=len(found), same=agree, letter=all(a == b for _, a, b in found))
            if not agree:
                print(example.name)
    print("Of {run} documented objects whose examples run in torch ({statements} statements), {same} print the same in "
          "minigrad, {letter} of them to the letter.".format(**counts))  # fmt: skip


if __name__ == "__main__":
    main()
