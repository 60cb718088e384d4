"""Migrations behind a background backfill: what counts on its end without a word."""

import pytest

from pgready.hazards.unfinished import Unfinished
from pgready.history.model import Migration
from pgready.history.prepare import prepare

FILL = "-- pgready: backfill key=id background\nUPDATE shop.clients c SET domain = split_part(c.email, '@', 2) WHERE domain IS NULL;"
ORPHANS = (
    "-- pgready: backfill key=id background\nDELETE FROM lines l USING clients c WHERE l.client = c.id AND c.gone;"
)
COPY = "-- pgready: backfill key=id background\nINSERT INTO tags SELECT id, tag FROM clients WHERE NOT EXISTS (SELECT FROM tags);"


def hazards(first, *scripts):
    """Of the last script: the places and words of its hazards."""
    unfinished = Unfinished()
    found = []
    for number, script in enumerate((first, *scripts), 1):
        found = unfinished.after(prepare(Migration(f"{number}_m", script, "", "m.sql")))
    return [(one.statement, one.text.partition(" while ")[0]) for one in found]


@pytest.mark.parametrize(
    ("first", "script", "said"),
    [
        (FILL, "ALTER TABLE clients ALTER domain SET NOT NULL;", "column domain is required"),
        (FILL, 'ALTER TABLE "shop"."clients" ADD CHECK (domain <> \'\');', "a constraint is checked"),
        (FILL, "ALTER TABLE clients ADD CONSTRAINT f FOREIGN KEY (domain) REFERENCES d;", "constraint f is checked"),
        (FILL, "ALTER TABLE clients ADD PRIMARY KEY (domain);", "a constraint is checked"),
        (FILL, "ALTER TABLE clients DROP COLUMN email;", "column email is dropped"),
        (FILL, "ALTER TABLE clients RENAME email TO mail;", "column email is renamed"),
        (FILL, "ALTER TABLE clients RENAME TO people;", "table clients is renamed"),
        (FILL, "DROP TABLE shop.clients CASCADE;", "table clients is dropped"),
        (ORPHANS, "ALTER TABLE lines ADD FOREIGN KEY (client) REFERENCES clients;", "a constraint is checked"),
        (ORPHANS, "DROP TABLE clients;", "table clients is dropped"),
        (COPY, "ALTER TABLE clients DROP tag;", "column tag is dropped"),
        (COPY, "ALTER TABLE lines ADD FOREIGN KEY (tag) REFERENCES tags;", "a constraint is checked"),
        # Others' columns and tables, and what looks at no rows.
        (FILL, "ALTER TABLE other.clients ALTER domain SET NOT NULL;", None),
        (FILL, "ALTER TABLE lines ALTER domain SET NOT NULL;", None),
        (FILL, "ALTER TABLE clients ALTER email SET NOT NULL, DROP COLUMN phone;", None),
        (FILL, "ALTER TABLE clients ADD CONSTRAINT c CHECK (domain <> '') NOT VALID;", None),
        (FILL, "ALTER TABLE clients ALTER domain SET DEFAULT '', ADD note text;", None),
        (FILL, "-- pgready: requires backfill 1_m\nALTER TABLE clients ALTER domain SET NOT NULL;", None),
        (FILL.replace(" background", ""), "ALTER TABLE clients ALTER domain SET NOT NULL;", None),
    ],
)  # fmt: skip
def test_what_counts_on_the_end(first, script, said):
    """A warning at the statement; none where the backfill blocks, is required, or is about something else."""
    assert hazards(first, "SELECT 1;\n" + script) == ([] if said is None else [(1, said)])


def test_a_constraint_that_is_checked_later():
    """VALIDATE goes by what the constraint says; a migration in between that requires the backfill is enough."""
    add = "ALTER TABLE clients ADD CONSTRAINT set CHECK (domain IS NOT NULL) NOT VALID;"
    add += "ALTER TABLE clients ADD CONSTRAINT mails CHECK (email IS NOT NULL) NOT VALID;"
    check = "ALTER TABLE clients VALIDATE CONSTRAINT mails;\nALTER TABLE clients VALIDATE CONSTRAINT set;"
    assert hazards(FILL, add, check) == [(1, "constraint set is checked")]
    assert hazards(FILL, add, "-- pgready: requires backfill 1_m\nSELECT 1;", check) == []
