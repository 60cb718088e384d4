"""The migrations of an image, with paths as a person in the current folder would type them."""

from __future__ import annotations

import os

from pgready.history.model import Migration
from pgready.project.folder import load
from pgready.project.settings import Settings


def migrations_of(settings: Settings) -> tuple[Migration, ...]:
    """Every migration of the folder, in order; raises UsageInvalid for a folder that is not understood."""
    return load(shown(settings.migrations))


def shown(path: str) -> str:
    """Relative where that is shorter to read, absolute otherwise."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
