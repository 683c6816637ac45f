"""torch.func: names gathered, nothing defined."""

from .functionalize import debug_unwrap as debug_unwrap
from .functionalize import functionalize as functionalize
from .module import functional_call as functional_call
from .module import replace_all_batch_norm_modules_ as replace_all_batch_norm_modules_
from .module import stack_module_state as stack_module_state
from .rearrange import rearrange as rearrange
from .transforms import grad as grad
from .transforms import grad_and_value as grad_and_value
from .transforms import hessian as hessian
from .transforms import jacfwd as jacfwd
from .transforms import jacrev as jacrev
from .transforms import jvp as jvp
from .transforms import linearize as linearize
from .transforms import vjp as vjp
from .vmap import vmap as vmap
