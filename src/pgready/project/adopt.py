"""Turn a plain SQL folder into a Prisma folder, without touching a database.

Every `NAME.sql` becomes `NAME/migration.sql` (its up section, byte for byte, so its checksum stays), its down section
`NAME/down.sql` (which neither Prisma nor pgready reads), and `migration_lock.toml` names PostgreSQL. Where Prisma
would list the names in another order than the files stand in, numbers are padded with zeros: `pgready` takes both
spellings for one migration; Prisma needs the rows renamed.

No crash loses anything: all new files are written and synced in a hidden folder beside the old ones, one rename makes
that final, and from there on a further `plan_adoption` and `apply` finish the work. Old files go last, each only while
the new one holds its script.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass

from pgready.errors import UsageInvalid
from pgready.history.model import Migration
from pgready.history.spelling import groups, prisma_order
from pgready.project.durable import sync_folder, write_file
from pgready.project.folder import load, plain_paths, refuse
from pgready.project.names import LOCK_FILE, PRISMA, SCRIPT, plain_name, survey
from pgready.project.new_migration import LOCK_TEXT
from pgready.project.plain import sections
from pgready.project.surprises import listing, quoted

DOWN = "down.sql"
STAGE = ".pgready-adopt"
_DRAFT = STAGE + ".draft"
_PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class Item:
    """One new file: `text` goes to `path` (relative to the folder)."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Rename:
    """A migration whose name changes, so that rows that carry `old` should be updated to `new` for Prisma."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """The plan: `files` maps each old file to its migration's new name, `items` are the new files to write.

    `resumed`: the new files are all written already, by a run that was interrupted. Nothing at all to do: no `files`.
    """

    folder: str
    files: tuple[tuple[str, str], ...]
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    resumed: bool = False

    @property
    def renames(self) -> tuple[Rename, ...]:
        """The migrations whose names change."""
        return tuple(
            Rename(plain_name(old), new) for old, new in self.files if not _is_down(old) and plain_name(old) != new
        )

    def lines(self) -> list[str]:
        """The plan in words, a line a step: what a dry run shows."""
        lines = []
        written = {item.path for item in self.items}
        beside = {new for old, new in self.files if _is_down(old)}
        for old, new in self.files:
            lines.append(f"{old} → {new}/{DOWN if _is_down(old) else SCRIPT}")
            if f"{new}/{DOWN}" in written and new not in beside:
                lines.append(f"{old} (down section) → {new}/{DOWN}")
        if self.files:
            lines.append(f'write {LOCK_FILE} (provider = "postgresql")')
        lines += [f"rename in the migrations table: {rename.old} → {rename.new}" for rename in self.renames]
        return lines + list(self.notes)


def plan_adoption(folder: str) -> Adoption:
    """What it takes to make the folder a Prisma folder; empty for one that is. Writes nothing.

    Raises UsageInvalid for a folder or file that `load` would refuse, and for names that no padding puts in order.
    """
    stage = os.path.join(folder, STAGE)
    if os.path.isdir(stage):
        plan = _read_plan(stage)
        return Adoption(folder, tuple(plan.items()), resumed=True)
    kind, names = survey(folder)
    if kind == PRISMA:
        return Adoption(folder, ())
    migrations = load(folder)
    refuse(migrations)
    renamed = padded(names)
    if prisma_order(list(renamed.values())) != list(renamed.values()):
        raise UsageInvalid(
            "No padding puts these names into one order for Prisma and for plain files.",
            where=folder,
            excerpt=listing([f"{old} → {new}" for old, new in renamed.items()]),
            then="Bring the names into one style first (all V1__x or all 0001_x), before they are applied anywhere.",
            code="adopt_order",
        )
    paths = plain_paths(folder)
    files: list[tuple[str, str]] = []
    items: list[Item] = []
    notes: list[str] = []
    for migration in migrations:
        new = renamed[migration.name]
        files.append((os.path.basename(paths[migration.name]), new))
        items.append(Item(f"{new}/{SCRIPT}", migration.script))
        notes += _notes(migration)
        down = sections(_text(migration.path), migration.path).down
        beside = _down_file(folder, migration.name)
        if beside is not None:
            files.append((beside, new))
            down = _text(os.path.join(folder, beside))
        if down is not None and down.strip():
            items.append(Item(f"{new}/{DOWN}", down))
    items.append(Item(LOCK_FILE, LOCK_TEXT))
    return Adoption(folder, tuple(files), tuple(items), tuple(notes))


def apply(adoption: Adoption) -> None:
    """Carry the plan out; may be interrupted at any point and run again from a new plan.

    Raises UsageInvalid when the disk refuses, or when an old file changed since it was copied.
    """
    if not adoption.files and not adoption.resumed:
        return
    try:
        if not adoption.resumed:
            _write_stage(adoption)
        _finish(adoption.folder)
    except OSError as e:
        raise UsageInvalid(
            f"The migrations folder cannot be rewritten: {e.strerror or type(e).__name__}.",
            where=str(e.filename or adoption.folder),
            then=f"No script is lost; mend the cause and run again: pgready migrate adopt --migrations "
            f"{quoted(adoption.folder)}",
            code="adopt_io",
        ) from None


def padded(names: list[str]) -> dict[str, str]:
    """Each name with the name it needs in a Prisma folder: itself, if Prisma's order is the order of `names`."""
    if prisma_order(names) == names:
        return {name: name for name in names}
    widths: dict[int, int] = {}
    for name in names:
        for place, (start, end) in enumerate(groups(name)):
            widths[place] = max(widths.get(place, 0), end - start)
    renamed = {}
    for name in names:
        out, at = "", 0
        for place, (start, end) in enumerate(groups(name)):
            out += name[at:start] + name[start:end].zfill(widths[place])
            at = end
        renamed[name] = out + name[at:]
    return renamed


