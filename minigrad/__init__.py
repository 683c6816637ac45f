"""minigrad: a minimal autograd engine that behaves like PyTorch.  `import minigrad as torch` is the idea.

To see how it works, read in this order: tensor.py, ops/primitive.py, ops/pointwise.py, autograd/graph.py,
autograd/engine.py, autograd/inplace.py.
"""

import math as _math
from math import e as e
from math import pi as pi

from . import autograd as autograd
from . import linalg as linalg
from . import methods as _methods
from . import special as special
from .autograd.anomaly_mode import is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled
from .autograd.anomaly_mode import is_anomaly_enabled as is_anomaly_enabled
from .autograd.attributes import is_inference as is_inference
from .autograd.modes import enable_grad as enable_grad
from .autograd.modes import inference_mode as inference_mode
from .autograd.modes import is_grad_enabled as is_grad_enabled
from .autograd.modes import is_inference_mode_enabled as is_inference_mode_enabled
from .autograd.modes import no_grad as no_grad
from .autograd.modes import set_grad_enabled as set_grad_enabled
from .device import device as device
from .device import get_default_device as get_default_device
from .device import set_default_device as set_default_device
from .dtypes import bfloat16 as bfloat16
from .dtypes import bool_ as bool
from .dtypes import complex64 as complex64
from .dtypes import complex128 as complex128
from .dtypes import dtype as dtype
from .dtypes import finfo as finfo
from .dtypes import float16 as float16
from .dtypes import float32 as float32
from .dtypes import float64 as float64
from .dtypes import get_default_dtype as get_default_dtype
from .dtypes import iinfo as iinfo
from .dtypes import int8 as int8
from .dtypes import int16 as int16
from .dtypes import int32 as int32
from .dtypes import int64 as int64
from .dtypes import promote_types as promote_types
from .dtypes import set_default_dtype as set_default_dtype
from .dtypes import uint8 as uint8
from .memory_format import channels_last as channels_last
from .memory_format import channels_last_3d as channels_last_3d
from .memory_format import contiguous_format as contiguous_format
from .memory_format import memory_format as memory_format
from .memory_format import preserve_format as preserve_format
from .methods import strided as strided
from .namespace import *
from .once import is_warn_always_enabled as is_warn_always_enabled
from .once import set_warn_always as set_warn_always
from .ops.promotion import result_type as result_type
from .printing import set_printoptions as set_printoptions
from .random import Generator as Generator
from .random import default_generator as default_generator
from .random import fork_rng as fork_rng
from .random import get_rng_state as get_rng_state
from .random import initial_seed as initial_seed
from .random import manual_seed as manual_seed
from .random import seed as seed
from .random import set_rng_state as set_rng_state
from .random import thread_safe_generator as thread_safe_generator
from .size import Size as Size
from .storage import TypedStorage as TypedStorage
from .storage import UntypedStorage as UntypedStorage
from .storage import is_storage as is_storage
from .switches import are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled
from .switches import get_float32_matmul_precision as get_float32_matmul_precision
from .switches import get_num_interop_threads as get_num_interop_threads
from .switches import get_num_threads as get_num_threads
from .switches import is_deterministic_algorithms_warn_only_enabled as is_deterministic_algorithms_warn_only_enabled
from .switches import set_float32_matmul_precision as set_float32_matmul_precision
from .switches import set_flush_denormal as set_flush_denormal
from .switches import set_num_interop_threads as set_num_interop_threads
from .switches import set_num_threads as set_num_threads
from .switches import use_deterministic_algorithms as use_deterministic_algorithms
from .tensor import Tensor as Tensor

from . import cuda as cuda, nn as nn, optim as optim, utils as utils  # isort: skip  (they use the names above)
from . import func as func  # isort: skip
from .func import vmap as vmap  # isort: skip
from . import signal as signal  # isort: skip
from .nn.utils import stateless as _stateless  # isort: skip
from . import accelerator as accelerator, amp as amp, compiler as compiler, jit as jit, random as random  # isort: skip
from . import distributions as distributions, serialization as serialization, testing as testing, version as version  # isort: skip
from .amp.autocast import autocast as autocast, is_autocast_enabled as is_autocast_enabled  # isort: skip
from .compiler import compile as compile  # isort: skip
from .cuda import AcceleratorError as AcceleratorError, OutOfMemoryError as OutOfMemoryError  # isort: skip
from .cuda import amp as _cuda_amp  # isort: skip
from .nn.modules.typename import typename as typename  # isort: skip
from . import profiler as profiler  # isort: skip
from .serialization import load as load, save as save  # isort: skip

half, double, short, int, long = float16, float64, int16, int32, int64
float = float32
inf, nan = _math.inf, _math.nan
__version__ = version.__version__
