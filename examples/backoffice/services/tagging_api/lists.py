"""The lists of tagging-api."""

import sqlalchemy as sa

from backoffice.lists import Listing, offer
from backoffice.models import Tag, Tagging

TAGS = Listing(
    name="tags",
    select=sa.select(Tag),
    by={"name": (Tag.name,), "created_at": (Tag.created_at, Tag.id)},
    filters={},
    offers=(offer("", "name"), offer("", "-created_at")),
)

RECORDS_OF_A_TAG = Listing(
    name="records of a tag",
    select=sa.select(Tagging),
    by={"tagged_at": (Tagging.tagged_at, Tagging.record_kind, Tagging.record_id)},
    filters={"tag_id": Tagging.tag_id, "record_kind": Tagging.record_kind},
    offers=(offer("tag_id", "-tagged_at"), offer("tag_id record_kind", "-tagged_at")),
)

TAGS_OF_A_RECORD = Listing(
    name="tags of a record",
    select=sa.select(Tagging),
    by={"tag_id": (Tagging.tag_id,)},
    filters={"record_kind": Tagging.record_kind, "record_id": Tagging.record_id},
    offers=(offer("record_kind record_id", "tag_id"),),
)
