"""Declaring a behaviour: a program of a library and of `show`, which prints what it sees."""

PROGRAMS = {}


def behaviour(program):
    """Add a program `program(lib, show)` to the list."""
    PROGRAMS[program.__name__] = program
    return program


def leaf(lib, *values):
    """A leaf that requires grad."""
    return lib.tensor(values or (1.0, 2.0, 3.0), requires_grad=True)
