"""Contracts that Python declares: modules are imported, decorated functions called, their statements compiled.

Nothing connects: a statement becomes text by SQLAlchemy's own compiler. What a module prints while it is imported goes
to stderr. What is wrong is told at a file and a line, never as a traceback.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import get_args

from pgready.errors import PgreadyError
from pgready.project.python_arguments import ArgumentMissing, arguments_of
from pgready.project.sqlalchemy_queries import Compiled, NoQuery, compiled
from pgready.project.suggest import nearest
from pgready.proof.contract import Contract, Parameter, Permission, Place, Waiver
from pgready.proof.contracts.declared import Declared, declared
from pgready.proof.contracts.parse import Unparsed, read
from pgready.psl.diagnostics import Findings
from pgready.psl.source import Source, Span

GROUP = "pgready.contracts"
"""The entry points that name modules of contracts."""


def read_modules(places: Iterable[str], cwd: str, findings: Findings) -> tuple[Contract, ...]:
    """The contracts of modules (`app.queries`, `app.queries:function`) and of `.py` files, in the order of places."""
    contracts: list[Contract] = []
    done: set[int] = set()
    with _importable(cwd):
        for place in places:
            name, _, wanted = place.partition(":")
            try:
                with contextlib.redirect_stdout(sys.stderr):
                    modules = _imported(name, cwd)
            except (Exception, SystemExit) as e:
                _tell_import(place, cwd, e, findings)
                continue
            found = [one for one in declared if one.module in modules and wanted in ("", one.function.__name__)]
            if not found:
                what = f"{place} declares no contract"
                findings.error("contracts-missing", _nowhere(place), what, "decorate a function with @pgready.contract")
            for one in found:
                if id(one) not in done:
                    done.add(id(one))
                    contracts += _Reader(one, cwd, findings).contracts()
    return tuple(contracts)


def entry_points() -> tuple[str, ...]:
    """The modules that installed packages name as entry points of the group `pgready.contracts`."""
    from importlib import metadata

    return tuple(sorted({one.value for one in metadata.entry_points(group=GROUP)}))


# ── import ──


@contextlib.contextmanager
def _importable(cwd: str) -> Iterator[None]:
    """The project's own modules can be imported, as `python -m` from its folder would."""
    before = list(sys.path)
    # The console script runs isolated: what PYTHONPATH says holds for the project's modules all the same.
    given = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    folders = [cwd, os.path.join(cwd, "src"), *given]
    sys.path[:0] = [folder for folder in folders if folder not in sys.path and os.path.isdir(folder)]
    try:
        yield
    finally:
        sys.path[:] = before


def _imported(name: str, cwd: str) -> set[str]:
    """The names of the modules that were meant, imported: a package with everything in it."""
    if name.endswith(".py"):
        dotted, folder = _dotted(os.path.abspath(os.path.join(cwd, name)))
        if "." not in dotted:
            return {_from_file(os.path.join(cwd, name)).__name__}
        if folder not in sys.path:
            sys.path.insert(0, folder)
        importlib.import_module(dotted)
        return {dotted}
    module = importlib.import_module(name)
    names = {name}
    for found in pkgutil.walk_packages(getattr(module, "__path__", ()), prefix=f"{name}."):
        if not found.name.endswith(".__main__"):
            importlib.import_module(found.name)
            names.add(found.name)
    return names


def _dotted(path: str) -> tuple[str, str]:
    """The name of a file as a module of its package, and the folder that the package lies in."""
    folder, name = os.path.split(path)
    parts = [name.removesuffix(".py")]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return ".".join(part for part in parts if part != "__init__"), folder


