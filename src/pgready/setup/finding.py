"""What doctor finds, as values, and the table of everything that it looks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`id` is stable; `where` is a place (`file:line`, a role, ""); `mend` is a command or an edit in words."""

    id: str
    level: Level
    text: str
    where: str
    mend: str

    def as_dict(self) -> dict[str, str]:
        """For `--json`."""
        return {"id": self.id, "level": self.level, "text": self.text, "where": self.where, "mend": self.mend}


CHECKS = {
    "settings-invalid": "settings can be read and agree with each other",
    "url-missing": "a database URL is known, and every container that starts by pgready gets one",
    "url-with-secret": "no password stands in an image or a manifest",
    "pooler-without-direct-url": "behind a pooler, a direct URL is there for statements that need one",
    "migrations-missing": "there are migrations",
    "migration-refused": "every migration can be sent",
    "prisma-refuses": "Prisma's own CLI would apply the migrations too",
    "lock-file-missing": "Prisma's lock file is there",
    "schema-invalid": "the schema is valid",
    "prisma-at-start": "nothing calls Prisma's CLI when it starts",
    "replicas-race": "several replicas do not migrate by Prisma's CLI",
    "signals-lost": "signals reach pgready and the service",
    "not-behind-pgready": "every service of this repository starts behind pgready",
    "nobody-migrates": "somebody migrates",
    "pgready-not-installed": "an image that starts by pgready has it",
    "migrations-not-in-image": "an image that starts by pgready has the migrations",
    "latest-tag": "images are named by a version",
    "runs-as-root": "images do not run as root",
    "probe-too-tight": "no probe kills the longest migration",
    "unreadable": "container files can be read",
    "unreachable": "the database can be reached",
    "role-owns-too-much": "services own nothing and are no superusers",
    "wait-without-select": "a role that waits may read the migrations table",
    "may-not-migrate": "the role that migrates may write what it has to",
    "history": "the history has no failed, edited or missing migration",
    "invalid-index": "no index was left invalid",
    "lock-held": "nobody idles on the migration lock",
}
"""What each finding's absence means."""
