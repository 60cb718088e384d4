"""Several waits for servers at once: libpq lets other threads run while it waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Thread
from typing import TypeVar, cast

_T = TypeVar("_T")


def at_once(work: Sequence[Callable[[], _T]]) -> Iterator[_T]:
    """What each returns, in order, or the first error in order; all begin when the first is asked for.

    The first is done here, the others by threads that do not outlive the process.
    """
    done: list[tuple[_T | None, BaseException | None]] = [(None, None)] * len(work)

    def do(at: int) -> None:
        try:
            done[at] = (work[at](), None)
        except BaseException as e:  # noqa: BLE001 - raised below, where it is waited for
            done[at] = (None, e)

    threads = [Thread(target=do, args=(at,), daemon=True) for at in range(1, len(work))]
    for thread in threads:
        thread.start()
    for at, one in enumerate(work):
        if at == 0:
            yield one()
            continue
        threads[at - 1].join()
        found, error = done[at]
        if error is not None:
            raise error
        yield cast("_T", found)
