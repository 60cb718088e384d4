"""Golden text: what a command printed, with what differs from run to run replaced, held against a file.

PGREADY_UPDATE_GOLDEN=1 rewrites the files; they are read in review, as a user would.
"""

import os
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
UPDATE = os.environ.get("PGREADY_UPDATE_GOLDEN") == "1"
# A Python value that reached a user.
REPR = re.compile(r"<[\w.]+ object|\bState\.|\bNone\b|\bTrue\b|\bFalse\b|\w+\(\w+=|Traceback|dict_|\['|\('|b'")


def normalise(text, project, database=None):
    """The text without times, ports, paths, versions and generated names."""
    if database is not None:
        text = text.replace(f":{database.server.port}", ":PORT").replace(database.name, "DATABASE")
        text = text.replace(database.server.version, "VERSION")
    text = text.replace(str(project.path), "PROJECT")
    text = re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+00:00)?", "WHEN", text)
    text = re.sub(r"\b\d+(\.\d+)? (ms|s)\b(?! left\))", "TIME", text)
    text = re.sub(r'"seconds": [\d.]+', '"seconds": TIME', text)
    return re.sub(r"\(\d+ s left\)", "(TIME left)", text)


def transcript(words, done, project, database=None):
    """One command as a reader sees it: what was typed, stdout, stderr, exit code."""
    parts = [f"$ pgready {' '.join(words)}"]
    parts += [done.stdout.rstrip("\n")] if done.stdout else []
    parts += ["── stderr ──", done.stderr.rstrip("\n")] if done.stderr else []
    parts += [f"── exit {done.returncode} ──", ""]
    return normalise("\n".join(parts), project, database)


def check(name, text):
    """Hold `text` against golden/NAME.txt, or write it when asked to."""
    assert not (found := REPR.search(text)), f"a Python value before a user: {found[0]} in\n{text}"
    file = FOLDER / f"{name}.txt"
    if UPDATE:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text)
    assert file.exists(), "no golden file: PGREADY_UPDATE_GOLDEN=1 writes it"
    assert text == file.read_text()
