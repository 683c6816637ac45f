"""torch.func.rearrange: patterns, each with what becomes of a tensor of three dimensions, or what is refused."""

import pytest

from parity_tests.same import check

PATTERNS = """
a b c -> c (a b)|a b c -> a b c|... c -> c ...|a ... -> ... a|a ... c -> a (... c)|a b c -> a 1 b () c|a b c -> a b
a b c -> a b c d|a b -> b a|a b c d -> d c b a|a b c|a b c -> a -> b|(a q) (b p) c -> a q b p c|a a c -> a c
a (b (c)) d -> a b c d|a b c) -> a b c|(a b c -> a b c|a b. c -> a b c|a b c -> a ... b c|(a ...) b -> a b ...
a 2 c -> a c|a b! c -> a b c|a _b c -> a _b c|a 3b c -> a 3b c|1 a b c -> a b c|a b () -> a b
... a b c d -> d ... a b c|... ... -> ...|a b c->(c b) a
"""  # fmt: skip
WITH_LENGTHS = [("(q a) b c -> q (a b) c", {"q": 2}), ("a (b p) c -> (a b) p c", {"p": 3}), ("a b c -> c b a", {"d": 2}),
                ("a (b p) c -> (a b) p c", {"b": 1, "p": 3}), ("a b c -> c b a", {"a": 2.5}), ("a b c -> c b a", {"a": 3}),
                ("a (b p) c -> b p a c", {"p": 2}), ("a (b p) c -> b p a c", {"b": 2, "p": 2})]  # fmt: skip


@pytest.mark.parametrize("pattern, lengths", [(one.strip(), {}) for one in PATTERNS.replace("\n", "|").strip("|").split("|")]
                         + WITH_LENGTHS)  # fmt: skip
def test_pattern(lib, pattern, lengths):
    check(lambda lib: lib.func.rearrange(lib.arange(24.0).reshape(2, 3, 4), pattern, **lengths), lib)


def test_several(lib):
    check(lambda lib: lib.func.rearrange([lib.ones(2, 3), lib.zeros(2, 3)], "n a b -> a (n b)"), lib)


def test_gradient(lib):
    def program(lib):
        x = lib.arange(6.0).reshape(2, 3).requires_grad_()
        (lib.func.rearrange(x, "a b -> (b a)") * lib.arange(6.0)).sum().backward()
        return x.grad

    check(program, lib)
