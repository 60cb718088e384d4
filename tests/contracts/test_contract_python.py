"""Contracts that Python declares: what is compiled, what is bound, and what is told without a traceback."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pgready.project.contract_places import find_places
from pgready.project.python_contracts import read_modules
from pgready.proof.contract import Contract, Waiver
from pgready.psl.diagnostics import Diagnostic, Findings
from pgready.report.diagnostics import human

_numbers = itertools.count(1)

MODELS = """
import datetime as dt, enum, uuid
from typing import Annotated, Literal, NewType, Optional
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
import pgready
from pgready.orm import page

print("noise of an import")

class Base(DeclarativeBase):
    pass

class Status(enum.Enum):
    OPEN = "open"
    PAID = "paid"

class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID]
    status: Mapped[Status] = mapped_column(
        sa.Enum(Status, name="Status", values_callable=lambda labels: [one.value for one in labels])
    )
    number: Mapped[int] = mapped_column(sa.BigInteger)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    paid_at: Mapped[Optional[dt.datetime]] = mapped_column(sa.DateTime(timezone=True))
    tags: Mapped[list[str]] = mapped_column(pg.ARRAY(sa.Text))
    data: Mapped[dict] = mapped_column(pg.JSONB)

ids = sa.select(Invoice.id)
"""


@pytest.fixture
def read(tmp_path: Path):
    """Write a module of contracts below the models and read it: contracts by name, and diagnostics."""

    def read(body: str, *, models: str = MODELS) -> tuple[dict[str, Contract], list[Diagnostic]]:
        name = f"declared_{next(_numbers)}"
        (tmp_path / f"{name}.py").write_text(models + body)
        findings = Findings()
        found = read_modules([name], str(tmp_path), findings)
        return {one.name: one for one in found}, list(findings)

    return read


def shown(contract: Contract) -> str:
    return " ".join(contract.sql.split())


def test_a_statement_becomes_sql_with_what_was_bound_as_samples(read, tmp_path: Path):
    """Values are parameters with their text, the place is the function's, waivers and limits come along."""
    found, wrong = read("""
@pgready.contract(max_rows_read=500, allow={"sort": "at most 200"}, search_path="billing")
def by_client(client: uuid.UUID, since: dt.datetime, limit: int = 20):
    return ids.where(
        Invoice.client_id == client, Invoice.status == Status.OPEN, Invoice.created_at > since,
        Invoice.tags.contains(["a,b"]), Invoice.data.contains({"k": 1}), Invoice.number.in_([1, 2]),
    ).limit(limit)
""")
    assert not wrong
    one = found["by_client"]
    assert shown(one) == (
        'SELECT invoices.id FROM invoices WHERE invoices.client_id = $1::UUID AND invoices.status = $2::"Status"'
        " AND invoices.created_at > $3::TIMESTAMP WITH TIME ZONE AND invoices.tags @> $4::TEXT[]"
        " AND invoices.data @> $5::JSONB AND invoices.number IN ($7::BIGINT, $8::BIGINT) LIMIT $6::INTEGER"
    )
    assert [parameter.sample for parameter in one.parameters] == [
        "5f0c1d3e-6a52-4b1b-9d6e-2f4c8a7b9e01",
        "open",
        "2024-06-15T12:00:00+00:00",
        '{"a,b"}',
        '{"k": 1}',
        "20",
        "1",
        "2",
    ]
    line = (MODELS + "\n").count("\n") + 1
    assert one.place.where() == f"{next(tmp_path.glob('declared_*.py')).name}:{line}:1"
    assert (one.source, one.max_rows_read, one.search_path) == ("python", 500, "billing")
    assert one.waivers == (Waiver("sort", "at most 200"),)


def test_pages_are_contracts_of_their_first_and_their_next_page(read):
    """A keyset page asks with another condition once there is a cursor: both are to be bounded."""
    found, wrong = read("""
@pgready.contract
def listing(client: uuid.UUID, after: str | None = None):
    return page(ids.where(Invoice.client_id == client), by=[Invoice.created_at.desc(), Invoice.id.desc()], after=after)

@pgready.contract
def mixed():
    return page(ids, by=[Invoice.status, Invoice.id.desc()])

@pgready.contract
def unknown():
    return page(ids, by=[sa.cast(Invoice.number, pg.INET), Invoice.id])
""")
    assert not wrong
    assert list(found) == [
        "listing.first",
        "listing.next",
        "mixed.first",
        "mixed.next",
        "mixed.next_2",
        "unknown.first",
        "unknown.next",
        "unknown.next_2",
    ]
    assert found["unknown.next"].parameters[0].sample is None
    next_page = shown(found["listing.next"])
    assert "(invoices.created_at, invoices.id) < ($2::TIMESTAMP WITH TIME ZONE, $3::UUID)" in next_page
    assert found["listing.first"].parameters[-1].sample == "51"


