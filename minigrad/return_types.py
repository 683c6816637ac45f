"""The named results of ops with several outputs, such as torch.max(x, dim): tuples whose items have names."""

from collections import namedtuple

__all__ = []


class _Printed:
    """Prints itself as torch's named results do: one field a line."""

    __slots__ = ()

    def __repr__(self):
        fields = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"torch.return_types.{type(self).__name__}(\n" + ",\n".join(fields) + ")"


def _declare(name, *fields):
    class_ = type(name, (_Printed, namedtuple(name, fields)), {"__slots__": (), "__module__": "torch.return_types"})
    make = lambda cls, items: tuple.__new__(cls, items)
    class_.__new__ = make
    globals()[name] = class_
    __all__.append(name)


for _name in ("max", "min", "median", "nanmedian", "mode", "sort", "topk", "kthvalue", "cummax", "cummin"):
    _declare(_name, "values", "indices")
for _name in ("max_out", "min_out", "median_out", "nanmedian_out", "mode_out", "sort_out", "topk_out",
              "kthvalue_out", "cummax_out", "cummin_out"):  # fmt: skip
    _declare(_name, "values", "indices")
_declare("aminmax", "min", "max")
_declare("aminmax_out", "min", "max")
_declare("frexp", "mantissa", "exponent")
_declare("frexp_out", "mantissa", "exponent")

for _name, *_fields in (
    ("triangular_solve", "solution", "cloned_coefficient"), ("linalg_slogdet", "sign", "logabsdet"),
    ("linalg_inv_ex", "inverse", "info"), ("linalg_solve_ex", "result", "info"), ("linalg_cholesky_ex", "L", "info"),
    ("linalg_lu", "P", "L", "U"), ("linalg_lu_factor", "LU", "pivots"), ("linalg_lu_factor_ex", "LU", "pivots", "info"),
    ("lu_unpack", "P", "L", "U"), ("linalg_qr", "Q", "R"), ("qr", "Q", "R"), ("geqrf", "a", "tau"),
    ("linalg_svd", "U", "S", "Vh"), ("svd", "U", "S", "V"), ("linalg_eigh", "eigenvalues", "eigenvectors"),
    ("linalg_eig", "eigenvalues", "eigenvectors"),
    ("linalg_lstsq", "solution", "residuals", "rank", "singular_values"), ("linalg_ldl_factor", "LD", "pivots"),
    ("linalg_ldl_factor_ex", "LD", "pivots", "info"), ("slogdet", "sign", "logabsdet"), ("histogram", "hist", "bin_edges"),
    ("histogramdd", "hist", "bin_edges"),
):  # fmt: skip
    _declare(_name, *_fields)
    _declare(_name + "_out", *_fields)
