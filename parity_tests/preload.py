"""What every process of a parallel run needs, loaded once before the processes split off."""

from parity_tests import opinfo, sources  # noqa: F401

opinfo.database()
