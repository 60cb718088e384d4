"""Tags, and what they are on: any record of any schema, by its kind and id.

Whether the record exists is not asked: it may belong to a service whose tables this one must not read, and it may be
deleted tomorrow. A tagging of nothing does no harm.
"""

from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query, Response
from sqlalchemy.dialects.postgresql import insert

from backoffice.database import Db
from backoffice.fields import Body, Color, TagName
from backoffice.lists import Page, Paging
from backoffice.models import RecordKind, Tag, Tagging
from backoffice.problems import not_found
from backoffice.shapes import TaggingRead, TagRead
from services.tagging_api.lists import RECORDS_OF_A_TAG, TAGS, TAGS_OF_A_RECORD

router = APIRouter()


class NewTag(Body):
    name: TagName
    color: Color = "#888888"


class TagsAsked(Paging):
    sort: Literal["name", "-name", "created_at", "-created_at"] | None = None


class RecordsAsked(Paging):
    record_kind: RecordKind | None = None
    sort: Literal["tagged_at", "-tagged_at"] | None = None


@router.get("/tags")
def list_tags(db: Db, asked: Annotated[TagsAsked, Query()]) -> Page[TagRead]:
    """Tags by name."""
    rows, following, preceding = TAGS.fetch(db, asked)
    return Page(items=[TagRead.model_validate(row) for row in rows], next=following, previous=preceding)


@router.post("/tags", status_code=201)
def create_tag(db: Db, new: NewTag) -> TagRead:
    """A new tag; its name is its own."""
    tag = Tag(name=new.name, color=new.color)
    with db.begin():
        db.add(tag)
        db.flush()
        return TagRead.model_validate(tag)


@router.get("/tags/{tag_id}")
def read_tag(db: Db, tag_id: UUID) -> TagRead:
    """One tag."""
    tag = db.get(Tag, tag_id)
    if tag is None:
        raise not_found("tag")
    return TagRead.model_validate(tag)


@router.get("/tags/{tag_id}/records")
def list_records(db: Db, tag_id: UUID, asked: Annotated[RecordsAsked, Query()]) -> Page[TaggingRead]:
    """What carries a tag, the latest first."""
    rows, following, preceding = RECORDS_OF_A_TAG.fetch(db, asked, tag_id=tag_id)
    return Page(items=[TaggingRead.model_validate(row) for row in rows], next=following, previous=preceding)


@router.get("/records/{record_kind}/{record_id}/tags")
def list_tags_of_record(
    db: Db, record_kind: RecordKind, record_id: UUID, asked: Annotated[Paging, Query()]
) -> Page[TagRead]:
    """The tags of one record."""
    rows, following, preceding = TAGS_OF_A_RECORD.fetch(db, asked, record_kind=record_kind, record_id=record_id)
    tags = {tag.id: tag for tag in db.scalars(sa.select(Tag).where(Tag.id.in_([row.tag_id for row in rows])))}
    items = [TagRead.model_validate(tags[row.tag_id]) for row in rows if row.tag_id in tags]
    return Page(items=items, next=following, previous=preceding)


@router.put("/records/{record_kind}/{record_id}/tags/{tag_id}", status_code=204)
def tag_record(db: Db, record_kind: RecordKind, record_id: UUID, tag_id: UUID) -> Response:
    """Put a tag on a record. Asked twice, it is there once."""
    with db.begin():
        values = {"record_kind": record_kind, "record_id": record_id, "tag_id": tag_id}
        db.execute(insert(Tagging).values(values).on_conflict_do_nothing())
    return Response(status_code=204)


@router.delete("/records/{record_kind}/{record_id}/tags/{tag_id}", status_code=204)
def untag_record(db: Db, record_kind: RecordKind, record_id: UUID, tag_id: UUID) -> Response:
    """Take a tag off a record, whether it was there or not."""
    with db.begin():
        db.execute(sa.delete(Tagging).filter_by(record_kind=record_kind, record_id=record_id, tag_id=tag_id))
    return Response(status_code=204)
