"""The report page with the package's own style and script."""

from __future__ import annotations

from importlib.resources import files

from pgready.report.page.html import Assets
from pgready.report.page.html import report_page as page_text
from pgready.report.page.model import Page


def report_page(page: Page) -> str:
    """The page as one file's text; the same values always give the same text."""
    return page_text(page, Assets(asset("page.css"), asset("diagram.css"), asset("page.js")))


def asset(name: str) -> str:
    """The text of one of the package's `report/assets`."""
    return files("pgready.report").joinpath("assets", name).read_text(encoding="utf-8")
