"""Through a transaction pooler: refused with the way out, and nothing made that nobody would drop."""

import pytest

from pgready.errors import UsageInvalid

pytestmark = [pytest.mark.matrix, pytest.mark.pgbouncer]


def test_a_pooler_is_refused_in_both_places(
    make_pooler, server, database, make_database, make_project, replay, shadows
):
    """Beside the project's database, and as the named one."""
    pooler = make_pooler(server)
    project = make_project(migrations={"20240101000000_init": "CREATE TABLE a (id int);"})
    for words in ({"main": pooler.url(database.name)}, {"url": pooler.url(make_database().name)}):
        with pytest.raises(UsageInvalid) as refused:
            replay(project, **words)
        assert refused.value.code == "shadow_pooled"
        assert "PGREADY_DIRECT_URL" in refused.value.then
    assert shadows() == []
