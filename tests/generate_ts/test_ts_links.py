"""Links, defaults and ids, made by the generated Python models and by a real Prisma client, understood by the other."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from typescript import TypeScript

from fix_server import Database
from orm_drivers import DRIVERS, Driver

pytestmark = pytest.mark.prisma


@pytest.mark.parametrize("driver", DRIVERS)
def test_links_of_many_to_many(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], driver: str
) -> None:
    """Implicit many-to-many: what one side links, across schemas, the other finds from both ends, and unlinks."""
    typescript = make_typescript()
    python = Driver(everything, driver)
    theirs = typescript.ask(
        "post", "create", data={"title": "theirs", "tags": {"create": [{"name": "a"}, {"name": "b"}]}}
    )["id"]

    def link(session: Session) -> int:
        post = session.scalars(
            sa.select(models.Post).options(selectinload(models.Post.tags)).where(models.Post.id == theirs)
        ).one()
        assert sorted(tag.name for tag in post.tags) == ["a", "b"]
        tag = session.scalars(
            sa.select(models.Tag).options(selectinload(models.Tag.posts)).where(models.Tag.name == "a")
        ).one()
        assert [each.title for each in tag.posts] == ["theirs"]
        ours = models.Post(title="ours")
        ours.tags = [tag, models.Tag(name="c")]
        session.add(ours)
        session.flush()
        return int(ours.id)

    ours = python.ask(link)
    found = typescript.ask("post", "findUnique", where={"id": ours}, include={"tags": {"orderBy": {"name": "asc"}}})
    assert found["tags"] == [{"name": "a"}, {"name": "c"}]
    found = typescript.ask("tag", "findUnique", where={"name": "a"}, include={"posts": {"orderBy": {"id": "asc"}}})
    assert [each["id"] for each in found["posts"]] == [theirs, ours]
    typescript.ask("post", "update", where={"id": ours}, data={"tags": {"disconnect": [{"name": "a"}]}})

    def unlink(session: Session) -> None:
        post = session.get_one(models.Post, ours, options=[selectinload(models.Post.tags)])
        assert [tag.name for tag in post.tags] == ["c"]
        post.tags.clear()
        session.delete(session.get_one(models.Post, theirs))

    python.ask(unlink)
    found = typescript.ask("tag", "findMany", include={"posts": True}, orderBy={"name": "asc"})
    assert found == [{"name": name, "posts": []} for name in "abc"]


@pytest.mark.parametrize("driver", DRIVERS)
def test_links_to_itself(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], driver: str
) -> None:
    """A model linked to itself: who likes whom, and who answers whom, has the same direction on both sides."""
    typescript = make_typescript()
    python = Driver(everything, driver)
    root = typescript.ask("post", "create", data={"title": "root"})["id"]
    fan = typescript.ask(
        "post",
        "create",
        data={"title": "fan", "likes": {"connect": [{"id": root}]}, "parent": {"connect": {"id": root}}},
    )["id"]

    def work(session: Session) -> int:
        both = selectinload(models.Post.likes), selectinload(models.Post.liked_by), selectinload(models.Post.replies)
        liked, likes = session.scalars(sa.select(models.Post).options(*both).order_by(models.Post.id))
        assert ([each.id for each in liked.liked_by], liked.likes) == ([fan], [])
        assert ([each.id for each in likes.likes], likes.liked_by) == ([root], [])
        assert [each.id for each in liked.replies] == [fan]
        ours = models.Post(title="ours")
        ours.parent = likes
        ours.likes = [liked]
        ours.liked_by = [likes]
        session.add(ours)
        session.flush()
        return int(ours.id)

    ours = python.ask(work)
    found = typescript.ask(
        "post", "findUnique", where={"id": ours}, include={"likes": True, "likedBy": True, "parent": True}
    )
    assert [each["id"] for each in found["likes"]] == [root]
    assert [each["id"] for each in found["likedBy"]] == [fan]
    assert found["parent"]["id"] == fan
    typescript.ask("post", "delete", where={"id": fan})

    def orphaned(session: Session) -> None:
        assert session.get_one(models.Post, ours).parent_id is None

    python.ask(orphaned)


IDS = {
    "id": r"c[0-9a-z]{24}",
    "cuid2": r"[a-z][0-9a-z]{23}",
    "ulid": r"[0-7][0-9A-HJKMNP-TV-Z]{25}",
    "nano": r"[A-Za-z0-9_-]{21}",
    "nano9": r"[A-Za-z0-9_-]{9}",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "uuid7": r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "native": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "native7": r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "server": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
}


@pytest.mark.parametrize("driver", DRIVERS)
def test_ids_and_defaults(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], driver: str
) -> None:
    """Ids have the same shapes and sort together by their time, defaults the same values; each finds the other's rows."""
    typescript = make_typescript()
    python = Driver(everything, driver)
    rows = [typescript.ask("made", "create", data={})]

    def work(session: Session) -> tuple[str, datetime]:
        theirs = session.get_one(models.Made, rows[0]["id"])
        assert str(theirs.native) == rows[0]["native"]
        ours = models.Made()
        session.add(ours)
        session.flush()
        fields = [each.key for each in sa.inspect(models.Made).column_attrs]
        different = {*IDS, "number", "created_at", "created_tz", "updated_at"}
        for field in set(fields) - different:
            assert getattr(ours, field) == getattr(theirs, field), field
        assert ours.created_at == ours.created_tz == ours.updated_at
        assert isinstance(ours.native7, UUID)
        assert ours.number == theirs.number + 1
        assert (ours.price, ours.counter) == (Decimal("12.5"), 2**53 + 1)
        assert ours.payload == {"a": [1, None]}
        assert ours.moods == [models.Mood.GLAD, models.Mood.NIL]
        return ours.id, ours.updated_at

    ours, updated = python.ask(work)
    rows.append(typescript.ask("made", "findUnique", where={"id": ours}))
    rows.append(typescript.ask("made", "create", data={}))
    for row in rows:
        assert {field: bool(re.fullmatch(shape, row[field])) for field, shape in IDS.items()} == dict.fromkeys(
            IDS, True
        )
    for field in ("id", "ulid", "uuid7", "native7"):
        told = [row[field] for row in rows]
        assert told == sorted(told), field
    moments = [datetime.fromisoformat(row["createdAt"]["v"]) for row in rows]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] < timedelta(minutes=5)
    assert rows[1]["updatedAt"]["v"] == updated.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    same: set[str] = set(rows[0]) - {*IDS, "number", "createdAt", "createdTz", "updatedAt"}
    assert {field: rows[1][field] for field in same} == {field: rows[0][field] for field in same}

    def change(session: Session) -> datetime:
        row = session.get_one(models.Made, rows[0]["id"])
        before: datetime = row.updated_at
        row.note = "changed"
        session.flush()
        assert row.updated_at > before
        assert abs(row.updated_at - datetime.now(UTC)) < timedelta(minutes=5)
        found: datetime = row.updated_at
        return found

    changed = python.ask(change)
    seen: dict[str, Any] = typescript.ask("made", "findUnique", where={"id": rows[0]["id"]})
    assert datetime.fromisoformat(seen["updatedAt"]["v"]) == changed
    assert seen["createdAt"] == rows[0]["createdAt"]
