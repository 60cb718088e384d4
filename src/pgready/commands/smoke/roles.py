"""Roles that migrations name, made on a server of our own before anything is booted there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgready.commands.shadow import ShadowHistory, ShadowPlan
from pgready.commands.smoke.ground import Ground
from pgready.errors import PgreadyError
from pgready.history.prepare import prepare
from pgready.postgres.deploy.executor import ScriptFailed
from pgready.postgres.session import ServerError
from pgready.postgres.shadow.database import Shadow
from pgready.project.folder import load
from pgready.report.story import Teller

_NAMES_ROLES = re.compile(r"\b(GRANT|REVOKE|OWNER\s+TO|ROLE|USER|POLICY|AUTHORIZATION)\b", re.IGNORECASE)
_WORD = "roles"


def make_roles(ground: Ground, schemas: Sequence[str], folders: Sequence[str], tell: Teller) -> None:
    """Replay the folders that may name roles in a throw-away database, which makes those that are missing.

    A folder that fails fails again where it is judged: nothing is raised for it here.
    """
    for folder in dict.fromkeys(folders):
        migrations = load(folder)
        if not any(_NAMES_ROLES.search(one.script) for one in migrations):
            continue
        ground.create(_WORD)
        target = ground.target(_WORD)
        shadow = Shadow("embedded", target, ground.described)
        plan = ShadowPlan(url=None, main=None, schemas=tuple(schemas), search_path=target.schema)
        try:
            with ground.session(_WORD) as session:
                ShadowHistory(session, shadow, plan, tell).replay([prepare(one) for one in migrations])
        except (PgreadyError, ScriptFailed, ServerError):
            pass
        finally:
            ground.drop(_WORD)
