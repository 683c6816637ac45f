"""The methods, operators and attributes of Tensor; importing this package attaches them.

table.py says which op each one is; those that are no op are functions of the other files.
"""

from . import applying as applying
from . import conversion as conversion
from . import facts as facts
from . import layout as layout
from . import making as making
from . import table as table
from . import values as values
from .facts import strided as strided
from .layout import resize_as_ as resize_as_
from .table import IN_PLACE as IN_PLACE
