"""A catalog as SQL makes a database of the same catalog."""

import os
import re
from dataclasses import fields, replace
from importlib.metadata import distribution
from pathlib import Path

import pytest
from catalogs_by_chance import catalog_by_chance
from rebuilt import differences, run

from pgready.plan.create import creation

pytestmark = pytest.mark.matrix

SEEDS = int(os.environ.get("PGREADY_FULL_ROUNDTRIP", "10"))
ROOT = Path(__file__).parent.parent.parent
RICH = (ROOT / "tests/catalog/rich.sql").read_text(encoding="utf-8")


def without_made_up_names(dump: str) -> str:
    """A dump without the names that PostgreSQL 18 gave to NOT NULL constraints and keeps when a table is renamed."""
    return re.sub(r' CONSTRAINT ("[^"]+_not_null"|\w+_not_null) NOT NULL', " NOT NULL", dump)


def test_rich(database, rebuild):
    """One of everything that the catalog knows and that PostgreSQL 14 can make comes back equal."""
    database.query(RICH)
    rebuild(database)


def test_litellm(database, rebuild, pg_dump):
    """What 220 real migrations make comes back equal, for pg_dump, too."""
    package = Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras")))
    with database.connect() as connection:
        for file in sorted(package.glob("migrations/*/migration.sql")):
            connection.execute(file.read_text(encoding="utf-8"))
    _, other = rebuild(database)
    assert without_made_up_names(pg_dump(other)) == without_made_up_names(pg_dump(database))


def test_fourschemas(database, rebuild, pg_dump):
    """The example's database comes back equal, for pg_dump, too."""
    example = ROOT / "examples/fourschemas"
    files = sorted(example.glob("prisma/migrations/*/migration.sql"))
    with database.connect() as connection:
        connection.execute("CREATE SCHEMA trading_svc")  # as pgready makes it at boot
        for file in [*files, *sorted(example.glob("trading-svc/migrations/*.sql"))]:
            connection.execute(file.read_text(encoding="utf-8"))
    _, other = rebuild(database)
    assert without_made_up_names(pg_dump(other)) == without_made_up_names(pg_dump(database))


def extensions_of(database) -> dict[str, str]:
    """The extensions that the server has, with the versions that it makes."""
    return dict(database.query("SELECT name, default_version FROM pg_available_extensions"))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_by_chance(seed, roles, database, server, read_back):
    """A catalog by chance, made in a database, is read back as it was, and gives the same plan again."""
    catalog = catalog_by_chance(seed, server.major, extensions_of(database))
    plan = creation(catalog)
    run(database.url, plan)
    after = read_back(database)
    assert differences(catalog, after) == []
    assert creation(after) == plan


def test_nothing_is_idle(roles, make_database, server, database, read_back):
    """A plan without the statements of any one kind is refused or makes another database: no kind goes unproved."""
    catalog = catalog_by_chance(2, server.major, extensions_of(database))
    statements = creation(catalog)
    kinds = {one.kind for one in statements} - {"setting"}
    assert len(kinds) >= 34
    unseen = set()
    other = None
    for kind in sorted(kinds)[:: 1 if SEEDS > 10 else 4]:
        other = other or make_database()
        try:
            run(other.url, tuple(one for one in statements if one.kind != kind))
        except AssertionError:  # nothing is left of it
            continue
        if not differences(catalog, read_back(other)):
            unseen.add(kind)
        other = None
    assert unseen == set()


def test_the_same_plan(server, database):
    """A catalog gives one plan, whatever the order in which its objects stand."""
    catalog = catalog_by_chance(2, server.major, extensions_of(database))
    turned = replace(catalog, **{one.name: getattr(catalog, one.name)[::-1] for one in fields(catalog)})
    assert creation(turned) == creation(catalog)
