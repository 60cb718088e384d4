"""Images without Python: the executable of tools/build-executable, and the TypeScript service that it starts.

Slow and from npm and the package index, so of the full run.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from backoffice_platform import until
from dockerfiles import BACKOFFICE, DEPLOY, ROOT, build
from test_deploy_images import start, works

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="session")
def executable(tmp_path_factory):
    """The folder that other images copy; skips with a word where the package index cannot be reached."""
    place = tmp_path_factory.mktemp("executable")
    done = subprocess.run([ROOT / "tools/build-executable", place], capture_output=True, text=True, check=False)
    if done.returncode and not os.environ.get("PGREADY_REQUIRE_PRISMA"):
        pytest.skip(f"the executable could not be built: {done.stderr[-500:]}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(place / "pgready/pgready")
    return place / "pgready"


@pytest.fixture
def bare(executable):
    """A root file system with the executable, a C library and a shell in it, and nothing else; only root can enter one."""
    if os.geteuid() != 0:
        pytest.skip("only root may change its root directory")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        shutil.copytree(executable, root / "opt/pgready")
        shutil.copytree(BACKOFFICE / "prisma", root / "app/prisma")
        shutil.copy(BACKOFFICE / "pgready.toml", root / "app")
        libraries = set()
        programs = [Path("/bin/sh"), Path("/bin/cat"), root / "opt/pgready/pgready", *(root / "opt/pgready").glob("_internal/**/*.so*")]  # fmt: skip
        for program in programs:
            told = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
            libraries |= {path for path in re.findall(r"(/\S+) \(0x", told) if not path.startswith(str(root))}
        for path in [*libraries, "/bin/sh", "/bin/cat"]:
            (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(path), root / path[1:])
        assert not [path for path in root.rglob("*python*") if path.is_file() and "/opt/pgready/" not in str(path)]
        yield root


def inside(root, *command, **environ):
    """A process in that file system, as an unprivileged user, with this environment and no other."""
    return subprocess.Popen(
        ["chroot", "--userspec=10001:10001", root, *command],
        env={"PATH": "/usr/sbin:/usr/bin:/bin", **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def everything(root):
    """What is there."""
    return {(str(path), path.lstat().st_mtime_ns) for path in root.rglob("*")}


def test_boot_without_python(bare, platform):
    """boot migrates from nothing in a file system without Python, writes no file, and becomes the command."""
    before = everything(bare)
    url = platform.url("backoffice_owner")
    script = (
        "cd /app && exec /opt/pgready/pgready boot -- /bin/sh -c 'echo \"$$ [$LD_LIBRARY_PATH] [$_PYI_ARCHIVE_FILE]\"'"
    )
    for said in ("23 migrations", ""):
        process = inside(bare, "/bin/sh", "-c", script, DATABASE_URL=url, LD_LIBRARY_PATH="/of/the/command")
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert out == f"{process.pid} [/of/the/command] []\n"  # the same process, the environment as it was given
        assert said in err
    assert everything(bare) == before
    assert platform.query("SELECT count(*) FROM public._prisma_migrations WHERE finished_at IS NOT NULL") == [(23,)]


def test_its_words_are_pgreadys(bare, platform):
    """Errors, exit codes and signals are those of every other pgready."""
    process = inside(bare, "/bin/sh", "-c", "cd /app && exec /opt/pgready/pgready boot -- /no/such/command",
                     DATABASE_URL=platform.url("backoffice_owner"))  # fmt: skip
    _, err = process.communicate(timeout=60)
    assert process.returncode == 127
    assert "Traceback" not in err
    process = inside(bare, "/bin/sh", "-c", "cd /app && exec /opt/pgready/pgready wait -- /bin/sh",
                     DATABASE_URL=platform.url())  # fmt: skip
    assert process.stderr
    until(lambda: "wait" in process.stderr.readline(), "it waits")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM


@pytest.fixture(scope="session")
def statements(executable, tmp_path_factory):
    """The image's last stage, built by its Dockerfile's own lines: npm, Prisma's generate, tsc, the contract."""
    if shutil.which("npm") is None:
        if os.environ.get("PGREADY_REQUIRE_PRISMA"):
            pytest.fail("npm is not here")
        pytest.skip("npm is not here")
    work = tmp_path_factory.mktemp("statements")
    tools = work / "bin"
    tools.mkdir()
    (tools / "node").symlink_to(shutil.which("node"))
    home = {"HOME": str(work), "PATH": os.environ["PATH"]}
    image = build(DEPLOY / "statements.Dockerfile", work, {"/opt/pgready": executable}, **home)
    image.environ["PATH"] = str(tools)  # Node, and no Python
    return image