def _from_file(path: str) -> ModuleType:
    stem = os.path.splitext(os.path.basename(path))[0]
    for module in list(sys.modules.values()):  # importing it a second time would declare everything twice
        if getattr(module, "__file__", None) and os.path.realpath(str(module.__file__)) == os.path.realpath(path):
            return module
    spec = importlib.util.spec_from_file_location(stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(stem, module)
    spec.loader.exec_module(module)
    return module


def _tell_import(place: str, cwd: str, error: BaseException, findings: Findings) -> None:
    """An import that failed, at the last line of the project's own code on the way."""
    name = place.partition(":")[0]
    kind = type(error).__name__
    words = str(error).strip().splitlines()[0] if str(error).strip() else ""
    what = f"{name} cannot be imported: {kind}{': ' if words else ''}{words}"
    help_ = ""
    if isinstance(error, ModuleNotFoundError):
        own = name == error.name or name.startswith(f"{error.name}.")
        help_ = "write a module as Python imports it, from this folder" if own else f"install {error.name}"
    elif isinstance(error, FileNotFoundError):
        what = f"{name} does not exist"
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        findings.error("import-failed", _line(error.filename, error.lineno, cwd), what, help_)
        return
    frames = [one for one in traceback.extract_tb(error.__traceback__) if _is_own(one.filename, cwd)]
    at = _line(frames[-1].filename, frames[-1].lineno or 1, cwd) if frames else _nowhere(name)
    findings.error("import-failed", at, what, help_)


def _is_own(path: str, cwd: str) -> bool:
    """A file of the project, and not of its virtual environment."""
    inside = os.path.abspath(path).startswith(os.path.abspath(cwd) + os.sep)
    return inside and "site-packages" not in path and not path.startswith("<")


def _line(path: str, number: int, cwd: str) -> Span:
    """A whole line of a file as a span; without the file's text where it cannot be read."""
    shown = os.path.relpath(path, cwd)
    shown = path if shown.startswith("..") else shown
    try:
        with open(path, encoding="utf-8") as file:
            source = Source(shown, file.read())
    except (OSError, UnicodeDecodeError):
        return Span(Source(shown, ""), 0, 0)
    starts = [0]
    for line in source.text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    start = starts[min(max(number, 1), len(starts)) - 1]
    text = source.line(number)
    begin = start + len(text) - len(text.lstrip())
    return Span(source, begin, max(start + len(text.rstrip()), begin))


def _nowhere(name: str) -> Span:
    return Span(Source(name, ""), 0, 0)


# ── one function ──


class _Reader:
    """One decorated function on its way to contracts."""

    def __init__(self, one: Declared, cwd: str, findings: Findings) -> None:
        self._one = one
        self._cwd = cwd
        self._findings = findings
        self._at = _line(one.file, one.line, cwd)

    def contracts(self) -> list[Contract]:
        """What the function returns, as contracts; [] and findings where something is wrong."""
        waivers = self._waivers()
        limit = self._limit()
        if waivers is None or limit is False:
            return []
        try:
            with contextlib.redirect_stdout(sys.stderr):
                given = arguments_of(self._one)
                returned = self._one.function(**given)
                found = list(compiled(returned, self._one.samples))
        except ArgumentMissing as e:
            return self._refuse("argument-missing", str(e), e.help)
        except NoQuery as e:
            return self._refuse("not-a-query", f"{self._one.name} returns {e}", e.help)
        except PgreadyError as e:
            return self._refuse("contract-failed", f"{self._one.name} raises {e.what}", e.then)
        except Exception as e:
            words = str(e).strip().splitlines()[0] if str(e).strip() else ""
            what = f"{self._one.name} raises {type(e).__name__}{': ' if words else ''}{words}"
            help_ = "give it values that it can work with:  @pgready.contract(samples={…})"
            return self._refuse("contract-failed", what, help_)
        known = {*given, *self._arguments(), *(name for each in found for name, _ in each.parameters)}
        known |= {name.rstrip("0123456789").removesuffix("_") for name in known}  # ids_1 and ids_2 of a list
        if unknown := [name for name in self._one.samples if name not in known]:
            near = nearest(unknown[0], sorted(known))
            help_ = f"did you mean {near}?" if near else f"it knows {', '.join(sorted(known)) or 'none'}"
            what = f"{self._one.name} has no argument and no bound parameter `{unknown[0]}` to give a sample to"
            return self._refuse("sample-unknown", what, help_)
        return [one for one in (self._contract(each, waivers, limit or None) for each in found) if one is not None]

    def _arguments(self) -> tuple[str, ...]:
        """The function's own arguments: one may stand in no statement for these samples."""
        return tuple(inspect.signature(self._one.function).parameters)

    def _contract(self, found: Compiled, waivers: tuple[Waiver, ...], limit: int | None) -> Contract | None:
        name = f"{self._one.name}.{found.suffix}" if found.suffix else self._one.name
        try:
            query = read(found.sql)
        except Unparsed as e:
            self._refuse("sql-invalid", f"the SQL of {name} does not parse: {e.message}", found.sql)
            return None
        if query.fault is not None:
            self._refuse(query.fault.code, query.fault.message, query.fault.help)
            return None
        line, column = self._at.source.position(self._at.start)
        return Contract(
            name=name,
            sql=found.sql,
            place=Place(self._at.source.path, line, column),
            source="python",
            parameters=tuple(
                Parameter(number, parameter, sample=sample)
                for number, (parameter, sample) in enumerate(found.parameters, 1)
            ),
            max_rows_read=limit,
            waivers=waivers,
            search_path=self._one.search_path,
        )

    def _waivers(self) -> tuple[Waiver, ...] | None:
        allow = self._one.allow
        if allow is None:
            return ()
        if not isinstance(allow, dict):
            self._refuse("waiver-unknown", f"`allow` of {self._one.name} is no dict", 'write allow={"sort": "reason"}')
            return None
        made = []
        for word, reason in allow.items():
            permission = next((one for one in get_args(Permission) if one == word), None)
            if permission is None:
                known = ", ".join(get_args(Permission))
                self._refuse("waiver-unknown", f"`{word}` is nothing that can be allowed", f"it may be {known}")
            elif not isinstance(reason, str) or not reason.strip():
                what = f"`{word}` is allowed to {self._one.name} without a reason"
                self._refuse("waiver-reason", what, f'say why it is right:  allow={{"{word}": "at most 200 rows"}}')
            else:
                made.append(Waiver(permission, reason.strip()))
        return tuple(made) if len(made) == len(allow) else None

    def _limit(self) -> int | bool | None:
        limit = self._one.max_rows_read
        if limit is None or (isinstance(limit, int) and not isinstance(limit, bool) and limit > 0):
            return limit
        self._refuse("limit-invalid", f"`max_rows_read` of {self._one.name} is no number of rows", "write 500")
        return False

    def _refuse(self, code: str, what: str, help_: str) -> list[Contract]:
        self._findings.error(code, self._at, what, help_)
        return []
