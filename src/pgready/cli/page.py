"""The report page as a file, with the day and the version that made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pgready import __version__
from pgready.cli.output import write_output
from pgready.report.page.model import Page


def write_page(page: Page, file: str) -> None:
    """Write it, whole or not at all; raises UsageInvalid."""
    from pgready.commands.report_page import report_page

    now = datetime.now(UTC).isoformat(sep=" ", timespec="minutes").replace("+00:00", " UTC")
    write_output(report_page(replace(page, made=f"{now} by pgready {__version__}")), file)
