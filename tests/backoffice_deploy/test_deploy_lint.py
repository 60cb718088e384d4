"""The platform's container files, manifests, scripts and workflow, held against their own tools' checkers, offline.

For each checker a fault is planted that it has to find: a check that cannot go red is no check.
"""

import json
import re
import shutil
import subprocess

import pytest
import yaml
from dockerfiles import BACKOFFICE, DEPLOY, ROOT, instructions, last_stage

DOCKERFILES = sorted(DEPLOY.glob("*.Dockerfile"))
SERVICES = [file for file in DOCKERFILES if file.name != "pgready.Dockerfile"]
WORKFLOWS = sorted((BACKOFFICE / ".github/workflows").glob("*.yaml"))
KUBERNETES = DEPLOY / "kubernetes"
OVERLAYS = sorted(folder.parent for folder in KUBERNETES.glob("**/kustomization.yaml"))


def named(path):
    """What a case is called."""
    return path.relative_to(BACKOFFICE).as_posix()


def test_every_service_has_its_dockerfile():
    """One each, and one for the executable."""
    services = {folder.name for folder in (BACKOFFICE / "services").iterdir() if folder.is_dir()} - {"__pycache__"}
    assert {file.name.removesuffix(".Dockerfile") for file in SERVICES} == services


def test_hadolint(check, tmp_path):
    """Finds nothing in any Dockerfile (Debian's packages are not pinned), and finds what is planted."""
    done = check("hadolint", "--ignore", "DL3008", *DOCKERFILES)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "Dockerfile"
    wrong.write_text(DOCKERFILES[0].read_text().replace('CMD ["', "CMD ").replace('"]', ""))
    assert "DL3025" in check("hadolint", wrong).stdout


def faults(file):
    """What our own rules for an image's last stage have against it."""
    said = last_stage(file)
    by_word = dict(said)
    found = []
    if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", by_word.get("USER", "")):
        found.append("does not run as an unprivileged number")
    if any(word == "RUN" for word, _ in said):
        found.append("runs something in the last stage")
    if any(word == "COPY" and not rest.startswith("--from=") for word, rest in said):
        found.append("copies past the build")
    for word in ("ENTRYPOINT", "CMD"):
        try:
            json.loads(by_word.get(word, ""))
        except ValueError:
            found.append(f"{word} is not in exec form")
    entry = by_word.get("ENTRYPOINT", "")
    if "pgready" not in entry and "entrypoint.sh" not in entry:
        found.append("starts without a look at the database")
    built = " ".join(rest for word, rest in instructions(file) if word == "RUN")
    if "parity schema --write-contract prisma/readiness.contract" not in built:
        found.append("has no contract")
    if "pgready generate --check" not in built and "prisma generate" not in built:
        found.append("does not check its client")
    if "node" in by_word["FROM"] and "services/statements" not in by_word.get("CMD", ""):
        found.append("brings Node")
    return found


@pytest.mark.parametrize("file", SERVICES, ids=named)
def test_images_keep_our_rules(file):
    """Two stages, an unprivileged user by number, exec form, a client checked at build, no Node beside Python."""
    assert faults(file) == []


def test_our_rules_can_be_broken(tmp_path):
    """Each fault, planted, is found."""
    text = (DEPLOY / "ledger_api.Dockerfile").read_text()
    wrong = tmp_path / "wrong.Dockerfile"
    plants = {
        "does not run as an unprivileged number": ("USER 10001:10001", "USER root"),
        "runs something in the last stage": ("USER 10001:10001", "RUN pip install x\nUSER 10001:10001"),
        "copies past the build": ("COPY --from=build /app /app", "COPY . /app"),
        "CMD is not in exec form": ('CMD ["env"', 'CMD env"'),
        "starts without a look at the database": ('ENTRYPOINT ["pgready", "boot"', 'ENTRYPOINT ["env"'),
        "has no contract": ("--write-contract", "--quiet"),
        "does not check its client": ("generate --check", "generate"),
        "brings Node": ("FROM python:3.12-slim-bookworm\nCOPY", "FROM node:22\nCOPY"),
    }
    for fault, (old, new) in plants.items():
        assert old in text, old
        wrong.write_text(text.replace(old, new))
        assert fault in faults(wrong), fault


def test_executable_is_built_by_one_recipe():
    """The image for COPY --from and tools/build-executable give PyInstaller the same words and the same version."""
    words = []
    for file in (DEPLOY / "pgready.Dockerfile", ROOT / "tools/build-executable"):
        text = file.read_text().replace("\\\n", " ")
        line = re.search(r"pyinstaller (--log-level.*?) --distpath", text)
        version = re.search(r"pyinstaller==([\d.]+)", text)
        words.append((line[1].split(), version[1]))
    assert words[0] == words[1]


