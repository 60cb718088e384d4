"""A Prisma schema's catalog becomes a database that reads back as the schema says."""

from importlib.metadata import distribution
from pathlib import Path

import pytest
from rebuilt import differences, run

from pgready.catalog.from_psl import catalog_of, in_order
from pgready.catalog.scope import without_owners
from pgready.plan.create import creation
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

pytestmark = pytest.mark.matrix

LITELLM = Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras"))) / "schema.prisma"
ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples/fourschemas/prisma/schema.prisma"
DECLARED = sorted((ROOT / "tests/catalog/declared").glob("*.prisma"))


@pytest.mark.parametrize(
    "path", [LITELLM, EXAMPLE, *DECLARED], ids=lambda path: f"{path.parent.parent.name}-{path.stem}"
)
def test_schema(path, database, read_back):
    """What the schema says is there, nothing else."""
    schema = analyse([Source("schema.prisma", path.read_text(encoding="utf-8"))]).schema
    catalog = in_order(catalog_of(schema))
    run(database.url, creation(catalog, drop_public=True))
    found = [one for one in differences(catalog, without_owners(read_back(database))) if ".version" not in one]
    assert found == []
