"""What a project declares to be somebody else's (`tables.external`): a Prisma schema does not say it, on purpose."""

from __future__ import annotations

from dataclasses import replace

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.diff.others import External


def without_external(catalog: Catalog, external: External, default_schema: str) -> Catalog:
    """`catalog` as if these tables, their sequences and these enums were not there; foreign keys to them stay."""

    def listed(name: ObjectName, names: tuple[str, ...]) -> bool:
        return f"{name.schema}.{name.name}" in names or (name.schema == default_schema and name.name in names)

    if not external.tables and not external.enums:
        return catalog
    gone = {each.name for each in catalog.tables if listed(each.name, external.tables)}
    return replace(
        catalog,
        tables=tuple(each for each in catalog.tables if each.name not in gone),
        sequences=tuple(each for each in catalog.sequences if each.owned_by is None or each.owned_by[0] not in gone),
        enums=tuple(each for each in catalog.enums if not listed(each.name, external.enums)),
    )