@pytest.fixture
def compose(check, tmp_path):
    """The compose files read together, with passwords made by the script that the page names."""
    folder = tmp_path / "deploy"
    shutil.copytree(DEPLOY, folder, ignore=shutil.ignore_patterns(".env", "postgres_password"))
    for _ in range(2):  # what is there stays
        subprocess.run([folder / "secrets/make"], check=True)
        kept = (folder / "secrets/.env").read_text()
    assert kept == (folder / "secrets/.env").read_text()

    def read(*names):
        files = [word for name in names for word in ("-f", folder / name)]
        return check("docker-compose", "--env-file", folder / "secrets/.env", *files, "config", "--format", "json")

    read.folder = folder
    return read


def test_compose(compose):
    """Compose reads the files; every service of ours is read-only and unprivileged, and passwords are nowhere in them."""
    done = compose("compose.yaml")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    for name, service in said["services"].items():
        assert service["read_only"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        if name != "db":
            assert service["cap_drop"] == ["ALL"], name
            assert "postgresql://postgres:" not in json.dumps(service), name
    conditions = {name: service.get("depends_on", {}) for name, service in said["services"].items()}
    assert conditions["roles"]["db"]["condition"] == "service_healthy"
    assert conditions["statements"]["roles"]["condition"] == "service_completed_successfully"
    owner = {name for name, service in said["services"].items() if "backoffice_owner:" in json.dumps(service)}
    assert owner == {"ledger-api"}  # nobody else can migrate
    wrong = compose.folder / "wrong.yaml"
    wrong.write_text((DEPLOY / "compose.yaml").read_text().replace("service_healthy", "service_well"))
    assert compose("wrong.yaml").returncode != 0


def test_compose_with_a_job(compose):
    """The migrations are a job, all start after it, no service knows the owner, statements runs without pgready."""
    done = compose("compose.yaml", "compose.job.yaml")
    assert done.returncode == 0, done.stderr
    services = json.loads(done.stdout)["services"]
    for name, service in services.items():
        if name not in ("db", "roles", "migrate"):
            assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully", name
            assert "backoffice_owner:" not in json.dumps(service), name
    assert services["migrate"]["entrypoint"] == ["pgready", "migrate", "deploy"]
    assert services["migrate"]["restart"] == "no"
    assert "pgready" not in json.dumps(services["statements"]["entrypoint"] + services["statements"]["command"])


def test_manifests(check, tmp_path):
    """Every manifest holds Kubernetes' own schema, strictly, and a wrong key does not."""
    files = [*sorted((KUBERNETES / "base").glob("*.yaml")), KUBERNETES / "roles/roles.yaml"]
    files += [KUBERNETES / "overlays/job/migrate.yaml", KUBERNETES / "secrets.example.yaml"]
    files = [file for file in files if file.name != "kustomization.yaml"]
    helm = (DEPLOY / "helm/templates/migrate.yaml").read_text()
    values = yaml.safe_load((DEPLOY / "helm/values.yaml").read_text())
    values = {".Values.image": values["image"], ".Release.Name": "backoffice"} | {
        f".Values.owners.{key}": value for key, value in values["owners"].items()
    }
    hook = tmp_path / "hook.yaml"
    hook.write_text(re.sub(r"\{\{ (\S+) \}\}", lambda found: values[found[1]], helm))
    done = check("kubernetes-validate", "--strict", *files, hook)
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        (KUBERNETES / "base/ledger-api.yaml").read_text().replace("failureThreshold: 3", "failureThreshhold: 3")
    )
    assert check("kubernetes-validate", "--strict", wrong).returncode != 0
    hooked = yaml.safe_load(hook.read_text())
    assert hooked["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    job = yaml.safe_load((KUBERNETES / "overlays/job/migrate.yaml").read_text())
    commands = [one["spec"]["template"]["spec"]["containers"][0]["command"] for one in (hooked, job)]
    assert commands == [["pgready", "migrate", "deploy"]] * 2


def objections(manifests):
    """What our own rules for pods have against them."""
    found = []
    for one in manifests:
        if one["kind"] not in ("Deployment", "Job"):
            continue
        pod = one["spec"]["template"]["spec"]
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            name = f"{one['metadata']['name']}/{container['name']}"
            security = container.get("securityContext", {})
            if not (security.get("runAsNonRoot") and security.get("readOnlyRootFilesystem")):
                found.append(f"{name}: root, or a file system to write to")
            for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
                probe = container.get(kind)
                if probe and probe.get("failureThreshold", 3) < 2:
                    found.append(f"{name}: one failed {kind} is enough")
            told = {entry["name"] for entry in container.get("env", [])}
            secrets = json.dumps(container.get("env", []))
            command = " ".join([*container.get("command", []), *container.get("args", [])])
            waits = one["kind"] == "Deployment" and "pgready boot" not in command
            if waits and "backoffice-owners" in secrets and "TRADING_OWNER_URL" not in told:
                found.append(f"{name}: knows the owner and does not migrate")
            if ":1.0.0" not in container["image"]:
                found.append(f"{name}: which release is not said")
    return found


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not here, which has kustomize in it")
@pytest.mark.parametrize("folder", OVERLAYS, ids=named)
def test_overlays(check, tmp_path, folder):
    """Kustomize builds each; the result holds Kubernetes' schema and our own rules."""
    done = check("kubectl", "kustomize", folder)
    assert done.returncode == 0, done.stderr
    built = tmp_path / "built.yaml"
    built.write_text(done.stdout)
    valid = check("kubernetes-validate", "--strict", built)
    assert valid.returncode == 0, valid.stdout + valid.stderr
    manifests = list(yaml.safe_load_all(done.stdout))
    assert objections(manifests) == []
    planted = done.stdout.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", 1)
    assert len(objections(list(yaml.safe_load_all(planted)))) == 1
    pods = {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in manifests
        if "template" in one.get("spec", {})
    }
    if folder.name == "boot":
        assert pods["ledger-api"]["containers"][0]["command"][:2] == ["pgready", "boot"]
        planted = done.stdout.replace("failureThreshold: 6", "failureThreshold: 1", 1)
        assert len(objections(list(yaml.safe_load_all(planted)))) == 1
    if folder.name == "init-container":
        waits = pods["statements"]["initContainers"][0]
        assert waits["command"][:2] == ["pgready", "wait"]
        assert pods["statements"]["containers"][0]["command"] == ["node"]
    if folder.name in ("job", "init-container"):
        assert "migrate-1.0.0" in pods
        assert "backoffice-owners" not in json.dumps(pods["ledger-api"])


def test_network_policies_reach_what_exists():
    """Each port and each selector of the policies is one that a pod has."""
    base = [one for file in (KUBERNETES / "base").glob("*.yaml") for one in yaml.safe_load_all(file.read_text())]
    pods = [one["spec"]["template"] for one in base if one["kind"] == "Deployment"]
    http = {pod["metadata"]["labels"]["app"] for pod in pods if "ports" in pod["spec"]["containers"][0]}
    policies = {one["metadata"]["name"]: one["spec"] for one in base if one["kind"] == "NetworkPolicy"}
    (rule,) = policies["http"]["podSelector"]["matchExpressions"]
    assert set(rule["values"]) == http
    assert all(pod["metadata"]["labels"]["database"] == "backoffice" for pod in pods)
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_secrets_are_all_there():
    """The example of secrets has every key that a manifest asks for, and none that nobody wants."""
    have, want = set(), set()
    for one in yaml.safe_load_all((KUBERNETES / "secrets.example.yaml").read_text()):
        if one["metadata"]["name"] != "backoffice-administrator":  # taken whole
            have |= {(one["metadata"]["name"], key) for key in one["stringData"]}
    for file in KUBERNETES.glob("**/*.yaml"):
        want |= set(re.findall(r"secretKeyRef: \{name: (\S+), key: (\S+)\}", file.read_text()))
    assert want == have


def test_workflow(check, tmp_path):
    """GitHub's schema holds, each job is bounded in time, and a wrong key is found."""
    for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout"):
        done = check("check-jsonschema", "--builtin-schema", schema, *WORKFLOWS)
        assert done.returncode == 0, done.stdout
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(WORKFLOWS[0].read_text().replace("runs-on:", "run-on:"))
    assert check("check-jsonschema", "--builtin-schema", "vendor.github-workflows", wrong).returncode != 0
    wrong.write_text(WORKFLOWS[0].read_text().replace("timeout-minutes:", "env: {} #"))
    done = check("check-jsonschema", "--builtin-schema", "custom.github-workflows-require-timeout", wrong)
    assert done.returncode != 0


def test_shell(check, tmp_path):
    """shellcheck finds nothing in the scripts and in the workflow's steps, and finds what is planted."""
    scripts = [
        BACKOFFICE / "services/trading_svc/entrypoint.sh",
        DEPLOY / "secrets/make",
        ROOT / "tools/build-executable",
    ]
    for file in WORKFLOWS:
        for name, job in yaml.safe_load(file.read_text())["jobs"].items():
            for number, step in enumerate(job["steps"]):
                if "run" in step:
                    script = tmp_path / f"{name}-{number}.sh"
                    script.write_text("#!/bin/bash\nset -euo pipefail\n" + step["run"])
                    scripts.append(script)
    done = check("shellcheck", *scripts)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "wrong.sh"
    wrong.write_text('#!/bin/sh\ncd "$1"\nrm $2/*\n')
    assert "SC2086" in check("shellcheck", wrong).stdout


def test_requirements_fit_the_project():
    """The images install what pyproject.toml asks for, pinned, and nothing that the tests did not run with."""
    from importlib.metadata import version

    pinned = dict(
        re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)$", (DEPLOY / "requirements.txt").read_text(), re.MULTILINE)
    )
    asked = re.findall(r'^    "([\w.-]+)', (BACKOFFICE / "pyproject.toml").read_text().partition("dependencies = [")[2].partition("\n]")[0], re.MULTILINE)  # fmt: skip
    assert set(asked) <= set(pinned)
    assert {name: version(name) for name in pinned} == pinned
