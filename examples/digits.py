"""Handwritten digits as 32x32 pictures: scikit-learn's small set, or MNIST from its own files."""

import gzip
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Digits(NamedTuple):
    """Pictures (n, 1, 32, 32) in float32, standardized by the training set; labels (n,) in int64."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray

    def in_double(self):
        return self._replace(train_images=self.train_images.astype(float), test_images=self.test_images.astype(float))


def small_digits(seed):
    """scikit-learn's 1797 digits of 8x8 pixels, a fifth of them, chosen by `seed`, held out."""
    from sklearn.datasets import load_digits  # heavy, and not needed for MNIST

    source = load_digits()
    order = np.random.default_rng(seed).permutation(len(source.target))
    test, train = np.split(order, [len(order) // 5])
    return prepare(source.images[train], source.target[train], source.images[test], source.target[test])


def mnist(folder):
    """MNIST's four IDX files in `folder`, plain or .gz; FileNotFoundError or ValueError says which is amiss."""
    folder = Path(folder)
    return prepare(
        read_idx(find(folder, "train-images", "idx3-ubyte"), dimensions=3),
        read_idx(find(folder, "train-labels", "idx1-ubyte"), dimensions=1),
        read_idx(find(folder, "t10k-images", "idx3-ubyte"), dimensions=3),
        read_idx(find(folder, "t10k-labels", "idx1-ubyte"), dimensions=1),
    )


def prepare(train_images, train_labels, test_images, test_labels):
    train, test = resize(train_images), resize(test_images)
    mean, std = train.mean(), train.std()
    return Digits(
        ((train - mean) / std)[:, None],
        train_labels.astype(np.int64),
        ((test - mean) / std)[:, None],
        test_labels.astype(np.int64),
    )


def resize(images, size=32):
    """Bilinear interpolation, W @ image @ W.T: each new pixel is a weighted mean of its neighbours along each axis."""
    W = hat_weights(images.shape[-1], size)
    return W @ images.astype(np.float32) @ W.T


def hat_weights(old, new):
    """W[i, j] = max(0, 1 - |x_i - j|), where the centre of new pixel i lies at x_i in old pixels."""
    x = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    return np.maximum(0, 1 - abs(x[:, None] - np.arange(old))).astype(np.float32)


def find(folder, name, kind):
    """The file as MNIST's mirrors call it: name-kind or name.kind, with or without .gz."""
    for candidate in (f"{name}-{kind}", f"{name}.{kind}"):
        for suffix in ("", ".gz"):
            path = folder / (candidate + suffix)
            if path.is_file():
                return path
    raise FileNotFoundError(f"no {name}-{kind} (plain or .gz) in {folder}")


def read_idx(path, dimensions):
    """An IDX file of bytes: 0, 0, 8 (unsigned byte), rank, each size as a big-endian int32, then the values."""
    raw = (gzip.decompress if path.suffix == ".gz" else bytes)(path.read_bytes())
    if raw[:4] != bytes([0, 0, 8, dimensions]):
        raise ValueError(f"{path} is not an IDX file of unsigned bytes with {dimensions} dimension(s)")
    shape = struct.unpack_from(f">{dimensions}i", raw, 4)
    values = np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions)
    if values.size != np.prod(shape):
        raise ValueError(f"{path} promises {shape} values and holds {values.size}")
    return values.reshape(shape)
