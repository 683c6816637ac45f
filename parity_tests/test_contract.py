"""Every backend present keeps the contract, method by method."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import minigrad
from minigrad.backends import Backend, backend_for, backend_of, host, known_device_types
from minigrad.backends.contract import Backend as Contract


def present():
    """The device types whose library is here, with their backends."""
    found = {}
    for name in ("cpu", "strict", "torch", "cuda"):
        try:
            found[name] = host if name == "cpu" else backend_for(name, 0)
        except AssertionError as error:
            assert name == "cuda" and "not compiled with CUDA" in str(error)
    return found


PRESENT = present()
VALUES = {"float64": [[0.5, -1.0, 2.0], [3.0, 4.5, -6.0]], "float32": [[0.1, 2.0]], "int64": [1, -2, 3],
          "uint8": [0, 255], "bool": [True, False], "float16": [1.5, 2.0], "complex64": [1 + 2j]}  # fmt: skip
NAMES = [name for name, value in vars(Contract).items() if inspect.isfunction(value) and name[0] != "_"]


@pytest.fixture(params=PRESENT)
def xp(request):
    return PRESENT[request.param]


def on(xp, values, dtype="float64"):
    return xp.from_host(np.array(values, dtype))


@pytest.mark.parametrize("name", NAMES)
def test_every_method_says_what_it_does(name):
    assert inspect.getdoc(getattr(Contract, name))


@pytest.mark.parametrize("dtype", VALUES)
def test_to_and_from_the_host(xp, dtype):
    array = on(xp, VALUES[dtype], dtype)
    back = xp.to_host(array)
    assert type(back) is np.ndarray and back.dtype == dtype and back.tolist() == np.array(VALUES[dtype], dtype).tolist()
    ours = getattr(minigrad, dtype)
    assert xp.dtype_of(array) is ours and xp.dtype_of_native(array.dtype) is ours and backend_of(array) is xp
    assert array.dtype == xp.native(ours)


def test_bfloat16_is_refused_where_the_library_has_none(xp):
    with pytest.raises(TypeError, match="bfloat16"):
        xp.native(minigrad.bfloat16)


def test_cast_copies(xp):
    array = on(xp, VALUES["float64"])
    same, other = xp.cast(array, minigrad.float64), xp.cast(array, minigrad.int32)
    xp.write(same, 0)
    assert xp.to_host(array)[0, 0] == 0.5
    assert xp.dtype_of(other) is minigrad.int32 and xp.to_host(other).tolist() == [[0, -1, 2], [3, 4, -6]]


def test_views_share_memory(xp):
    array = on(xp, np.arange(12.0).reshape(3, 4))
    view = array[1:, ::2]
    assert xp.strides(array) == (4, 1) and xp.strides(view) == (4, 2) and xp.storage_offset(view) == 4
    assert xp.address(view) - xp.address(array) == 4 * 8
    block = xp.storage(view)
    assert block.shape == (12,)
    again = xp.as_strided(block, (2, 2), (4, 2), 4)
    assert xp.to_host(again).tolist() == xp.to_host(view).tolist() == [[4, 6], [8, 10]]
    xp.write(again, on(xp, [1.0, 2.0]))
    assert xp.to_host(array)[1:, ::2].tolist() == [[1, 2], [1, 2]]
    for look in (again, again[1:], xp.as_strided(xp.storage(again), (2,), (3,), 5)):  # whose memory it is stays known
        assert xp.storage(look).shape == (12,) and xp.address(xp.storage(look)) == xp.address(array)
        assert xp.storage_offset(look) == (xp.address(look) - xp.address(array)) // 8 and not xp.is_fresh(look)


def test_from_device_keeps_the_order_in_memory(xp):
    for there in PRESENT.values():
        array = on(there, np.arange(24.0).reshape(2, 3, 4))
        for x in (array, there.transpose(array, (2, 0, 1)), array[:, 1:], there.broadcast_to(array, (2, 2, 3, 4))):
            copy = xp.from_device(x)
            assert xp.strides(copy) == there.strides(there.dense_copy(x)) and type(copy) in xp.array_types
            assert xp.to_host(copy).tolist() == there.to_host(x).tolist() and xp.address(copy) != there.address(x)


def test_dense_copy_keeps_the_order_in_memory(xp):
    array = xp.transpose(on(xp, np.arange(6.0).reshape(2, 3)), (1, 0))
    copy = xp.dense_copy(array)
    assert xp.strides(copy) == xp.strides(array) == (1, 3) and xp.address(copy) != xp.address(array)


def test_write_broadcasts_and_casts(xp):
    target = on(xp, np.zeros((2, 2)), "float32")
    xp.write(target, on(xp, [1, 2], "int64"))
    assert xp.to_host(target).tolist() == [[1, 2], [1, 2]]
    xp.write(target, 7)
    assert xp.to_host(target).tolist() == [[7, 7], [7, 7]]


def test_scatters_count_an_index_as_often_as_it_occurs(xp):
    target, index = on(xp, [1.0, 1.0, 1.0]), on(xp, [0, 2, 0], "int64")
    xp.scatter_add(target, (index,), on(xp, [1.0, 2.0, 3.0]))
    assert xp.to_host(target).tolist() == [5, 1, 3]
    for reduce, expected in {"sum": [3, 7], "prod": [0, 0], "amax": [3, 5], "amin": [0, 0]}.items():
        target = on(xp, [0.0, 0.0])
        xp.reduce_at(reduce, target, (on(xp, [0, 1, 1], "int64"),), on(xp, [3.0, 2.0, 5.0]))
        assert xp.to_host(target).tolist() == expected, reduce


def test_masked_forgets_nan(xp):
    array, mask = on(xp, [1.0, np.nan, np.inf]), on(xp, [True, False, False], "bool")
    assert xp.to_host(xp.masked(array, mask)).tolist() == [1, 0, 0]


def test_reductions_become_arrays(xp):
    total = xp.as_array(xp.sum(on(xp, [1.0, 2.0])))
    assert total.shape == () and total.item() == 3 and backend_of(total) is xp
    assert isinstance(xp.is_fresh(total), bool)


def test_streams_repeat(xp):
    stream, draws = xp.stream(), []
    for _ in range(2):
        stream.seed(3)
        out = on(xp, np.zeros(4), "float32")
        stream.normal_(out)
        draws.append(xp.to_host(out).tolist())
    assert draws[0] == draws[1] and len(set(draws[0])) == 4


def test_synchronize(xp):
    assert isinstance(xp, Backend) and xp.synchronize() is None


def test_ops_ask_for_nothing_else():
    """Every name that the package asks of a backend is the contract's or NumPy's."""
    asking = re.compile(r"(?:\bxp|\.backend|\bbackend_of\([^()]*(?:\([^()]*\))?\))\.(\w+)")
    package = Path(minigrad.__file__).parent
    texts = [path.read_text() for path in package.rglob("*.py") if path.relative_to(package).parts[0] != "backends"]
    asked = {name for text in texts for name in asking.findall(text)}
    assert len(asked) > 100 and {name for name in asked if not hasattr(Contract, name) and not hasattr(np, name)} == set()


def test_the_readme_has_a_row_for_each():
    rows = re.findall(r"^\| `(\w+)` \|", (Path(__file__).parent.parent / "README.md").read_text(), re.M)
    assert set(known_device_types()) & {"cpu", "torch", "strict", "cuda"} == set(rows)
