"""torch.linalg: names gathered from ops/, nothing defined."""

from .ops.decomposition import cholesky_ex, linalg_cholesky as cholesky, linalg_lu as lu, lu_factor, lu_factor_ex
from .ops.linalg import matmul
from .ops.matrices import LinAlgError
from .ops.matrix_functions import linalg_vander as vander, matrix_exp
from .ops.norms import cond, linalg_norm as norm, matrix_norm
from .ops.orthogonal import householder_product, linalg_qr as qr
from .ops.products import linalg_cross as cross, linalg_diagonal as diagonal, matrix_power, multi_dot, vecdot
from .ops.reduction import vector_norm
from .ops.solving import (
    det, inv, inv_ex, linalg_lu_solve as lu_solve, lstsq, slogdet, solve, solve_ex, tensorinv, tensorsolve,
)  # fmt: skip
from .ops.spectral import (
    eig, eigh, eigvals, eigvalsh, linalg_pinv as pinv, linalg_svd as svd, matrix_rank, svdvals,
)  # fmt: skip
from .ops.triangular import solve_triangular
