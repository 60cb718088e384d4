"""What tagging-api's lists send."""

from uuid import UUID

from pgready import contract
from pgready.orm import PageQuery

from backoffice.models import RecordKind, Tag, Tagging
from services.tagging_api.lists import RECORDS_OF_A_TAG, TAGS, TAGS_OF_A_RECORD

SOME = UUID("01941f29-7c00-7000-8000-000000000001")


@contract
def tags() -> dict[str, PageQuery[Tag]]:
    """GET /tags."""
    return TAGS.contracts()


@contract
def records_of_a_tag() -> dict[str, PageQuery[Tagging]]:
    """GET /tags/{tag_id}/records."""
    return RECORDS_OF_A_TAG.contracts(tag_id=SOME, record_kind=RecordKind.INVOICE)


@contract
def tags_of_a_record() -> dict[str, PageQuery[Tagging]]:
    """GET /records/{record_kind}/{record_id}/tags."""
    return TAGS_OF_A_RECORD.contracts(record_kind=RecordKind.INVOICE, record_id=SOME)
