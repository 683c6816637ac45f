"""The examples in torch's own documentation, each run as one program in both libraries: what one prints, the other prints.

How they are found and compared: docstrings.py.  The objects in docstring_deviations.py are known to differ; the list is
strict: an object that agrees must leave it.
"""

import pytest

from parity_tests.docstring_deviations import KNOWN
from parity_tests.docstrings import examples, pairs, same

EXAMPLES = examples()
REASONS = {name: reason for reason, names in KNOWN.items() for name in names.split()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name, lib, backend, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrong = [pair for pair in pairs(EXAMPLES[name], lib) if not same(*pair[1:])]
    if name in REASONS:
        assert wrong or backend, f"{name} agrees now: take it off the list of docstring_deviations.py"
    else:
        assert not wrong, "\n".join(f">>> {source}\nexpected (torch) {a}\ngot (minigrad) {b}" for source, a, b in wrong)


def test_list_names_examples():
    assert set(REASONS) <= set(EXAMPLES) and len(REASONS) == sum(len(names.split()) for names in KNOWN.values())
