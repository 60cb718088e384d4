"""Ids: their shapes, their order, and that no two are equal."""

import os
import re
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pgready import orm

SHAPES: dict[str, tuple[Callable[[], Any], str]] = {
    "cuid": (orm.cuid, r"c[0-9a-z]{24}"),
    "cuid2": (orm.cuid2, r"[a-z][0-9a-z]{23}"),
    "ulid": (orm.ulid, r"[0-7][0-9A-HJKMNP-TV-Z]{25}"),
    "nanoid": (orm.nanoid, r"[A-Za-z0-9_-]{21}"),
    "nanoid of 7": (orm.nanoid_of(7), r"[A-Za-z0-9_-]{7}"),
    "uuid4": (orm.uuid4_text, r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "uuid7": (orm.uuid7_text, r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name: str) -> None:
    """Ids look as Prisma's do, from threads too, and none comes twice."""
    make, shape = SHAPES[name]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: make(), range(2000)))
    assert all(re.fullmatch(shape, each) for each in found)
    assert len(set(found)) == 2000


def test_nanoids_use_all_characters() -> None:
    """64 characters, all about as often as each other."""
    counts: dict[str, int] = {}
    for character in orm.nanoid(64_000):
        counts[character] = counts.get(character, 0) + 1
    assert len(counts) == 64
    assert all(800 < count < 1200 for count in counts.values())


def test_uuid7_never_steps_back() -> None:
    """UUIDs of version 7 grow, also within a millisecond, and tell the time."""
    before = time.time_ns() // 1_000_000
    found = [orm.uuid7() for _ in range(20_000)]
    after = time.time_ns() // 1_000_000
    assert found == sorted(found)
    assert len(set(found)) == len(found)
    assert all(each.version == 7 and each.variant == uuid.RFC_4122 for each in found)
    assert before <= found[0].int >> 80 <= found[-1].int >> 80 <= after + 1


def test_uuid7_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is set back, or a counter that is full, makes no smaller ones."""
    from pgready.orm import ids

    make = ids._Sevens()
    first = make()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 0)
    second = make()
    assert second > first
    make._counter = 2**42 - 1
    third = make()
    assert third > second
    assert third.int >> 80 == (second.int >> 80) + 1


def test_cuid_tells_time_and_process() -> None:
    """A cuid begins with its milliseconds and holds a mark of the process, also after a fork."""
    before = time.time_ns() // 1_000_000
    found = orm.cuid()
    assert before <= int(found[1:9], 36) <= time.time_ns() // 1_000_000
    assert int(found[13:15], 36) == os.getpid() % 36**2
