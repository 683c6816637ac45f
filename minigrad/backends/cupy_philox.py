"""torch's CUDA generator on the GPU itself: a kernel of philox_source.py makes the numbers where they are needed.

Only randperm, multinomial, poisson, binomial and gamma bring numbers to the host, and what they give is copied back.
Not run on a GPU yet (see cupy.py).
"""

import cupy
import numpy

from .cupy_kernels import blocks_for, run
from .mt19937 import DEFAULT_SEED
from .philox import BLOCK, launch, real_of
from .philox_stream import Philox
from .streams import HostStream


class CuPyPhilox(Philox):
    """The generator of one GPU: the numbers of big arrays depend on how many threads that runs at once."""

    def __init__(self, backend, seed=DEFAULT_SEED):
        self.backend = backend
        found = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.runtime.getDevice() if backend.index is None else backend.index)
        blocks = found["multiProcessorCount"] * (found["maxThreadsPerMultiProcessor"] // BLOCK)
        super().__init__(seed, blocks * BLOCK)
        if backend.index is not None:
            for name in (name for name in dir(Philox) if name[0] != "_" and callable(getattr(self, name))):
                setattr(self, name, backend.here(getattr(self, name)))

    def clone(self):
        copy = CuPyPhilox(self.backend, self._seed)
        copy.offset = self.offset
        return copy

    def launched(self, name, out, threads, draws, *options):
        """`out`, a contiguous array, filled by a kernel; draws: how many of each thread's that takes."""
        seed = numpy.uint64(self._seed).view(numpy.int64)
        run(name, blocks_for(threads * draws), (out, out.size, seed, self.offset // 4, threads, *options))
        return out

    def spread_by(self, name, many, out, *options):
        threads, draws = launch(out.size, many, self.most_threads)
        self.launched(name, out, threads, draws, *options)
        self.advance(4 * draws)
        return out

    def draw_into(self, out, name, *parameters):
        letter, many = ("f", 4) if out.dtype == numpy.float32 else ("d", 2)
        return self.spread_by(f"random_{name}_{letter}", many, out, *map(float, (*parameters, 0, 0, 0)[:3]))

    def draw(self, name, n, real, *parameters):
        return self.draw_into(cupy.empty(n, real), name, *parameters)

    def fill(self, out, name, *parameters, then=None):
        """One launch where the array is what a kernel fills; else a copy of what it has filled."""
        if then is None and out.size and out.flags.c_contiguous and out.dtype == real_of(out):
            self.draw_into(out, name, *parameters)
        else:
            super().fill(out, name, *parameters, then=then)

    def words(self, n, wide):
        name, many = ("random_pairs_f", 2) if wide else ("random_words_f", 4)
        return self.spread_by(name, many, cupy.empty(n, numpy.int64)).view(numpy.uint64)

    def in_vectors(self, n, size, threads):
        draws = -(-n // (size * threads)) * max(size // 4, 1)
        return self.launched("random_vectors_f", cupy.empty(n, numpy.float32), threads, draws, size)

    def host(self, words):
        return HostStream(self.backend, super().host(words))

    def to_host(self, array):
        return self.backend.to_host(array)

    def address(self, array):
        return self.backend.address(array)
