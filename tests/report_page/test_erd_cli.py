"""`pgready erd` as users run it."""

import re
from xml.etree import ElementTree as ET

import pytest

SCHEMA = """
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
  schemas  = ["crm", "shop"]
}

model Customer {
  id     Int     @id @default(autoincrement())
  email  String  @unique
  orders Order[]

  @@schema("crm")
}

model Order {
  id       Int      @id
  total    Decimal? @db.Decimal(10, 2)
  buyer_id Int
  buyer    Customer @relation(fields: [buyer_id], references: [id])

  @@schema("shop")
}
"""
SCRIPT = """
CREATE SCHEMA IF NOT EXISTS crm; CREATE SCHEMA IF NOT EXISTS shop;
CREATE TABLE crm."Customer" (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE shop."Order" (id int PRIMARY KEY, total numeric(10,2),
  buyer_id int NOT NULL REFERENCES crm."Customer" (id));
"""
MERMAID = """erDiagram
    "crm.Customer" {
        integer id PK
        text email
    }
    "shop.Order" {
        integer id PK
        numeric(10_2) total
        integer buyer_id FK
    }
    "crm.Customer" ||--o{ "shop.Order" : "buyer_id"
"""


@pytest.fixture
def project(make_project):
    """A project with a schema and the migration that makes it."""
    made = make_project(schemas=("crm", "shop"), migrations={"1_init": SCRIPT})
    made.write_schema(SCHEMA)
    return made


def test_the_projects_schema_is_drawn(project):
    """Without a side, a database or a URL; the same bytes each time; all of it on stdout."""
    done = project.run("erd")
    assert (done.returncode, done.stderr) == (0, "")
    texts = [one.text for one in ET.fromstring(done.stdout).iter() if one.tag.endswith("}text")]
    assert {"crm", "shop", "Customer", "Order", "buyer_id"} <= set(texts)
    assert project.run("erd", "--schema", "prisma/schema.prisma", "-o", "a.svg").returncode == 0
    drawn = (project.path / "a.svg").read_text()
    assert re.sub("<title>Tables of .*?</title>", "", drawn) == re.sub("<title>Tables of .*?</title>", "", done.stdout)


def test_detail(project):
    """Names alone have no columns."""
    done = project.run("erd", "--detail", "names")
    assert done.returncode == 0, done.stderr
    assert 'class="column"' not in done.stdout
    done = project.run("erd", "--detail", "names", "--format", "mermaid")
    assert done.returncode == 2
    assert "error: --detail is for an SVG, not for mermaid\n" in done.stderr


def test_a_page_of_its_own(project):
    """With the diagram, the tables in words, and the version that made it."""
    done = project.run("erd", "--format", "html", "-o", "page.html")
    assert (done.returncode, done.stdout) == (0, "")
    page = (project.path / "page.html").read_text()
    assert re.findall(r'<section id="(\w+)"', page) == ["diagram", "tables"]
    assert re.search(r"Made by pgready \d", page)


@pytest.mark.matrix
def test_every_side_is_the_same_diagram(project, make_database):
    """A schema, its migrations, the database that they made, and a snapshot of that; no password in the page."""
    database = make_database()
    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    assert project.run("snapshot", database.url, "-o", "snapshot.json").returncode == 0
    for side in (
        ("--schema", "prisma/schema.prisma"),
        ("--url", database.url),
        ("--snapshot", "snapshot.json"),
        ("--migrations", "prisma/migrations"),
    ):
        done = project.run("erd", *side, "--format", "mermaid", url=database.url)
        assert (done.returncode, done.stdout) == (0, MERMAID), (side, done.stderr)
    page = project.run("erd", "--url", database.url, "--format", "html")
    assert page.returncode == 0, page.stderr
    assert database.name in page.stdout
    assert "s3cr3t" not in page.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--schema", "a", "--url", "postgresql://h/d"), "--schema and --url exclude each other"),
        (("--snapshot", "absent.json"), "absent.json"),
        (("--schema", "absent.prisma"), "absent.prisma"),
        (("--format", "png"), "'png' is not one of"),
        (("-o", "absent/folder.svg"), "absent/folder.svg cannot be written"),
    ],
)
def test_mistakes(project, arguments, words):
    """Each in its own words, with exit 2 and nothing on stdout."""
    done = project.run("erd", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
