"""Which service migrates where nobody has said."""

from __future__ import annotations

from pgready.setup.found import Survey
from pgready.setup.known import smoke_services
from pgready.setup.package_scripts import migrating_package
from pgready.setup.prisma_calls import calls_prisma, verb_of
from pgready.setup.tree import inside


def default_migrator(found: Survey) -> str:
    """The service that migrates if nobody says: one that does so today, else the first that serves HTTP."""
    booting = [one.name for one in smoke_services(found.tree) if one.verb == "boot"]
    if booting and found.service(booting[0]) is not None:
        return booting[0]
    python = [one for one in found.services if one.language == "python"]
    for one in found.services:
        texts = [
            found.tree.text(one.dockerfile),
            *(found.tree.text(path) for path in found.scripts if one.folder == path.rpartition("/")[0]),
        ]
        composed = found.compose_services.get(one.name)
        if composed is not None:
            texts += [str(part.plain()) for key in ("entrypoint", "command") if (part := composed.get(key)) is not None]
        if any(verb_of(text) == "boot" for text in texts):
            return one.name
    for one in [*python, *found.services]:
        if calls_prisma(found.tree.text(one.dockerfile)) or migrating_package(found.tree, one):
            return one.name
    near = [one for one in python if one.folder and inside(found.database.schema, one.folder)]
    order = [*near, *(one for one in python if not one.is_worker), *python, *found.services]
    return order[0].name if order else ""