def test_everything_that_a_function_may_return(read):
    """Text, several statements, UPDATE and DELETE, SQL as a string; and a staticmethod."""
    found, wrong = read("""
@pgready.contract(samples={"ids": [uuid.UUID(int=1), uuid.UUID(int=2)], "n": 7})
def several():
    return {
        "text": sa.text("select 1 from invoices where id in :ids and number = :n").bindparams(
            sa.bindparam("ids", expanding=True)),
        "update": sa.update(Invoice).where(Invoice.id == sa.bindparam("which")).values(number=5),
        "sql": "select 1 from invoices where number = :n;",
    }

@pgready.contract(name="gone")
def _named():
    return [sa.delete(Invoice).where(Invoice.number == 1)]

class Queries:
    @staticmethod
    @pgready.contract
    def inside():
        return sa.union_all(ids.where(Invoice.number == 1), ids.where(Invoice.number == 2))
""")
    assert not wrong
    assert list(found) == ["several.text", "several.update", "several.sql", "gone.1", "inside"]
    text = found["several.text"]
    assert shown(text) == "select 1 from invoices where id in ($2, $3) and number = $1"
    assert [one.sample for one in text.parameters] == ["7", str(uuid_of(1)), str(uuid_of(2))]
    update = {one.name: one.sample for one in found["several.update"].parameters}
    assert update == {"number": "5", "which": None}
    assert [one.sample for one in found["several.sql"].parameters] == ["7"]


