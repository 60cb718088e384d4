"""Generated packages as tests use them: written to a folder and imported under a name of their own."""

import importlib
import itertools
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from pgready.codegen.source import SourceFile
from pgready.psl.analyse import analyse
from pgready.psl.schema import Schema
from pgready.psl.source import Source

_numbers = itertools.count(1)


def schema_of(text: str) -> Schema:
    """A schema that must be valid."""
    found = analyse([Source("schema.prisma", text)])
    assert found.schema is not None, found.diagnostics
    return found.schema


def write(files: Iterable[SourceFile], folder: Path) -> Path:
    """The files in `folder`."""
    folder.mkdir(parents=True)
    for file in files:
        (folder / file.path).write_text(file.text, encoding="utf-8")
    return folder


def imported(files: Iterable[SourceFile], folder: Path) -> ModuleType:
    """The package, imported under a name that no other test has; the caller's `folder` is on the path meanwhile."""
    name = f"generated_{next(_numbers)}"
    write(files, folder / name)
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
