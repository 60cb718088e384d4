"""The diagram's other forms: SVG of its own, Mermaid, DBML."""

import re
from xml.etree import ElementTree as ET

import pytest
from page_catalogs import HOSTILE, hostile, litellm, system, table

from pgready.catalog.model import Catalog, Enum
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, ForeignKey, Index, IndexColumn, NotNull
from pgready.catalog.types import DataType
from pgready.commands.report_page import asset
from pgready.report.erd.dbml import dbml
from pgready.report.erd.graph import graph_of
from pgready.report.erd.layout import DETAILS, layout
from pgready.report.erd.mermaid import mermaid
from pgready.report.erd.svg import standalone
from pgready.report.page.palette import resolved

KIND = ObjectName("shop", "kind")
CUSTOMER, ORDER = ObjectName("crm", "customer"), ObjectName("shop", "order")
SMALL = Catalog(
    enums=(Enum(KIND, ("new", "it's")),),
    tables=(
        table(CUSTOMER, (Column("email", system("text"), NotNull(), comment="where to write"),)),
        table(
            ORDER,
            (
                Column("customer_id", system("int8"), NotNull()),
                Column("parent id", system("int8")),
                Column("kind", DataType(KIND), NotNull(), default="'new'::shop.kind"),
                Column("total", DataType(ObjectName("pg_catalog", "numeric"), "10,2")),
                Column("tags", DataType(ObjectName("pg_catalog", "varchar"), "20", 1)),
            ),
            (
                ForeignKey("order_customer_id_fkey", ("customer_id",), CUSTOMER, ("id",), on_delete="CASCADE"),
                ForeignKey("order_parent_fkey", ("parent id",), ORDER, ("id",)),
            ),
            indexes=(Index("order_open", "btree", (IndexColumn("customer_id"),), where="(total > 0)"),),
            comment="what was bought",
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    "make", [litellm, hostile, lambda: SMALL, Catalog], ids=["litellm", "hostile", "small", "empty"]
)
@pytest.mark.parametrize("detail", DETAILS)
def test_svg_is_well_formed_and_closed(make, detail):
    """XML that loads nothing, runs nothing, and needs no variables of style, which many readers do not know."""
    text = standalone(layout(graph_of([make()]), detail), resolved(asset("diagram.css")), HOSTILE[1])
    root = ET.fromstring(text)
    names = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert names <= {"svg", "title", "style", "rect", "g", "text", "path"}
    attributes = {name for one in root.iter() for name in one.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name]
    assert "var(" not in text
    assert "TONE" not in text
    assert "prefers-color-scheme: dark" in text
    assert "hunter" not in text


def test_mermaid():
    """Tables with their schema where there are several, words that Mermaid can hold, ends that say how many."""
    assert mermaid(graph_of([SMALL])) == (
        "erDiagram\n"
        '    "crm.customer" {\n'
        "        bigint id PK\n"
        "        text email\n"
        "    }\n"
        '    "shop.order" {\n'
        "        bigint id PK\n"
        "        bigint customer_id FK\n"
        '        bigint parent_id FK "parent id"\n'
        "        kind kind\n"
        "        numeric(10_2) total\n"
        "        varchar(20)[] tags\n"
        "    }\n"
        '    "crm.customer" ||--o{ "shop.order" : "customer_id"\n'
        '    "shop.order" |o--o{ "shop.order" : "parent id"\n'
    )


def test_mermaid_of_hostile_names_keeps_its_lines():
    """Each line is one of four forms, whatever the names are."""
    name = r'"[^"%\\]+"'
    word = r"[A-Za-z_\u00c0-\uffff][\w\-\[\]()\u00c0-\uffff]*"
    forms = re.compile(
        rf'erDiagram|    {name} \{{|    \}}|        {word} {word}(?: PK)?(?: FK)?(?: "[^"]*")?'
        rf"|    {name} (?:\|\||\|o)--o[|{{] {name} : {name}"
    )
    assert "hunter" not in mermaid(graph_of([hostile()])) + dbml(hostile())
    lines = mermaid(graph_of([hostile()])).splitlines()
    assert [line for line in lines if not forms.fullmatch(line)] == []
    entities = [line for line in lines if re.fullmatch(rf"    {name} \{{", line)]
    assert len(set(entities)) == len(HOSTILE)


def test_dbml():
    """Everything quoted, expressions in backticks, indexes with what DBML knows of them."""
    assert dbml(SMALL) == (
        'Enum "shop"."kind" {\n'
        '  "new"\n'
        '  "it\'s"\n'
        "}\n\n"
        'Table "crm"."customer" {\n'
        '  "id" bigint [pk]\n'
        "  \"email\" text [not null, note: 'where to write']\n"
        "}\n\n"
        'Table "shop"."order" {\n'
        '  "id" bigint [pk]\n'
        '  "customer_id" bigint [not null]\n'
        '  "parent id" bigint\n'
        '  "kind" "shop"."kind" [not null, default: `\'new\'::shop.kind`]\n'
        '  "total" "numeric(10,2)"\n'
        '  "tags" "character varying(20)[]"\n'
        "\n"
        "  indexes {\n"
        "    (\"customer_id\") [type: btree, name: 'order_open', note: 'where (total > 0)']\n"
        "  }\n"
        "\n"
        "  Note: 'what was bought'\n"
        "}\n\n"
        'Ref "order_customer_id_fkey": "shop"."order".("customer_id") > "crm"."customer".("id") [delete: cascade]\n\n'
        'Ref "order_parent_fkey": "shop"."order".("parent id") > "shop"."order".("id")\n'
    )
