"""What a Dockerfile makes, made without Docker: the files that it copies and no others, its RUN lines, its command.

What is installed from the net is taken from this machine instead: the paths in `INSTALLED`, and the RUN lines that would
install them are left out. A path of the image is a path below a folder of its own; nothing else in a line is changed.
"""

import fnmatch
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
BACKOFFICE = ROOT / "examples/backoffice"
DEPLOY = BACKOFFICE / "deploy"
INSTALLS = re.compile(r"^(?:python -m venv|pip install|apt-get)")
_PATH = re.compile(r"(?<![\w./])/(app|opt/venv|opt/pgready)(?![\w-])")


def instructions(file: Path) -> list[tuple[str, str]]:
    """Words and the rest of their lines, continuation lines joined."""
    text = re.sub(r"^\s*#.*\n", "", file.read_text(), flags=re.MULTILINE).replace("\\\n", "")
    found = []
    for line in text.splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            found.append((word, rest.strip()))
    return found


def last_stage(file: Path) -> list[tuple[str, str]]:
    """The stage that is the image."""
    said = instructions(file)
    start = max(at for at, (word, _) in enumerate(said) if word == "FROM")
    return said[start:]


def context(folder: Path) -> None:
    """What `docker build` would be sent: the example without what .dockerignore names."""
    rules = [line.removeprefix("**/") for line in (BACKOFFICE / ".dockerignore").read_text().split()]

    def ignored(_: str, names: list[str]) -> set[str]:
        return {name for name in names if any(fnmatch.fnmatch(name, rule) for rule in rules)}

    shutil.copytree(BACKOFFICE, folder, ignore=ignored)


@dataclass
class Stage:
    """Files below a folder, and what a command in them is told."""

    folder: Path
    installed: Mapping[str, Path]
    workdir: str = "/"
    environ: dict[str, str] = field(default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/bin"})
    said: dict[str, str] = field(default_factory=dict)

    def place(self, path: str) -> Path:
        """Where a path of the image is here."""
        whole = os.path.normpath(os.path.join(self.workdir, path))
        for name, instead in self.installed.items():
            if whole == name or whole.startswith(name + "/"):
                return Path(str(instead) + whole.removeprefix(name))
        return Path(str(self.folder) + whole)

    def mapped(self, text: str) -> str:
        """The text with paths as they are here."""
        return _PATH.sub(lambda found: str(self.place(found[0])), text)

    def set(self, pairs: str) -> None:
        """ENV."""
        for pair in pairs.split():
            name, _, value = pair.partition("=")
            self.environ[name] = self.mapped(value.replace("$PATH", self.environ["PATH"]))

    def copy(self, sources: list[Path], to: str) -> None:
        """COPY: a folder's content, files by their names."""
        target = self.place(to)
        for source in sources:
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
            else:
                into_folder = to.endswith("/") or len(sources) > 1
                (target if into_folder else target.parent).mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)

    def run(self, line: str, **more: str) -> None:
        """RUN."""
        done = subprocess.run(
            ["/bin/sh", "-c", self.mapped(line)], cwd=self.place("."), env=self.environ | more, capture_output=True,
            text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"

    def command(self) -> list[str]:
        """ENTRYPOINT and CMD, both in exec form."""
        return [self.mapped(word) for key in ("ENTRYPOINT", "CMD") for word in json.loads(self.said[key])]


def build(file: Path, work: Path, installed: Mapping[str, Path], **run_with: str) -> Stage:
    """The image's last stage. What stands in `installed` is there already, wherever the Dockerfile gets it from."""
    context(work / "context")
    stages: dict[str, Stage] = {}
    stage = Stage(work / "none", installed)
    for word, rest in instructions(file):
        if word == "FROM":
            _, _, name = rest.partition(" AS ")
            stage = Stage(work / (name or "image"), installed)
            stages[name or "image"] = stage
        elif word == "WORKDIR":
            stage.workdir = os.path.join(stage.workdir, rest)
            stage.place(".").mkdir(parents=True, exist_ok=True)
        elif word == "ENV":
            stage.set(rest)
        elif word == "COPY":
            *flags, to = rest.split()
            origin = next((flag.partition("=")[2] for flag in flags if flag.startswith("--from=")), None)
            sources = [flag for flag in flags if not flag.startswith("--")]
            if any(source in installed for source in sources):
                continue
            where = stages[origin].folder if origin else work / "context"
            stage.copy([Path(f"{where}/{source}") for source in sources], to)
        elif word == "RUN":
            if not INSTALLS.match(rest):
                stage.run(rest, **run_with)
        else:
            stage.said[word] = rest
    return stage
