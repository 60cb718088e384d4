"""What init writes passes the linters of those who wrote the formats."""

import pytest
from init_repositories import HERE, SHAPES, copy, pgready, program

_THEIRS = ("--ignore", "DL3066")  # USER node, in the monorepo from the first


def lint(folder):
    """Every complaint of every linter."""
    wrong = []
    for file in sorted(folder.rglob("Dockerfile*")):
        done = program("hadolint", *_THEIRS, file)
        wrong += [done.stdout] if done.returncode else []
    for name in ("compose.yaml", "docker-compose.yml"):
        if (folder / name).exists():
            done = program("docker-compose", "-f", folder / name, "config", "-q")
            wrong += [done.stdout + done.stderr] if done.returncode else []
    for file in [*folder.glob("k8s/*.yaml"), *folder.glob("deploy/*.yaml")]:
        if file.name != "kustomization.yaml":
            done = program("kubernetes-validate", "--strict", file)
            wrong += [done.stdout + done.stderr] if done.returncode else []
    for file in folder.glob(".github/workflows/*.yml"):
        for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout"):
            done = program("check-jsonschema", "--builtin-schema", schema, file)
            wrong += [done.stdout] if done.returncode else []
    for file in folder.rglob("*.sh"):
        done = program("shellcheck", file)
        wrong += [done.stdout] if done.returncode else []
    return wrong


@pytest.mark.parametrize("shape", SHAPES)
def test_everything_written_is_clean(shape, tmp_path):
    """Dockerfiles, compose, manifests, workflow, scripts, hooks."""
    folder = copy(shape, tmp_path)
    pgready(folder, "init", "--yes", code=0)
    assert lint(folder) == []
    if (folder / ".pre-commit-config.yaml").exists():
        done = program("pre-commit", "validate-config", folder / ".pre-commit-config.yaml")
        assert done.returncode == 0, done.stdout


def test_the_linters_see_a_fault(tmp_path):
    """Each of them, planted in what was written."""
    folder = copy("pip", tmp_path)
    pgready(folder, "init", "--yes", code=0)
    for name, old, new in (
        ("Dockerfile", "WORKDIR /srv", "WORKDIR srv"),
        ("compose.yaml", "    build: .\n    entrypoint", "    biuld: .\n    entrypoint"),
        ("compose.yaml", "restart: always", "restrat: always"),
        ("k8s/quotes.yaml", "readinessProbe", "readynessProbe"),
        (".github/workflows/pgready.yml", "    timeout-minutes: 20\n", ""),
        ("entrypoint.sh", 'exec pgready boot -- "$@"', "exec pgready boot -- $@"),
    ):
        file = folder / name
        right = file.read_text()
        if old not in right:
            continue
        file.write_text(right.replace(old, new))
        assert lint(folder), name
        file.write_text(right)
    assert lint(folder) == []
    assert HERE.is_dir()
