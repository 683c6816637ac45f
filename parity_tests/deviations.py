"""The known differences from torch, each with its reason. Strict: an entry whose check passes fails the run.

`case`, `dtype` and `check` are shell patterns, matched against "op/name", the dtype and the checker's name.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Deviation:
    case: str
    reason: str
    dtype: str = "*"
    check: str = "*"
    backend: str = "*"


DEVIATIONS = [
    Deviation("error/modules: sequential of a function", "torch's functions are methods of a C class, which it names"),
]


def deviation(case, dtype, check, backend=None):
    """The entry that covers a check, or None."""
    asked = (case, dtype, check, backend or "numpy")
    for entry in DEVIATIONS:
        if all(map(fnmatchcase, asked, (entry.case, entry.dtype, entry.check, entry.backend))):
            return entry
    return None