def _notes(migration: Migration) -> list[str]:
    if migration.transactional:
        return []
    told = (
        f"note: {migration.name} is marked as not transactional. A Prisma folder has no such mark: pgready then sees "
        "by its statements (CREATE INDEX CONCURRENTLY, …) what cannot run in a transaction"
    )
    return [told]


def _down_file(folder: str, name: str) -> str | None:
    return next((f"{name}{end}" for end in (".down.sql", ".down.SQL") if os.path.isfile(f"{folder}/{name}{end}")), None)


def _is_down(file: str) -> bool:
    return file[-9:-4] == ".down"


def _text(path: str) -> str:
    with open(path, "rb") as file:
        return file.read().decode(errors="surrogateescape")


def _write_stage(adoption: Adoption) -> None:
    draft = os.path.join(adoption.folder, _DRAFT)
    if os.path.isdir(draft):
        shutil.rmtree(draft)  # of a run that ended before its files were whole; nothing else was touched
    os.mkdir(draft)
    folders = {os.path.dirname(item.path) for item in adoption.items} - {""}
    for name in sorted(folders):
        os.mkdir(os.path.join(draft, name))
    for item in adoption.items:
        write_file(os.path.join(draft, item.path), item.text.encode(errors="surrogateescape"))
    write_file(os.path.join(draft, _PLAN), json.dumps(dict(adoption.files), indent=1).encode(errors="surrogateescape"))
    for name in sorted(folders):
        sync_folder(os.path.join(draft, name))
    sync_folder(draft)
    os.rename(draft, os.path.join(adoption.folder, STAGE))
    sync_folder(adoption.folder)


def _finish(folder: str) -> None:
    stage = os.path.join(folder, STAGE)
    plan = _read_plan(stage)
    for name in sorted(set(plan.values())):
        if os.path.isdir(os.path.join(stage, name)):
            os.rename(os.path.join(stage, name), os.path.join(folder, name))
    if os.path.isfile(os.path.join(stage, LOCK_FILE)):
        os.rename(os.path.join(stage, LOCK_FILE), os.path.join(folder, LOCK_FILE))
    sync_folder(folder)
    for old, new in plan.items():
        path = os.path.join(folder, old)
        if os.path.isfile(path):
            _same_or_refuse(path, os.path.join(folder, new))
            os.unlink(path)
    sync_folder(folder)
    if plan:
        os.unlink(os.path.join(stage, _PLAN))
    os.rmdir(stage)


def _same_or_refuse(old: str, new: str) -> None:
    text = _text(old)
    if _is_down(old):
        # A blank one has no copy.
        same = not text.strip() or _text(os.path.join(new, DOWN)) == text
    else:
        same = _text(os.path.join(new, SCRIPT)) == sections(text, old).up
    if not same:
        raise UsageInvalid(
            "A file changed while its folder was being adopted.",
            where=old,
            then=f"Hold it against {os.path.join(new, SCRIPT)}, keep the one that is right there, remove {quoted(old)} "
            "and run pgready migrate adopt again.",
            code="adopt_changed",
        )


def _read_plan(stage: str) -> dict[str, str]:
    try:
        with open(os.path.join(stage, _PLAN), encoding="utf-8") as file:
            plan: dict[str, str] = json.load(file)
    except FileNotFoundError:
        return {}  # all is done but the removal of the empty folder
    return plan
