"""`pgready validate` and `pgready format`: verdicts, exit codes, what goes where, what is written and what is not."""

import json
import os
import pty
import subprocess
import sys

import pytest

from fix_boot import SOURCE
from pgready.cli.main import main

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
GOOD = DATASOURCE + "\nmodel A {\n  id Int @id\n}\n"
BAD = DATASOURCE + "\nmodel A {\n  id Int @id\n  b  Strin\n}\n"
LOOSE = DATASOURCE + "model  A {\n id Int @id\n    name   String\n}\n"
TIGHT = DATASOURCE + "\nmodel A {\n  id   Int    @id\n  name String\n}\n"
BROKEN = DATASOURCE + "\nmodel A {\n  id Int @id\n  ???\n}\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The current folder, without settings of the machine's own."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("PGREADY_", "DATABASE_URL", "NO_COLOR", "FORCE_COLOR")):
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def run(project, capfd):
    """Run a command line in this process: exit code, stdout, stderr."""

    def call(*words):
        code = main(list(words))
        out, err = capfd.readouterr()
        return code, out, err

    return call


def write(project, text, name="schema.prisma"):
    """Write one file and return it."""
    file = project / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_valid_schema_is_said_in_one_line(project, run):
    """On stderr; with --quiet not at all; the data is empty."""
    write(project, GOOD)
    assert run("validate") == (0, "", "schema.prisma is valid\n")
    assert run("validate", "--quiet") == (0, "", "")
    write(project, "model B {\n  id Int @id\n}\n", "more/b.prisma")
    assert run("validate", "schema.prisma", "more") == (0, "", "the schema of 2 files is valid\n")


def test_an_invalid_schema(project, run):
    """The findings on stdout, the last word on stderr, exit 2; --quiet leaves out nothing that is wrong."""
    write(project, BAD)
    code, out, err = run("validate")
    assert (code, err) == (2, "schema.prisma is not valid: 1 error\n")
    assert out.splitlines()[0].startswith("schema.prisma:7:6: error[type-unknown]: `Strin`")
    assert out.splitlines()[2:4] == ["7 |   b  Strin", "  |      ^^^^^"]
    assert run("validate", "-q")[:2] == (2, out)
    code, out, _ = run("validate", "--output-format", "concise")
    assert (code, len(out.splitlines())) == (2, 1)


def test_warnings_leave_a_schema_valid(project, run):
    """They are shown and counted, and the exit code is 0."""
    text = DATASOURCE.replace("}", '  relationMode = "prisma"\n}') + (
        "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n"
        "  a A @relation(fields: [aId], references: [id])\n}\n"
    )
    write(project, text)
    code, out, err = run("validate")
    assert (code, err) == (0, "schema.prisma is valid (1 warning)\n")
    assert ": warning[relation-index-missing]: " in out
    assert json.loads(run("validate", "--json")[1])["warnings"] == 1