def uuid_of(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def test_arguments_are_made_from_annotations(read):
    """Every common annotation gives a value; defaults and samples are stronger."""
    found, wrong = read("""
Number = NewType("Number", int)

@pgready.contract(samples={"given": 99})
def made(a: Annotated[int, ["x"]], b: Literal["open", "paid"], c: Optional[str], d: list[int], e: Status, f: Number,
         given: int, h: int = 3, *args: int, **kwargs: str):
    return ids.where(Invoice.number.in_([a, *d, f, given, h]), sa.literal(b) == sa.literal(c), Invoice.status == e)
""")
    assert not wrong
    assert [one.sample for one in found["made"].parameters][-5:] == ["42", "42", "42", "99", "3"]


BAD = {
    "@pgready.contract\ndef bad(session): return ids": ("argument-missing", "`session` of bad", 'samples={"session"'),
    "@pgready.contract\nasync def bad(): return ids": ("argument-missing", "async function", "plain function"),
    "@pgready.contract\ndef bad(): return 5": ("not-a-query", "bad returns a value of type int", "select"),
    "@pgready.contract\ndef bad(): pass": ("not-a-query", "bad returns nothing", "select"),
    "@pgready.contract\ndef bad(): return sa.text('select fom x y z')": ("sql-invalid", 'at or near "y"', "select fom"),
    "@pgready.contract\ndef bad(): return 'drop table x'": ("not-a-query", "DROP TABLE is no query", "migration"),
    "@pgready.contract\ndef bad(): return 1 / 0": ("contract-failed", "ZeroDivisionError", "samples="),
    "@pgready.contract\ndef bad(): return page(ids, by=[Invoice.number])": ("contract-failed", "no total order", ""),
    '@pgready.contract(allow={"sort": ""})\ndef bad(): return ids': ("waiver-reason", "without a reason", "allow="),
    '@pgready.contract(allow={"so": "x"})\ndef bad(): return ids': ("waiver-unknown", "`so`", "sort"),
    '@pgready.contract(samples={"typo": 5})\ndef bad(type: int = 3): return ids': ("sample-unknown", "`typo`", "type"),
    "@pgready.contract(max_rows_read=-1)\ndef bad(): return ids": ("limit-invalid", "no number of rows", "500"),
}  # fmt: skip


def test_what_is_wrong_with_a_function_is_told_at_its_line(read):
    """All functions of a module at once, none as a traceback, and the good one is still a contract."""
    body = "\n\n".join([*BAD, "@pgready.contract\ndef good(): return ids"])
    found, wrong = read(body)
    assert list(found) == ["good"]
    assert [one.code for one in wrong] == [code for code, _, _ in BAD.values()]
    text = (MODELS + body).splitlines()
    for one, (source, (_, words, help_)) in zip(wrong, BAD.items(), strict=True):
        assert words in one.message
        assert help_ in one.help
        line, _ = one.span.source.position(one.span.start)
        assert text[line - 1] == source.splitlines()[0]


def test_imports_that_fail_are_told_at_the_line_that_failed(tmp_path: Path):
    """The last line of the project's own code on the way, for modules, files and what is not there."""
    (tmp_path / "good_one.py").write_text("import bad_one\n")
    (tmp_path / "bad_one.py").write_text("x = 1\n\nraise RuntimeError('postgresql://me:s3cr3t@host/db is down')\n")
    (tmp_path / "no_python.py").write_text("def x(:\n")
    (tmp_path / "empty_one.py").write_text("")
    findings = Findings()
    read_modules(["good_one", "no_python.py", "nowhere.at.all", "empty_one"], str(tmp_path), findings)
    said = [(one.code, one.span.where(), one.message) for one in findings]
    assert "s3cr3t" not in "".join(human(list(findings)))
    assert said[0][:2] == ("import-failed", "bad_one.py:3:1")
    assert said[1][:2] == ("import-failed", "no_python.py:1:1")
    assert said[2] == (
        "import-failed",
        "nowhere.at.all:1:1",
        "nowhere.at.all cannot be imported: ModuleNotFoundError: No module named 'nowhere'",
    )
    assert said[3][0] == "contracts-missing"


def test_a_file_of_a_package_is_imported_as_its_module(tmp_path: Path):
    """Relative imports work, and the module is the one that everybody else imports."""
    package = f"package_{next(_numbers)}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("")
    (tmp_path / package / "names.py").write_text("TABLE = 'invoices'\n")
    body = (
        "import pgready\nfrom .names import TABLE\n\n@pgready.contract\ndef inside(): return f'SELECT 1 FROM {TABLE}'\n"
    )
    (tmp_path / package / "queries.py").write_text(body)
    findings = Findings()
    found = read_modules([f"{package}/queries.py", package, f"{package}.queries:inside"], str(tmp_path), findings)
    assert not list(findings)
    assert [(one.name, one.sql, one.place.where()) for one in found] == [
        ("inside", "SELECT 1 FROM invoices", f"{package}/queries.py:4:1")
    ]


def test_a_package_with_an_sql_file_in_it_is_both(tmp_path: Path):
    """A file that is put beside the modules takes none of their contracts away."""
    package = f"package_{next(_numbers)}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("")
    (tmp_path / package / "more.sql").write_text("-- name: more\nSELECT 1;\n")
    places = find_places([package], {}, {}, str(tmp_path))
    assert (places.files, places.modules, places.missing) == ((f"{package}/more.sql",), (package,), ())


def test_ranges_and_enums_are_bound_as_drivers_do(read):
    """A range is its text, an enum of texts its value."""
    found, wrong = read("""
class Kind(str, enum.Enum):
    ONE = "the value"

@pgready.contract
def ranged():
    column = sa.column("during", pg.TSTZRANGE)
    return ids.where(column.overlaps(pg.Range(dt.datetime(2024, 1, 1), None)), sa.column("k", sa.Text) == Kind.ONE)
""")
    assert not wrong
    assert [one.sample for one in found["ranged"].parameters] == ["[2024-01-01 00:00:00,)", "the value"]


def test_the_decorator_imports_nothing_and_gives_the_function_back(tmp_path: Path):
    """A service that declares contracts pays for no SQLAlchemy, no psycopg, no parser; and its function is its own."""
    script = (
        "import sys, pgready\n"
        "before = set(sys.modules)\n"
        "def f(a): return a\n"
        "assert pgready.contract(f) is f and pgready.contract(max_rows_read=1)(f) is f\n"
        "late = {'sqlalchemy', 'psycopg', 'postgast', 'asyncpg', 'click', 'pytest', 'pgready.integrations'}\n"
        "assert not late & (set(sys.modules) - before), late & set(sys.modules)\n"
    )
    source = str(Path(__file__).parents[2] / "src")
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": source}, timeout=60)
