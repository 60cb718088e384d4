"""The baseline's file: read whole, replaced whole, so that no run leaves half of one."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pgready.errors import UsageInvalid
from pgready.project.durable import sync_folder, write_file
from pgready.project.resolution import Resolution
from pgready.proof.baseline import Baseline, from_text, to_text

NAME = "contracts.lock"


def default_place(flags: Mapping[str, object], environ: Mapping[str, str], cwd: str) -> str:
    """Where it is unless somebody names another: in the current folder, or beside a settings file that was named."""
    sources = Resolution(flags, environ, cwd)
    sources.read_dotenv("")
    sources.read_config()
    return os.path.join(sources.folder, NAME)


def read_baseline(path: str) -> Baseline | None:
    """The baseline, None if there is no such file; raises UsageInvalid for one that cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as e:
        said = e.strerror if isinstance(e, OSError) else "it is no UTF-8 text"
        raise UsageInvalid(f"the baseline cannot be read: {said}", where=path, code="baseline_damaged") from None
    return from_text(text, path)


def write_baseline(path: str, baseline: Baseline) -> bool:
    """Replace the file if its text changes; whether it did. Raises UsageInvalid where it cannot be written."""
    place = os.path.realpath(path)
    beside = f"{place}.{os.getpid()}.new"
    data = to_text(baseline).encode()
    try:
        if os.path.exists(place):
            with open(place, "rb") as file:
                if file.read() == data:
                    return False
        write_file(beside, data)
        if os.path.exists(place):
            os.chmod(beside, os.stat(place).st_mode & 0o7777)
        os.replace(beside, place)
        sync_folder(os.path.dirname(place))
    except OSError as e:
        if os.path.exists(beside):
            os.unlink(beside)
        raise UsageInvalid(
            f"the baseline cannot be written: {e.strerror}", where=path, then="name another: --baseline FILE"
        ) from None
    return True