def test_machine_formats_have_stdout_for_themselves(project, run):
    """JSON, GitHub and SARIF, valid and not; --json is one of them."""
    for text, code in ((GOOD, 0), (BAD, 2)):
        write(project, text)
        for words in (["--json"], ["--output-format", "json"], ["--output-format", "sarif"]):
            ended, out, err = run("validate", *words)
            data = json.loads(out)
            assert (ended, err) == (code, "")
            assert data.get("valid", code == 0) is (code == 0)
        ended, out, err = run("validate", "--output-format", "github")
        assert (ended, len(out.splitlines()), err) == (code, code // 2, "")
    rules = data["runs"][0]["tool"]["driver"]["rules"]
    assert [(rule["id"], bool(rule["fullDescription"]["text"])) for rule in rules] == [("type-unknown", True)]


def test_a_file_that_cannot_be_read(project, run):
    """The same shape for machines, the sentence on stderr, exit 2."""
    write(project, b"model A {\n  \xff\n}\n")
    code, out, err = run("validate")
    assert (code, out) == (2, "")
    assert err.startswith("error: schema.prisma:2:3: byte 0xff is not UTF-8\n")
    data = json.loads(run("validate", "--json")[1])
    assert (data["valid"], data["error"]["where"], data["diagnostics"]) == (False, "schema.prisma:2:3", [])
    assert run("validate", "--output-format", "github")[1].startswith("::error file=schema.prisma,line=2,col=3,")
    assert json.loads(run("validate", "--output-format", "sarif")[1])["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["validate"], "there is no schema: no prisma/schema.prisma"),
        (["validate", "gone.prisma"], "there is no schema at gone.prisma"),
        (["validate", "--schema", "gone.prisma"], "there is no schema at gone.prisma"),
        (["validate", "."], "the folder . holds no .prisma file"),
        (["validate", ""], "an empty path is no schema"),
        (["format", "gone.prisma"], "there is no schema at gone.prisma"),
        (["validate", "--schema", "a", "b"], "--schema and paths exclude each other"),
        (["validate", "--json", "--output-format", "sarif"], "--json and --output-format sarif exclude each other"),
        (["validate", "--output-format", "xml"], "'xml' is not one of"),
    ],
)
def test_usage(words, said, run):
    """What is asked for is not there, or cannot be: exit 2 and a sentence."""
    code, _, err = run(*words)
    assert (code, said in err) == (2, True), err


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file(text, project, run):
    """Neither valid nor to be formatted: nothing is there."""
    write(project, text)
    assert run("validate")[2].startswith("error: the schema is empty: there is nothing in schema.prisma")
    assert run("format")[0] == 2
    assert (project / "schema.prisma").read_text() == text


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.replace("@id", "@id // \x00 nul"),
        GOOD + "// " + "x" * 1_000_000,
    ],
    ids=["crlf", "cr", "nul in a comment", "a megabyte on a line"],
)
def test_unusual_files_that_are_valid(text, project, run):
    """What Prisma takes is taken."""
    write(project, text)
    assert run("validate")[0] == 0


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BAD.replace("\n", "\r"), 7),
        (BAD.replace("\n", "\r\n"), 7),
        (GOOD + "x" * 1_000_000, 8),
        (GOOD + "\x00", 8),
    ],
    ids=["cr", "crlf", "a megabyte on a line", "nul"],
)
def test_unusual_files_that_are_not_valid(text, line, project, run):
    """The place is right, and what is shown is short and plain."""
    write(project, text)
    code, out, _ = run("validate")
    assert code == 2
    assert out.startswith(f"schema.prisma:{line}:")
    assert len(out) < 2000
    assert out.replace("\n", "").isprintable()


def test_duplicate_blocks_across_files(project, run):
    """Each block's place is its own file's."""
    write(project, GOOD, "s/a.prisma")
    write(project, "model A {\n  id Int @id\n}\n", "s/b.prisma")
    code, out, err = run("validate", "s")
    assert (code, err) == (2, "the schema of 2 files is not valid: 1 error\n")
    assert out.startswith("s/b.prisma:1:7: error[name-repeated]")


def test_folders_linked_in_a_circle(project, run):
    """A link back up is named; one that leads aside is followed, and each real file is read once."""
    write(project, GOOD, "s/a.prisma")
    write(project, "model B {\n  id Int @id\n}\n", "s/deep/er/b.prisma")
    (project / "s/aside").symlink_to("deep")
    assert run("validate", "s") == (0, "", "the schema of 2 files is valid\n")
    for link, target in (("s/again", "../s"), ("s/deep/er/up", "../../deep"), ("s/deep/up", "..")):
        (project / link).symlink_to(target)
        for verb in ("validate", "format"):
            code, out, err = run(verb, "s")
            assert (code, out) == (2, "")
            shown, to = link.replace("deep", "aside"), "s/aside" if target == "../../deep" else "s"
            assert err.startswith(f"error: {shown} leads back to {to}, which it lies in: links go in a circle\n")
        (project / link).unlink()
    for one, other in (("a", "b"), ("b", "a")):
        (project / f"{one}.prisma").symlink_to(f"{other}.prisma")
    code, _, err = run("validate", "a.prisma")
    assert (code, err) == (2, "error: a.prisma cannot be read: it is a link to b.prisma, which leads back to itself\n")


def test_a_schema_path_that_cannot_be_read_off(project, run):
    """Where there is no schema, what prisma.config.ts would have said is told."""
    write(project, "export default defineConfig({\n  schema: process.env.WHERE,\n})\n", "prisma.config.ts")
    code, _, err = run("validate")
    assert (code, "prisma.config.ts:2: schema is computed and was ignored" in err) == (2, True)
    write(project, GOOD, "elsewhere/x.prisma")
    write(project, "export default { schema: path.resolve(__dirname, 'elsewhere') }\n", "prisma.config.ts")
    assert run("validate") == (0, "", "elsewhere/x.prisma is valid\n")


def test_a_byte_order_mark(project, run):
    """Prisma takes it for an error, so do we, in one sentence; the file stays as it is."""
    file = write(project, "\ufeff" + LOOSE)
    for verb in ("validate", "format"):
        code, out, err = run(verb)
        assert (code, out) == (2, "")
        assert err.startswith("error: schema.prisma:1:1: the file begins with a byte order mark (BOM)")
    assert file.read_text() == "\ufeff" + LOOSE
    assert json.loads(run("validate", "--json")[1])["error"]["code"] == "schema_bom"


