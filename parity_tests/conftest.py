"""Options of the suite, and the sealed global state each test starts from."""

import pytest

from parity_tests import libs


def pytest_addoption(parser):
    parser.addoption("--lib", default="minigrad", help="the library under test (torch: the suite against itself)")
    parser.addoption("--backend", default=None, help="the backend it computes with")
    parser.addoption("--full", action="store_true", help="run the documents' training loops to their full length")


@pytest.fixture(scope="session")
def lib(request):
    return libs.load(request.config.getoption("--lib"), request.config.getoption("--backend"))


@pytest.fixture(scope="session")
def backend(request):
    return request.config.getoption("--backend")


@pytest.fixture(scope="session")
def full(request):
    return request.config.getoption("--full")


@pytest.fixture(autouse=True)
def sealed(lib):
    """No test sees another's default dtype, grad mode, seed or print options."""
    for one in (libs.REFERENCE, lib):
        libs.seal(one)
    yield
