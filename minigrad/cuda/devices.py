"""Which GPUs there are, what they are, and which one "cuda" means."""

from ..backends import AcceleratorError as AcceleratorError
from ..backends import OutOfMemoryError as OutOfMemoryError
from ..backends import runtime
from ..device import device as as_device


def available():
    """The module that speaks for the GPUs, or None."""
    try:
        return runtime()
    except AssertionError:
        return None


def is_available():
    """Whether there is a GPU that minigrad can compute on"""
    return device_count() > 0


def device_count():
    """How many GPUs there are"""
    gpu = available()
    return gpu.device_count() if gpu else 0


def init():
    """Make the GPUs ready.  Raises AssertionError where there is none."""
    runtime()


def is_initialized():
    """Whether the GPUs are ready"""
    return available() is not None


def number_of(device, optional=True):
    """The index of a GPU given as a number, string or device; None: the current one.  Raises ValueError."""
    if isinstance(device, int) and not isinstance(device, bool):
        return device
    if device is None and optional:
        return current_device()
    where = as_device(device) if isinstance(device, str) else device
    if not isinstance(where, as_device):
        raise ValueError(f"Expected a torch.device with a specified index or an integer, but got:{device}")
    if where.type != "cuda":
        raise ValueError(f"Expected a cuda device, but got: {where}")
    if where.index is None and not optional:
        raise ValueError(f"Expected a torch.device with a specified index or an integer, but got:{where}")
    return current_device() if where.index is None else where.index


def current_device():
    """The index of the GPU that "cuda" means.  Raises AssertionError where there is none."""
    return runtime().current_device()


def set_device(device):
    """Let "cuda" mean this GPU"""
    number = number_of(device, optional=False)
    if number >= 0:
        runtime().set_device(number)


class device:
    """`with device(1)`: "cuda" means that GPU for a block"""

    def __init__(self, device):
        self.number, self.previous = number_of(device), -1

    def __enter__(self):
        if self.number >= 0:
            if available() is None:
                raise RuntimeError("PyTorch was compiled without CUDA support")
            self.previous = current_device()
            set_device(self.number)

    def __exit__(self, *exc):
        if self.number >= 0:
            set_device(self.previous)


class device_of(device):
    """`with device_of(tensor)`: the GPU that a tensor is on"""

    def __init__(self, tensor):
        super().__init__(tensor.device.index if tensor.is_cuda else -1)


def get_device_name(device=None):
    """The name of a GPU"""
    return get_device_properties(device).name


def get_device_capability(device=None):
    """A GPU's compute capability, as (major, minor)"""
    found = get_device_properties(device)
    return found.major, found.minor


def get_device_properties(device=None):
    """What is known of a GPU: name, major, minor, total_memory, multi_processor_count"""
    gpu = runtime()
    number = number_of(device)
    if not 0 <= number < gpu.device_count():
        raise AssertionError("Invalid device id")
    return gpu.properties(number)


def can_device_access_peer(device, peer_device):
    """Whether one GPU can read another's memory directly"""
    return runtime().can_access_peer(number_of(device), number_of(peer_device))


def synchronize(device=None):
    """Wait until a GPU has computed everything that was queued"""
    gpu = runtime()
    gpu.synchronize(number_of(device))


def is_bf16_supported(including_emulation=True):
    """Whether tensors of bfloat16 can be computed with: not through CuPy"""
    return False


def is_tf32_supported():
    """Whether matrix products may be rounded to TF32: minigrad never does"""
    return False


def get_arch_list():
    """The architectures that kernels were compiled for: none, they are compiled when first used"""
    return []


def get_gencode_flags():
    """The compiler flags of get_arch_list: none"""
    return ""


def ipc_collect():
    """Nothing is shared between processes.  Raises AssertionError without a GPU."""
    runtime()


# ---- what programs ask now and then ---------------------------------------------------------------------------------

SYNC_MODES = {"default": 0, "warn": 1, "error": 2}


def set_sync_debug_mode(debug_mode):
    """Let what makes the host wait for a value pass (0 or "default"), warn (1, "warn") or raise (2, "error")"""
    gpu = runtime()
    if isinstance(debug_mode, str):
        if debug_mode not in SYNC_MODES:
            raise RuntimeError("invalid value of debug_mode, expected one of `default`, `warn`, `error`")
        debug_mode = SYNC_MODES[debug_mode]
    gpu.waiting = debug_mode


def get_sync_debug_mode():
    """What is done before the host waits for a value"""
    gpu = runtime()
    return gpu.waiting


def is_current_stream_capturing():
    """Whether work is recorded instead of done: never.  Raises RuntimeError without a GPU."""
    if available() is None:
        raise RuntimeError("Tried to instantiate dummy base class _cuda_isCurrentStreamCapturing")
    return False


class DeferredCudaCallError(Exception):
    """What failed when the GPUs were made ready.  Never raised here: nothing is put off."""

    __module__ = "torch.cuda"


class cudaStatus:
    """Codes of the CUDA runtime"""

    __module__ = "torch.cuda"
    SUCCESS, ERROR_NOT_READY = 0, 34