def test_an_output_that_nobody_reads(project):
    """A closed pipe ends the command as SIGPIPE would; without a stdout, or without a stderr, the verdict stands."""
    write(project, DATASOURCE + "model A {\n" + "  x Strin\n" * 20_000 + "}\n")
    command = [sys.executable, "-m", "pgready", "validate", "--output-format", "concise"]
    environ = {**os.environ, "PYTHONPATH": SOURCE, "PYTHONUNBUFFERED": ""}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ) as process:
        assert process.stdout.read(10) == b"schema.pri"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141
    for closed in (">&-", "2>&-", ">&- 2>&-", "<&-"):
        shell = ["sh", "-c", f'exec "$@" {closed}', "sh", *command[:-2]]
        ended = subprocess.run(shell, capture_output=True, env=environ, timeout=60, check=False)
        assert ended.returncode == 2
        assert b"bug" not in ended.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_an_output_on_a_full_disk(project):
    """Output that cannot be written is told in one line, and is no bug of ours; an error as JSON on stdout likewise."""
    write(project, DATASOURCE)
    for words in (["validate", "--output-format", "json"], ["validate", "--json", "--schema", "nowhere.prisma"]):
        with open("/dev/full", "w", encoding="ascii") as full:
            run = subprocess.run(
                [sys.executable, "-m", "pgready", *words],
                stdout=full,
                stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": SOURCE},
                timeout=60,
                check=False,
            )
        assert run.returncode == 2
        assert b"the output cannot be written: No space left on device" in run.stderr
        assert b"bug" not in run.stderr
        assert b"Exception" not in run.stderr


def test_another_database_is_one_line(project, run):
    """validate speaks PostgreSQL only; format formats it."""
    write(project, LOOSE.replace("postgresql", "mysql"))
    code, out, err = run("validate")
    assert (code, len(out.splitlines()), err) == (2, 1, "")
    assert "pgready speaks PostgreSQL" in out
    assert run("format")[0] == 0
    assert (project / "schema.prisma").read_text() == TIGHT.replace("postgresql", "mysql")


def test_no_secret_is_shown(project, run):
    """A URL with a password in the datasource is masked in every format."""
    url = '  url = "postgresql://app:s3cretword@db/x"'
    for text in (
        DATASOURCE.replace("}", f"{url} @x\n}}"),
        DATASOURCE.replace("}", f"{url[:-1]}\n}}"),
        DATASOURCE.replace("}", f"{url}\n{url}\n}}") + "model A {\n}\n",
        DATASOURCE.replace("}", f"{url.replace('url', 'urll')}\n}}"),
    ):
        write(project, text)
        for shape in ("human", "concise", "json", "github", "sarif"):
            code, out, err = run("validate", "--output-format", shape)
            assert code == 2, text
            assert "s3cretword" not in out + err


@pytest.mark.parametrize("words", [["validate"], ["format", "--check"]])
def test_colours_on_a_terminal(words, project):
    """Only there, and not with --no-color, NO_COLOR or a dumb terminal."""
    write(project, BROKEN)

    def seen(*more, **env):
        master, slave = pty.openpty()
        command = [sys.executable, "-m", "pgready", *words, *more]
        environ = {**os.environ, "TERM": "xterm", "PYTHONPATH": SOURCE, **env}
        process = subprocess.Popen(command, stdout=slave, stderr=slave, env=environ)
        os.close(slave)
        said = b""
        try:
            while piece := os.read(master, 4096):
                said += piece
        except OSError:
            pass  # the terminal is gone with its process
        os.close(master)
        assert process.wait(60) == 2
        return b"\x1b[1;31merror" in said

    assert seen()
    assert not seen("--no-color")
    assert not seen(NO_COLOR="1")
    assert not seen(TERM="dumb")


def test_format_writes_what_changed(project, run):
    """Once; the second time there is nothing to do and nothing is touched."""
    file = write(project, LOOSE)
    assert run("format") == (0, "schema.prisma\n", "1 file of 1 reformatted\n")
    assert file.read_text() == TIGHT
    before = file.stat()
    assert run("format") == (0, "", "1 file formatted already\n")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert run("format", "--quiet") == (0, "", "")


