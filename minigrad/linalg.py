"""torch.linalg: names gathered from ops/, nothing defined."""

from .ops.decomposition import cholesky_ex, lu_factor, lu_factor_ex
from .ops.decomposition import linalg_cholesky as cholesky
from .ops.decomposition import linalg_lu as lu
from .ops.linalg import matmul
from .ops.matrices import LinAlgError
from .ops.matrix_functions import linalg_vander as vander
from .ops.matrix_functions import matrix_exp
from .ops.norms import cond, matrix_norm
from .ops.norms import linalg_norm as norm
from .ops.orthogonal import householder_product
from .ops.orthogonal import linalg_qr as qr
from .ops.products import linalg_cross as cross
from .ops.products import linalg_diagonal as diagonal
from .ops.products import matrix_power, multi_dot, vecdot
from .ops.reduction import vector_norm
from .ops.solving import (
    det,
    inv,
    inv_ex,
    lstsq,
    slogdet,
    solve,
    solve_ex,
    tensorinv,
    tensorsolve,
)  # fmt: skip
from .ops.solving import (
    linalg_lu_solve as lu_solve,
)
from .ops.spectral import (
    eig,
    eigh,
    eigvals,
    eigvalsh,
    matrix_rank,
    svdvals,
)  # fmt: skip
from .ops.spectral import (
    linalg_pinv as pinv,
)
from .ops.spectral import (
    linalg_svd as svd,
)
from .ops.symmetric import ldl_factor, ldl_factor_ex, ldl_solve
from .ops.triangular import solve_triangular
