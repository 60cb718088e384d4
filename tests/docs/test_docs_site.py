"""The documentation as a site: it builds without a warning, and loads nothing from anywhere else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r"<(?:script|link|img)\b[^>]*?\b(?:src|href)=\"?(https?:)?//[^>]*>")


def build(folder: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """Build the site; a warning is an error."""
    pytest.importorskip("mkdocs")
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder), *more]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)


def test_the_site_builds_and_is_whole(tmp_path):
    """No broken link, no page that the navigation forgot, nothing that is loaded from another host."""
    done = build(tmp_path / "site")
    assert done.returncode == 0, done.stderr
    pages = sorted((tmp_path / "site").rglob("*.html"))
    sources = list((ROOT / "docs").rglob("*.md"))
    assert len(pages) == len(sources) + 1  # and 404.html
    for page in pages:
        text = page.read_text()
        foreign = [m[0] for m in LOADED.finditer(text) if 'rel="canonical"' not in m[0]]
        assert not foreign, (page, foreign)
        assert "sh run" not in text, page


def test_a_broken_link_is_an_error(tmp_path):
    """The check above can fail."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# A page\n\n[gone](gone.md)\n")
    config = tmp_path / "mkdocs.yml"
    config.write_text(f"site_name: x\nstrict: true\ndocs_dir: {docs}\n")
    done = build(tmp_path / "site", "--config-file", str(config))
    assert done.returncode != 0
    assert "gone.md" in done.stderr


def test_every_page_is_on_the_first():
    """Whoever reads docs/ without the site finds each page from docs/index.md."""
    linked = set(re.findall(r"\]\(([^)#]+)", (ROOT / "docs/index.md").read_text()))
    pages = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    assert pages - linked == {"index.md"}
