"""Python's cycle collector, held back while a schema or a catalog is read or compared.

Trees and catalogs are many small objects that all stay alive: the collector finds nothing among them, and looking
at them again and again while their number grows made a large schema three times as slow and its time more than linear.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No cycle collection within; as it was before behind. May be nested."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