def test_format_check_writes_nothing(project, run):
    """The files that would change on stdout, exit 4."""
    write(project, TIGHT, "s/a.prisma")
    file = write(project, "model  B {\n id Int @id\n}\n", "s/b.prisma")
    before = file.read_bytes(), file.stat().st_mtime_ns
    assert run("format", "--check", "s") == (4, "s/b.prisma\n", "1 file of 2 would be reformatted: pgready format\n")
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert json.loads(run("format", "--check", "--json", "s")[1]) == {
        "files": ["s/a.prisma", "s/b.prisma"], "changed": ["s/b.prisma"], "written": False, "diagnostics": [],
    }  # fmt: skip
    assert run("format", "s")[0] == 0
    assert run("format", "--check", "s")[:2] == (0, "")


def test_syntax_errors_keep_format_from_writing(project, run):
    """Neither that file nor the others; the errors are shown."""
    write(project, LOOSE, "s/a.prisma")
    write(project, "model B {\n  ???\n}\n", "s/b.prisma")
    code, out, err = run("format", "s")
    assert (code, out) == (2, "")
    assert err.startswith("s/b.prisma:2:3: error[")
    assert err.endswith("nothing was written: the syntax has to be right first\n")
    assert (project / "s/a.prisma").read_text() == LOOSE
    data = json.loads(run("format", "--json", "s")[1])
    assert (data["written"], data["diagnostics"][0]["file"]) == (False, "s/b.prisma")


def test_other_errors_do_not(project, run):
    """A formatter is what one uses while a schema is being written."""
    write(project, BAD.replace("  b  Strin", "b     Strin"))
    assert run("format")[0] == 0
    assert (project / "schema.prisma").read_text() == BAD.replace("  id Int @id", "  id Int   @id")


def test_format_keeps_line_endings(project, run):
    """What is formatted already is so in any line ending."""
    for newline in ("\r\n", "\r"):
        file = write(project, LOOSE.replace("\n", newline))
        assert run("format")[0] == 0
        assert file.read_bytes() == TIGHT.replace("\n", newline).encode()
        assert run("format", "--check")[0] == 0


def test_format_refuses_a_read_only_file(project, run):
    """With a sentence; nothing is left over."""
    file = write(project, LOOSE)
    file.chmod(0o444)
    code, out, err = run("format")
    assert (code, out) == (2, "")
    assert err.startswith("error: schema.prisma is read-only; nothing was written\n")
    assert os.listdir(project) == ["schema.prisma"]


def test_back_relations_are_added_across_files(project, run):
    """A whole schema is formatted as one, so that what a file lacks can follow from another."""
    write(project, DATASOURCE + "\nmodel A {\n  id Int @id\n}\n", "s/a.prisma")
    write(
        project,
        "model B {\n  id  Int @id\n  aId Int\n  a   A   @relation(fields: [aId], references: [id])\n}\n",
        "s/b.prisma",
    )
    assert run("format", "s") == (0, "s/a.prisma\n", "1 file of 2 reformatted\n")
    assert "  bs B[]\n" in (project / "s/a.prisma").read_text()


def test_neither_reads_a_url_or_a_broken_environment(project, run, monkeypatch):
    """No DATABASE_URL, a wrong one, or an unset env() make no difference."""
    write(project, GOOD.replace("}", '  url = env("NOT_SET")\n}', 1))
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    assert run("validate")[0] == 0
    assert run("format")[0] == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_text_can_be_shown_in_any_encoding(encoding, project):
    """Names and lines that the output cannot hold are spelled out; nothing stumbles over them."""
    name = os.fsdecode(b"s/\xff-\xe6\x97\xa5.prisma")
    write(project, BAD.replace("  b  Strin", "  // 日本\n  b  Strin // 日本") + "/" * 200, name)
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": SOURCE}

    def run(*words):
        command = [sys.executable, "-m", "pgready", *words, "s"]
        return subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)

    for shape in ("human", "concise", "json", "github", "sarif"):
        done = run("validate", "--output-format", shape)
        assert (done.returncode, b"type-unknown" in done.stdout, b"bug" in done.stderr) == (2, True, False), done
    done = run("format", "--check")
    assert (done.returncode, done.stdout) == (4, b"s/\xff-\xe6\x97\xa5.prisma\n")


def test_thousands_of_findings(project, run):
    """People get the first ones and the count, every other format gets all."""
    write(project, GOOD + "}\n" * 2000)
    code, out, err = run("validate")
    assert (code, out.count(": error[")) == (2, 500)
    assert (
        err
        == "the first 500 are shown; all of them: --output-format concise\nschema.prisma is not valid: 2000 errors\n"
    )
    assert len(run("validate", "--output-format", "concise")[1].splitlines()) == 2000
    assert len(run("validate", "--output-format", "github")[1].splitlines()) == 2000
    assert json.loads(run("validate", "--json")[1])["errors"] == 2000
