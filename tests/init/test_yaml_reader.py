"""The YAML reader against PyYAML, on the files of the repository and on cases that are easy to get wrong."""

import shutil
from pathlib import Path

import pytest
import yaml
from init_repositories import pgready

from pgready.setup.yaml_reader import Unreadable, read

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("examples", "tests/init/repositories")
    for suffix in ("*.yaml", "*.yml")
    for path in (ROOT / folder).rglob(suffix)
    if "node_modules" not in path.parts and "templates" not in path.parts
)
CASES = [
    "a: 1\nb:\n- x\n- y: 1\n  z: 2\n",
    "a: |\n  one\n   two\n\n  three\nb: >-\n  one\n  two\n\n   deep\n  three\n",
    "a: &x {b: [1, 'it''s', \"q\\\"\"]}\nc: *x\n",
    "a: one\n  two # not this\nb: 'x: y' # c\n'k e': \"# no\"\n",
    "- - a\n  - b\n-\n  c: d\n",
    "---\na: 1\n---\nb: [\n  1, # one\n  2,\n]\n...\n",
    "a: http://x:1/#y\nb: a:b\nc: {u: http://x, v: }\n",
    "a:\n\n  # c\n  b:\n\n\nc: !tag x\n",
]


@pytest.mark.parametrize("text", [*CASES, *(path.read_text() for path in FILES)])
def test_it_reads_what_pyyaml_reads(text):
    """The same maps, lists and texts, in the same order."""
    wanted = [one for one in yaml.load_all(text, yaml.BaseLoader) if one is not None]
    found = [one.plain() for one in read(text)]
    assert found == wanted
    assert str(found) == str(wanted)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\n\tb: 2\n", 2), ("a:\n  {{ .Values.x }}\n", 2), ("a: 1\na: 2\n", 2), ("a: [1, 2\n", 1), ("a: *b\n", 1)],
)
def test_what_it_does_not_know_it_refuses(text, line):
    """With the line: nothing is guessed."""
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert caught.value.line == line or "closed" in caught.value.what


def test_the_back_office_is_set_up_already(tmp_path):
    """Of all parts only hooks are missing, and doctor finds no error in it; its services are the demo's, not smoke's."""
    folder = tmp_path / "backoffice"
    ignored = shutil.ignore_patterns("node_modules", "*_cache", "__pycache__", "dist")
    shutil.copytree(ROOT / "examples/backoffice", folder, ignore=ignored)
    skipped = [word for part in ("pre-commit", "ci", "settings") for word in ("--skip", part)]
    shown = pgready(folder, "init", "--dry-run", *skipped, code=0)
    assert "nothing to do" in shown.stderr, shown.stdout
    pgready(folder, "doctor", "--offline", code=0)
