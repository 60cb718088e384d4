"""CI: a workflow for GitHub, a job for GitLab, and a word for the others."""

from __future__ import annotations

from pgready.setup import yaml_reader
from pgready.setup.change import Change, whole
from pgready.setup.choice import Choice
from pgready.setup.dependencies import in_ci
from pgready.setup.found import Survey

GITHUB = ".github/workflows/pgready.yml"
GITLAB = ".gitlab-ci.yml"
_OTHERS = {
    ".circleci/config.yml": "CircleCI",
    "azure-pipelines.yml": "Azure Pipelines",
    "bitbucket-pipelines.yml": "Bitbucket",
    "Jenkinsfile": "Jenkins",
    ".drone.yml": "Drone",
    ".travis.yml": "Travis",
}


def ci_changes(found: Survey, choice: Choice, notes: list[str]) -> list[Change]:
    """A workflow for GitHub, a job in what GitLab runs; where another CI runs, what it should run is told."""
    if "ci" not in choice.parts:
        return []
    changes: list[Change | None] = []
    if GITLAB in found.tree.paths:
        changes.append(_gitlab(found, choice, notes))
    others = [name for path, name in _OTHERS.items() if path in found.tree.paths]
    if not found.workflows and others:
        notes.append(f"CI is {others[0]}'s: docs/how-to/init.md lists what its job should run")
    elif found.workflows or GITLAB not in found.tree.paths:
        text = workflow(found, choice)
        changes.append(whole(GITHUB, "ci", found.tree.texts.get(GITHUB), text, "CI proves every change"))
    return [one for one in changes if one is not None]


def workflow(found: Survey, choice: Choice) -> str:
    """Schema, new migrations, query contracts and a cold start, on every pull request."""
    before, after = _checks(found, "github")
    lines = [
        "name: pgready",
        "on:",
        "  push:",
        "    branches: [main, master]",
        "  pull_request:",
        "permissions:",
        "  contents: read",
        "jobs:",
        "  database:",
        "    runs-on: ubuntu-24.04",
        "    timeout-minutes: 20",
        "    steps:",
        "      - uses: actions/checkout@v4",
        "        with: {fetch-depth: 0}",
        "      - uses: actions/setup-python@v5",
        f'        with: {{python-version: "{choice.python}"}}',
        *(f"      - run: {command}" for command in [*_install(found, choice), *before]),
        "      - if: github.event_name == 'pull_request'",
        "        run: pgready lint --since origin/${{ github.base_ref }} --output-format github",
        *(f"      - run: {command}" for command in after),
    ]
    return "\n".join(lines) + "\n"


def _gitlab(found: Survey, choice: Choice, notes: list[str]) -> Change | None:
    """The job at the end of the file, unless there is one; nothing where the file is not understood."""
    before = found.tree.texts.get(GITLAB, "")
    if "pgready" in before:
        return None
    try:
        documents = yaml_reader.read(before)
    except yaml_reader.Unreadable as e:
        notes.append(f"{GITLAB}:{e.line}: {e.what}: it is not understood, so nothing was done to it")
        return None
    if len(documents) > 1 or (documents and (documents[0].kind != "map" or documents[0].flow)):
        notes.append(f"{GITLAB} is not understood: docs/how-to/init.md lists what its job should run")
        return None
    stages = (documents[0].get("stages") if documents else None) or None
    named = (stages.words() or []) if stages is not None else ["test"]
    end = "\r\n" if "\r\n" in before else "\n"
    text = end.join(gitlab_job(found, choice, "test" if "test" in named else named[0] if named else "test"))
    start = before.rstrip("\r\n \t")
    after = f"{start}{end}{end}{text}{end}" if start else f"{text}{end}"
    return Change(GITLAB, "ci", before, after, ("CI proves every change",))


def gitlab_job(found: Survey, choice: Choice, stage: str) -> list[str]:
    """The same as the workflow, in one job; new migrations are looked at in merge requests."""
    before, after = _checks(found, "")
    lint = (
        'if [ -n "$CI_MERGE_REQUEST_DIFF_BASE_SHA" ]; then pgready lint --since "$CI_MERGE_REQUEST_DIFF_BASE_SHA"; fi'
    )
    return [
        "pgready:",
        f"  stage: {stage}",
        f"  image: python:{choice.python}",
        "  timeout: 20 minutes",
        "  variables:",
        '    GIT_DEPTH: "0"',
        "  script:",
        *(f"    - {_scalar(line)}" for line in [*_install(found, choice), *before]),
        "    - |",
        f"      {lint}",
        *(f"    - {_scalar(line)}" for line in after),
    ]


def _scalar(line: str) -> str:
    """A command as YAML takes it in a list."""
    return f"'{line}'" if line[0] in "\"'[{(&*!|>%@`" or ": " in line or " #" in line else line


def _install(found: Survey, choice: Choice) -> list[str]:
    """What installs pgready, and the services beside it, so that smoke can start them."""
    commands = {f'pip install "pgready[embedded,prove]=={choice.version}"': None}
    for one in found.services:
        if one.language == "python" and one.command:
            commands |= dict.fromkeys(in_ci(found.tree, one.folder))
    return list(commands)


def _checks(found: Survey, form: str) -> tuple[list[str], list[str]]:
    """What runs before and after the look at new migrations."""
    to = f" --output-format {form}" if form else ""
    before = [f"pgready validate{to}", "pgready format --check"] if found.database.kind == "prisma" else []
    return before, [f"pgready smoke{to}", "pgready doctor --offline"]
