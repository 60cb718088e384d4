"""Tables and enums that a project declares to be somebody else's: `tables.external`, `enums.external` of Prisma 7.

Stronger: `external_tables` and `external_enums` of pgready.toml or `[tool.pgready]`. Literals only.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgready.diff.others import External
from pgready.errors import UsageInvalid
from pgready.project.resolution import Resolution


def find_external(flags: Mapping[str, object], environ: Mapping[str, str], cwd: str) -> External:
    """What the project declares; raises UsageInvalid for a setting that is no list of names."""
    sources = Resolution(flags, environ, cwd)
    sources.run()
    theirs = sources.prisma

    def listed(key: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        if key not in sources.toml:
            return otherwise
        value, where = sources.toml[key]
        if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
            what = f"{where}: {key} takes a list of names"
            raise UsageInvalid(what, where=where, then=f'e.g. {key} = ["auth.users"]')
        return tuple(value)

    return External(
        listed("external_tables", theirs.external_tables if theirs else ()),
        listed("external_enums", theirs.external_enums if theirs else ()),
    )
