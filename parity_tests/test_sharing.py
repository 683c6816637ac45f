"""Memory that tensors share with buffers, arrays and files, and the storages behind them."""

import numpy as np

from parity_tests.twofold import cases, check


def buffers(lib):
    """torch.frombuffer: what it reads, and what it refuses"""
    buffer = bytearray(range(1, 9))
    for kind in (lib.int16, lib.int32, lib.float32, lib.bool, lib.uint8):
        yield lambda: lib.frombuffer(buffer, dtype=kind)
    for options in ({"count": 2, "offset": 2}, {"offset": 2}, {"offset": 8}, {"offset": -1}, {"count": 9}, {"count": 0},
                    {"count": -2}, {"offset": 1, "count": 1}, {"requires_grad": True}):  # fmt: skip
        yield lambda: lib.frombuffer(buffer, dtype=lib.int32, **options)
    yield lambda: lib.frombuffer(buffer, dtype=lib.float32, requires_grad=True).requires_grad
    yield lambda: lib.frombuffer(bytearray(), dtype=lib.int32)
    yield lambda: lib.frombuffer(3, dtype=lib.int32)
    lib.frombuffer(buffer, dtype=lib.uint8)[0] = 9
    yield buffer


def dlpack(lib):
    """Memory shared with NumPy, another tensor, or through a capsule"""
    x = lib.arange(4)
    capsule = lib.utils.dlpack.to_dlpack(x)
    shared = lib.from_dlpack(capsule), lib.from_dlpack(x), np.from_dlpack(x)
    x[0] = 7
    shared[0][1] = 8
    yield shared
    array = np.arange(3.0)
    lib.from_dlpack(array)[0] = 5
    yield array
    yield x.__dlpack_device__()
    yield lambda: lib.from_dlpack(lib.from_dlpack(x, copy=True)) is x
    yield lambda: lib.from_dlpack(3)
    yield lambda: lib.from_dlpack(lib.ones(2, requires_grad=True))


def storages(lib):
    """What lies behind a tensor, as elements and as bytes"""
    x = lib.tensor([1, 2])
    for storage in (x.untyped_storage(), lib.UntypedStorage(2).fill_(3), lib.UntypedStorage([1, 2]),
                    lib.TypedStorage([1, 2], dtype=lib.int64), lib.TypedStorage([1.5])):  # fmt: skip
        yield storage
        yield storage.size(), storage.nbytes(), lib.is_storage(storage)
    yield lib.is_storage(x), lib.is_storage([1])


def legacy_defaults(lib):
    """torch.set_default_tensor_type, and what it refuses"""
    for t in (lib.DoubleTensor, "torch.HalfTensor", lib.IntTensor, "torch.FooTensor", "FloatTensor", int, lib.FloatTensor):
        yield lambda: lib.set_default_tensor_type(t)
        yield lib.get_default_dtype(), lib.tensor(1.5)


def memory_order(lib):
    """Tensor.dim_order where it is not the only one"""
    images, row = lib.ones(1, 2, 3, 4), lib.ones(2, 3)
    for x in (images, lib.ones(2, 2, 3, 4), lib.ones(2, 3, 1, 1), row, row.expand(4, 2, 3), row.t(), lib.ones(2, 0, 3)):
        for asked in (False, True, [lib.contiguous_format, lib.channels_last] if x.dim() == 4 else [lib.contiguous_format]):
            yield lambda: x.dim_order(ambiguity_check=asked)
    for asked in ("ILLEGAL", [3], 3):
        yield lambda: images.dim_order(ambiguity_check=asked)


def as_array(lib):
    """asarray with and without requires_grad"""
    x = lib.ones(2, requires_grad=True)
    for source in (x, x + 2, lib.ones(2)):
        for wanted in (None, False, True):
            yield lambda: lib.asarray(source, requires_grad=wanted)
            yield lambda: lib.asarray(source, requires_grad=wanted, dtype=lib.float64)
            yield lambda: lib.asarray(source, requires_grad=wanted, copy=True)


def pairs(lib):
    """fold and unfold, given what is no pair of numbers"""
    unfold, fold, image, columns = lib.nn.functional.unfold, lib.nn.functional.fold, lib.ones(1, 1, 3, 3), lib.ones(1, 4, 4)
    for size in (..., "a", (2, "a"), None, 2):
        yield lambda: unfold(image, size)
        yield lambda: fold(columns, (3, 3), size)
        yield lambda: fold(columns, size, 2)
    yield lambda: unfold(image, 2, dilation=...)
    yield lambda: unfold(image, 2, padding=1.5)


def gradients_of_convolutions(lib):
    """torch.nn.grad, whose results are those of a backward pass"""
    functional = lib.nn.functional
    for n in (1, 2, 3):
        x, w = lib.randn(2, 4, *(7, 6, 5)[:n]).double(), lib.randn(6, 2, *(3, 2, 2)[:n]).double()
        options = {"stride": 2, "padding": 1, "dilation": 1, "groups": 2}
        g = lib.randn(getattr(functional, f"conv{n}d")(x, w, **options).shape).double()
        yield getattr(functional.grad, f"conv{n}d_input")(x.shape, w, g, **options)
        yield getattr(lib.nn.grad, f"conv{n}d_weight")(x, w.shape, g, **options)


def numbers_to_try(lib):
    """torch.testing.make_tensor, and assert_close of NumPy's arrays"""
    make = lib.testing.make_tensor
    for kind in (lib.float32, lib.float64, lib.int64, lib.uint8, lib.bool):
        for options in ({}, {"low": -1, "high": 1}, {"low": 2, "high": 1}, {"low": 1e30, "high": 1e31},
                        {"exclude_zero": True}, {"low": float("nan")}, {"noncontiguous": True}, {"requires_grad": True},
                        {"low": 3, "high": 3}):  # fmt: skip
            yield lambda: make((2, 3), dtype=kind, device="cpu", **options)
            yield lambda: make(2, 3, dtype=kind, device="cpu", **options).stride()
    yield lambda: make(2, dtype=lib.float32, device="cpu", noncontiguous=True, memory_format=lib.channels_last)
    close = lib.testing.assert_close
    yield lambda: close(np.ones(2), np.ones(2))
    yield lambda: close(np.ones(2), np.zeros(2))
    yield lambda: close([np.ones(2)], [np.array([1.0, 1.5])])
    yield lambda: close(np.ones(2), np.ones(2, np.float32))


@cases(globals())
def test_sharing(program, lib):
    check(program, lib)