def test_statements_answers(statements, platform):
    """It waits without Python until the platform is migrated, then answers from the database with Prisma's client."""
    service = start(platform, statements, "statements", LOG_QUERIES="1")
    until(lambda: service.get("/livez").status == 200 if listens(service) else False, "it is live while it waits")
    assert service.get("/readyz").status == 503
    api = platform.start("ledger_api")
    platform.answering("ledger_api")
    worker = platform.start("worker_financial")
    until(lambda: works(service), "statements works", seconds=60)
    client = api.made("/clients", name="Harbour Ltd", country="NL")
    numbers = []
    for day in range(1, 6):
        line = {"description": "moorage", "quantity": "2.5", "unit_price": f"10{day}.10"}
        invoice = api.made("/invoices", client_id=client["id"], number=f"S-{day}", currency="EUR",
                           due_on=f"2026-01-0{day}", lines=[line])  # fmt: skip
        if day != 5:  # the last stays a draft, and is nobody's business
            api.post(f"/invoices/{invoice['id']}/issue")
            numbers.insert(0, invoice["number"])
    first = next(one for one in api.get("/invoices", client_id=client["id"]).data["items"] if one["number"] == "S-4")
    paid = api.made(f"/invoices/{first['id']}/payments", method="CARD", amount="60.25", reference="P-1")
    assert paid["amount"] == "60.25"

    def owes():
        return service.get(f"/statements/{client['id']}").data["owes"]

    # 2.5 times (101.10 + 102.10 + 103.10 + 104.10), each rounded, less what was paid: once the worker has posted it all.
    until(lambda: owes() == [{"currency": "EUR", "amount": "965.75"}], f"the books are written: {owes()}", seconds=60)
    whole = service.get(f"/statements/{client['id']}").data
    assert whole["client"]["name"] == "Harbour Ltd"
    assert [one["number"] for one in whole["invoices"]] == numbers
    assert whole["invoices"][0] | {"id": 0, "createdAt": 0} == {
        "id": 0, "number": "S-4", "status": "ISSUED", "currency": "EUR", "total": "260.25", "paid": "60.25",
        "dueOn": "2026-01-04", "createdAt": 0,
    }  # fmt: skip
    seen, after = [], None
    while True:
        page = service.get(f"/statements/{client['id']}", limit=1, after=after).data
        seen += [one["number"] for one in page["invoices"]]
        after = page["next"]
        if after is None:
            break
    assert seen == numbers
    for path, status in {
        f"/statements/{client['id'][:-1]}": 422,
        f"/statements/{'0' * 8}-0000-0000-0000-{'0' * 12}": 404,
        f"/statements/{client['id']}?limit=0": 422,
        f"/statements/{client['id']}?limit=101": 422,
        f"/statements/{client['id']}?after={client['id']}": 422,
        f"/statements/{client['id']}?after=x": 422,
        "/nowhere": 404,
        "//": 400,
    }.items():
        answer = service.get(path)
        assert answer.status == status, (path, answer.text)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert service.post(f"/statements/{client['id']}", {}).status == 405
    sent = re.findall(r"^prisma:query (SELECT .*)$", service.said(), re.MULTILINE)
    lists = re.findall(
        r"^SELECT .*(?=;$)", (BACKOFFICE / "services/statements/contracts.sql").read_text(), re.MULTILINE
    )
    sent = [one for one in sent if " WHERE 1=0 " not in one]  # nothing is asked about no invoices
    several = re.compile(r"IN \(\$1(?:,\$\d+)*\)(.*)\$\d+$")  # a page of one stands for all sizes
    assert {several.sub(r"IN ($1)\1$2", one) for one in sent} == set(lists)
    assert worker.stop() == 0
    assert service.stop() == 0


def listens(service):
    """Whether somebody answers on its port."""
    assert service.process.poll() is None, service.said()
    try:
        service.get("/livez")
    except OSError:
        return False
    return True


def test_statements_does_not_start_on_another_schema(statements, platform):
    """The hash that its client was generated from is checked: a stale contract ends in 2, a lacking database in 4."""
    platform.run(sys.executable, "-m", "pgready", "migrate", "deploy", role="backoffice_owner")
    schema = statements.place("prisma/financial.prisma")
    contract = statements.place("prisma/readiness.contract")
    text, facts = schema.read_text(), contract.read_text()
    try:
        schema.write_text(text.replace("String        @db.VarChar(200)", "String", 1))
        assert schema.read_text() != text
        service = start(platform, statements, "statements")
        assert service.process.wait(60) == 2
        assert "stale" in service.said()
    finally:
        schema.write_text(text)
    platform.query("ALTER TABLE financial.invoices RENAME COLUMN due_on TO due")
    service = start(platform, statements, "statements")
    assert service.process.wait(60) == 4
    assert "due_on" in service.said()
    assert contract.read_text() == facts
