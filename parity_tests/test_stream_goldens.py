"""Random numbers that torch 2.13 once drew, written down: they hold where torch is not installed.

Each line is a seed, a program, the first values, sixteen hex digits of the SHA-256 of all little-endian bytes, then
where the generator stands: its place in the block of 624 words, and whether half a pair of normals is left over.
"""

import hashlib

import numpy as np
import pytest

from minigrad.backends.mt19937 import MT19937


def filled(name, *args, shape, dtype="f4"):
    """The program `torch.empty(shape, dtype).name(*args)`."""

    def program(g):
        out = np.empty(shape, dtype)
        getattr(g, name)(out, *args)
        return out

    return program


def thrice(g):
    """randn(1, 5), randn_like of it, randn(1, 1): the second starts with the first one's leftover."""
    return np.concatenate([filled("normal_", shape=(1, n))(g) for n in (5, 5, 1)], axis=1)


def transposed(g):
    out = np.empty((3, 4), "f4")
    g.uniform_(out.T)
    return out.T


def column(g):
    out = np.empty((100, 2), "f4")
    g.normal_(out[:, 0], 0.3, 1.7)
    return out[:, 0]


def bernoulli_of_tensor(g):
    out = np.empty(10, "f4")
    g.bernoulli_from(out, np.full(10, 0.3, "f4"))
    return out


WEIGHTS = np.array([[0.1, 0.2, 0.3, 0.4]], "f4")
GOLDENS = [
    (0, filled("uniform_", shape=5), "0x1.fc2abp-2 0x1.89545ep-1 0x1.6a675p-4", "f76815414c7c7c2c", 5, 0),
    (-1, filled("uniform_", shape=3), "0x1.fcd346p-1 0x1.248244p-1 0x1.23d818p-1", "e378368fcf21f203", 3, 0),
    (7, filled("uniform_", shape=5, dtype="f8"), "0x1.1e15e7465c988p-2", "60eb01df0ecfb0ef", 10, 0),
    (7, thrice, "-0x1.2ca2e8p-3 0x1.92811cp-1 0x1.e4c5cep-1 -0x1.1d45a6p+0 0x1.b0d7ap+0 -0x1.ca26e2p-1",
     "dff34022de09440f", 24, 1),
    (42, filled("normal_", shape=3, dtype="f8"), "0x1.58c55b33d44ccp-2 0x1.07cd39b3d4b85p-3", "6145b1f20d011995", 8, 1),
    (42, filled("normal_", shape=16), "0x1.ed4a52p+0 0x1.7cbea6p+0 0x1.cd2acep-1", "fc34b516db1204ac", 16, 0),
    (42, filled("normal_", shape=17), "0x1.ed4a52p+0 -0x1.46db0ap-3 -0x1.fd55c8p-2", "2ae700cddb7c7bef", 33, 0),
    (42, filled("normal_", shape=1000), "0x1.ed4a52p+0 0x1.7cbea6p+0 0x1.cd2acep-1", "13b35fb427f5f8d7", 392, 0),
    (42, filled("normal_", shape=20, dtype="f8"), "0x1.32bee22ccb503p-2", "1f129ff4cafdd716", 72, 0),
    (42, filled("normal_", shape=20, dtype="f2"), "0x1.ed4p+0 0x1.7ccp+0 0x1.cd4p-1", "2f5ebf4d446d219d", 32, 0),
    (42, filled("normal_", 0.3, 1.7, shape=100), "0x1.c9b26p+1 0x1.6a0874p+1", "b49c0fd2e81e916f", 116, 0),
    (42, column, "0x1.bea7cp-1 0x1.09b738p-1 0x1.65ad12p-1", "c5320bebc352dbc9", 200, 0),
    (42, transposed, "0x1.c3b8ccp-1 0x1.8fd1a8p-2 0x1.e1acccp-1", "6d7a15aba8858b1e", 12, 0),
    (42, filled("uniform_", -0.3, 0.77, shape=1000), "0x1.49be0cp-1 0x1.5bacfcp-1", "28fdadcab82adcf1", 376, 0),
    (42, filled("uniform_", -0.3, 0.77, shape=1000, dtype="f8"), "-0x1.e6f66c0342b2p-3", "07a9b7331bfe5a27", 128, 0),
    (42, filled("random_", 0, 10, shape=10, dtype="i8"), "2 7 6 4 6 5 0 4 0 3", "3b3d3ef5890bec6f", 10, 0),
    (42, filled("random_", 0, 2**28 - 1, shape=5, dtype="i8"), "266460267 199900607", "9843a18a3c399752", 5, 0),
    (42, filled("random_", 0, 2**28, shape=5, dtype="i8"), "199900595 250975502", "a7a496ec04356671", 10, 0),
    (42, filled("random_", -5, 2**40, shape=5, dtype="i8"), "441476371554 395845085946", "b394dbf55f69825c", 10, 0),
    (42, filled("random_", shape=3, dtype="i8"), "6909045637428952499", "01a4b54a5fa089dd", 6, 0),
    (42, filled("random_", shape=3, dtype="i4"), "1608637542 1273642419 1935803228", "769c7911a1b5a8bc", 3, 0),
    (42, lambda g: g.randperm(10), "2 6 1 8 4 5 0 9 3 7", "fd6484606b698821", 9, 0),
    (42, lambda g: g.randperm(1000), "542 618 816 68", "ac5c22de20fc5d16", 375, 0),
    (42, filled("bernoulli_", 0.3, shape=10), "1 1 1 1 0 0 0 0 1 1", "b6c1d5b9d77b38cd", 20, 0),
    (42, bernoulli_of_tensor, "0 0 0 0 0 0 1 0 0 1", "b663270fb8653b9a", 10, 0),
    (42, filled("exponential_", 1.3, shape=5), "0x1.798cecp-5 0x1.997318p-5", "4391605bef2fdab0", 10, 0),
    (42, lambda g: g.multinomial(WEIGHTS, 8, True), "0 0 1 0 2 2 3 3", "538be9b9b2a10025", 16, 0),
    (42, lambda g: g.multinomial(WEIGHTS, 4), "3 1 2 0", "7fbe3d12115d6f0b", 8, 0),
    (42, lambda g: g.multinomial(WEIGHTS, 1, True), "3", "35be322d094f9d15", 8, 0),
]  # fmt: skip


@pytest.mark.parametrize("seed, program, first, sha, place, left_over", GOLDENS)
def test_golden(seed, program, first, sha, place, left_over):
    g = MT19937(seed)
    out = np.ascontiguousarray(program(g))
    expected = [float.fromhex(word) if "x" in word else int(word) for word in first.split()]
    assert out.reshape(-1)[: len(expected)].tolist() == expected
    assert hashlib.sha256(out.tobytes()).hexdigest()[:16] == sha
    state = g.get_state()
    assert int(state[16:24].view("<u8")[0]) == place
    assert int(state[5040:5044].view("<i4")[0]) == left_over


def test_a_million_of_each_from_one_seed():
    g = MT19937(1)
    programs = [filled("normal_", shape=10**6), filled("uniform_", shape=10**6)]
    digests = [hashlib.md5(program(g).tobytes()).hexdigest()[:8] for program in programs]
    assert digests == ["5c78a1e6", "4522290b"]
