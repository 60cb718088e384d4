"""Generated packages in a process that goes on without them."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test imported of generated code is gone after it."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("generated_"):
            del sys.modules[name]
