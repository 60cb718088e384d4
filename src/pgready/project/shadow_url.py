"""Which database is the shadow database, as the project says it: by flag, environment, TOML, config or schema.

Apart from `settings`, which every boot reads: only authoring commands ask.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgready.project.resolution import Resolution
from pgready.project.url import Target

FLAG = "shadow_database_url"


def shadow_url(flags: Mapping[str, object], environ: Mapping[str, str], cwd: str) -> Target | None:
    """The shadow database's URL, None where nothing names one; raises UsageInvalid for what is no URL."""
    found = Resolution(flags, environ, cwd)
    found.read_dotenv("")
    found.read_config()
    found.schema = found.find_schema()
    if found.schema.files and found.schema.folder:
        found.read_dotenv(found.schema.folder)
    in_prisma = found.prisma.shadow_url if found.prisma else None
    in_schema = found.schema.datasource.shadow_url if found.schema.datasource else None
    text, source, _ = found.url_text(FLAG, in_prisma or in_schema, "")
    return found.parse(text, source) if text else None
