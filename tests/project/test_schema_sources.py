"""Schema files on disk: which they are, in which order, what is read, and what a rewrite keeps."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from pgready.errors import UsageInvalid
from pgready.project.schema_files import decode
from pgready.project.schema_sources import find_and_read, rewrite

MODEL = "model A {\n  id Int @id\n}\n"


@pytest.fixture
def folder(tmp_path):
    """Write files (name → text or bytes) below the test's folder."""

    def write(**files):
        for name, content in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


def tree(root, *names):
    """Empty models at these paths."""
    for number, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"model M{number} {{\n  id Int @id\n}}\n")


def read(root, *paths, **flags):
    """The paths that a schema has, as users know them."""
    return [file.source.path for file in find_and_read(paths, flags, {}, str(root))]


def refused(root, *paths, **flags):
    """The error that reading ends in."""
    with pytest.raises(UsageInvalid) as raised:
        find_and_read(paths, flags, {}, str(root))
    return raised.value


def test_the_order_is_prismas(tmp_path):
    """By name in each folder, a folder's files where the folder stands, bytes before letters of a language."""
    tree(
        tmp_path,
        "s/b.prisma",
        "s/a/z.prisma",
        "s/a.prisma",
        "s/B/x.prisma",
        "s/é.prisma",
        "s/z.prisma",
        "s/a/a/q.prisma",
    )
    assert read(tmp_path, "s") == [
        "s/B/x.prisma", "s/a/a/q.prisma", "s/a/z.prisma", "s/a.prisma", "s/b.prisma", "s/z.prisma", "s/é.prisma",
    ]  # fmt: skip


def test_what_is_no_schema_file_is_left_out(tmp_path):
    """Other endings, a file without a name, and the folders that are not the schema's."""
    tree(
        tmp_path,
        "s/a.prisma",
        "s/a.txt",
        "s/.prisma",
        "s/migrations/m.prisma",
        "s/node_modules/n.prisma",
        "s/.git/g.prisma",
    )
    assert read(tmp_path, "s") == ["s/a.prisma"]
    # A folder that is asked for by name is meant.
    assert read(tmp_path, "s/migrations") == ["s/migrations/m.prisma"]


def test_links_are_followed_and_nothing_counts_twice(tmp_path):
    """A link to a folder, to a file, and to a folder inside of one that was read."""
    tree(tmp_path, "s/a.prisma", "elsewhere/e.prisma", "elsewhere/deep/d.prisma")
    (tmp_path / "s/more").symlink_to("../elsewhere")
    (tmp_path / "s/once").symlink_to("../elsewhere/deep")
    (tmp_path / "s/same.prisma").symlink_to("a.prisma")
    assert read(tmp_path, "s") == ["s/a.prisma", "s/more/deep/d.prisma", "s/more/e.prisma"]
    assert read(tmp_path, "s/same.prisma", "s/a.prisma") == ["s/same.prisma"]


@pytest.mark.parametrize(
    ("link", "target", "told"),
    [
        ("s/up", "..", "s/up/s leads back to s"),
        ("s/itself", "../s", "s/itself leads back to s"),
        ("elsewhere/back", "../s", "s/more/back leads back to s"),
        ("elsewhere/deep/up", "..", "s/more/deep/up leads back to s/more"),
    ],
)
def test_links_in_a_circle_are_told(link, target, told, tmp_path):
    """Wherever in the circle reading starts, and of two links as well."""
    tree(tmp_path, "s/a.prisma", "elsewhere/deep/d.prisma")
    (tmp_path / "s/more").symlink_to("../elsewhere")
    assert read(tmp_path, "s") == ["s/a.prisma", "s/more/deep/d.prisma"]
    (tmp_path / link).symlink_to(target)
    error = refused(tmp_path, "s")
    assert (error.what, error.code) == (f"{told}, which it lies in: links go in a circle", "schema_circular")


def test_a_mounted_configmap_is_one_schema(tmp_path):
    """Kubernetes mounts files as links through `..data`: each counts once."""
    tree(tmp_path, "m/..2026/schema.prisma")
    (tmp_path / "m/..data").symlink_to("..2026")
    (tmp_path / "m/schema.prisma").symlink_to("..data/schema.prisma")
    assert len(read(tmp_path, "m")) == 1


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["prisma/schema.prisma", "schema.prisma"], ["prisma/schema.prisma"]),
        (["schema.prisma", "prisma/schema/a.prisma"], ["schema.prisma"]),
        (["prisma/schema/a.prisma", "prisma/b.prisma"], ["prisma/schema/a.prisma"]),
        (["prisma/b.prisma", "prisma/schemas/a.prisma"], ["prisma/b.prisma", "prisma/schemas/a.prisma"]),
    ],
)
def test_the_default_places(names, found, tmp_path):
    """Prisma's own, in its order."""
    tree(tmp_path, *names)
    assert read(tmp_path) == found


def test_settings_say_where_the_schema_is(tmp_path):
    """--schema, the environment, pgready.toml and prisma.config.ts; a broken config does not matter to --schema."""
    tree(tmp_path, "db/s.prisma", "schema.prisma")
    assert read(tmp_path, schema="db/s.prisma") == ["db/s.prisma"]
    assert [f.source.path for f in find_and_read((), {}, {"PGREADY_SCHEMA": "db"}, str(tmp_path))] == ["db/s.prisma"]
    (tmp_path / "prisma.config.ts").write_text('export default defineConfig({ schema: "db" });\n')
    assert read(tmp_path) == ["db/s.prisma"]
    (tmp_path / "pgready.toml").write_text('schema = "schema.prisma"\n')
    assert read(tmp_path) == ["schema.prisma"]
    (tmp_path / "pgready.toml").write_text("schema = \n")
    assert read(tmp_path, schema="db") == ["db/s.prisma"]


def test_paths_that_are_not_there(tmp_path):
    """A missing file, a folder without schemas (empty folders below it too), no schema at all."""
    (tmp_path / "empty/deeper").mkdir(parents=True)
    assert refused(tmp_path, "nowhere.prisma").what == "there is no schema at nowhere.prisma"
    assert refused(tmp_path, "empty").what == "the folder empty holds no .prisma file"
    assert refused(tmp_path).what.startswith("there is no schema: no prisma/schema.prisma")
    error = refused(tmp_path, "nowhere.prisma", "empty")
    assert "nowhere.prisma" in error.excerpt
    assert "empty" in error.excerpt
    assert [refused(tmp_path, "x", "y").exit_code, error.exit_code] == [2, 2]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"model A {\n  na\xffme Int\n}\n", ":2:5: byte 0xff is not UTF-8"),
        ("mädel\r\nümlaut ".encode() + b"\xe4", ":2:8: byte 0xe4 is not UTF-8"),
        (b"a\rb\rc\xc3", ":3:2: byte 0xc3 is not UTF-8"),
        ("model".encode("utf-16"), ":1:1: the file is UTF-16, not UTF-8"),
    ],
)
def test_bytes_that_are_not_utf_8(data, where, folder):
    """With line and column in characters, whatever ends the lines."""
    error = refused(folder(**{"a.prisma": data}), "a.prisma")
    assert error.what == "a.prisma" + where
    assert where.startswith(error.where.removeprefix("a.prisma") + ":")


def test_every_unreadable_file_is_told(folder):
    """Not the first one only."""
    root = folder(**{"s__a.prisma": b"\xff", "s__b.prisma": MODEL, "s__c.prisma": b"\n\xfe"})
    assert refused(root, "s").excerpt.splitlines() == [
        "  s/a.prisma:1:1: byte 0xff is not UTF-8",
        "  s/c.prisma:2:1: byte 0xfe is not UTF-8",
    ]


def test_links_to_nowhere_and_pipes(tmp_path):
    """A dangling link, a link to itself, a pipe that would never answer."""
    (tmp_path / "a.prisma").symlink_to("gone.prisma")
    assert refused(tmp_path, ".").what == "a.prisma cannot be read: it is a link to gone.prisma, which leads nowhere"
    (tmp_path / "a.prisma").unlink()
    (tmp_path / "a.prisma").symlink_to("a.prisma")
    assert "a.prisma cannot be read" in refused(tmp_path, ".").what
    (tmp_path / "a.prisma").unlink()
    os.mkfifo(tmp_path / "a.prisma")
    assert refused(tmp_path, ".").what == "a.prisma is not a file"


@pytest.fixture
def unprivileged():
    """A folder that this process looks at as somebody who is not root; it may write into it."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o777)
        was = os.geteuid()
        if was == 0:
            os.seteuid(65534)
        try:
            yield root
        finally:
            os.seteuid(was)


def test_files_and_folders_that_may_not_be_read(unprivileged):
    """Both are named with the reason."""
    tree(unprivileged, "s/a.prisma", "s/b/c.prisma", "s/d.prisma")
    (unprivileged / "s/a.prisma").chmod(0)
    (unprivileged / "s/b").chmod(0)
    try:
        assert refused(unprivileged, "s").excerpt.splitlines() == [
            "  s/b cannot be read: Permission denied",
            "  s/a.prisma cannot be read: Permission denied",
        ]
    finally:
        (unprivileged / "s/b").chmod(0o700)


def test_a_folder_that_may_not_be_written(unprivileged):
    """The file could be written, its replacement cannot be put beside it."""
    tree(unprivileged, "s/a.prisma")
    (file,) = find_and_read(["s"], {}, {}, str(unprivileged))
    (unprivileged / "s").chmod(0o555)
    try:
        with pytest.raises(UsageInvalid, match="no file can be made beside it: Permission denied; nothing was written"):
            rewrite([(file, b"new")])
    finally:
        (unprivileged / "s").chmod(0o755)
    assert os.listdir(unprivileged / "s") == ["a.prisma"]


def test_an_owner_that_cannot_be_kept(unprivileged):
    """A file of somebody else's stays somebody else's: it is not replaced by one of ours."""
    if os.getuid() != 0:
        pytest.skip("only root can make a file that is somebody else's")
    os.seteuid(0)
    tree(unprivileged, "a.prisma")
    os.chown(unprivileged / "a.prisma", 4711, 4712)
    (unprivileged / "a.prisma").chmod(0o666)
    os.seteuid(65534)
    (file,) = find_and_read(["a.prisma"], {}, {}, str(unprivileged))
    with pytest.raises(
        UsageInvalid, match=r"a\.prisma cannot be replaced: Operation not permitted; nothing was written"
    ):
        rewrite([(file, b"new")])
    assert os.listdir(unprivileged) == ["a.prisma"]


@pytest.mark.parametrize("text", ["", " \n\t\r\n"])
def test_an_empty_schema(text, folder):
    """An empty file among others is nothing, a schema of nothing is an error."""
    root = folder(**{"s__a.prisma": text})
    assert refused(root, "s").what == "the schema is empty: there is nothing in s/a.prisma"
    folder(**{"s__b.prisma": MODEL})
    assert read(root, "s") == ["s/a.prisma", "s/b.prisma"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_rewrite_keeps_line_endings(newline, folder):
    """The new text comes with line feeds and goes in as the file is written."""
    root = folder(**{"a.prisma": MODEL.replace("\n", newline)})
    (file,) = find_and_read(["a.prisma"], {}, {}, str(root))
    assert file.source.text == MODEL.replace("\n", newline)
    rewrite([(file, file.encoded("model B {\n}\n"))])
    assert (root / "a.prisma").read_bytes() == "model B {\n}\n".replace("\n", newline).encode()


def test_mixed_line_endings_follow_the_most(folder):
    """A single stray line ending does not turn the file over."""
    root = folder(**{"a.prisma": "a\r\nb\r\nc\nd\r\n", "b.prisma": "a\nb\r\nc\n"})
    assert [f.newline for f in find_and_read(["a.prisma", "b.prisma"], {}, {}, str(root))] == ["\r\n", "\n"]


def test_a_rewrite_keeps_permissions_and_links(folder):
    """The file behind the link is replaced, the link stays, nothing is left over."""
    root = folder(**{"real__a.prisma": MODEL})
    (root / "real/a.prisma").chmod(0o640)
    (root / "schema.prisma").symlink_to("real/a.prisma")
    (file,) = find_and_read(["schema.prisma"], {}, {}, str(root))
    rewrite([(file, b"new")])
    assert (root / "schema.prisma").is_symlink()
    assert (root / "real/a.prisma").read_bytes() == b"new"
    assert stat.S_IMODE((root / "real/a.prisma").stat().st_mode) == 0o640
    assert sorted(os.listdir(root / "real")) == ["a.prisma"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_rewrite_keeps_the_owner(folder):
    """Also when root formats somebody's file."""
    root = folder(**{"a.prisma": MODEL})
    os.chown(root / "a.prisma", 4711, 4712)
    (file,) = find_and_read(["a.prisma"], {}, {}, str(root))
    rewrite([(file, b"new")])
    status = (root / "a.prisma").stat()
    assert (status.st_uid, status.st_gid, (root / "a.prisma").read_bytes()) == (4711, 4712, b"new")


def test_a_read_only_file_leaves_all_as_they_were(folder):
    """The good file before it is not written either; root is told too."""
    root = folder(**{"a.prisma": MODEL, "b.prisma": MODEL})
    (root / "b.prisma").chmod(0o444)
    files = find_and_read(["a.prisma", "b.prisma"], {}, {}, str(root))
    with pytest.raises(UsageInvalid, match=r"b\.prisma is read-only; nothing was written"):
        rewrite([(file, b"new") for file in files])
    assert (root / "a.prisma").read_text() == MODEL
    assert sorted(os.listdir(root)) == ["a.prisma", "b.prisma"]


def test_a_file_that_changed_meanwhile_is_left_alone(folder):
    """An editor that saved while we were at work wins."""
    root = folder(**{"a.prisma": MODEL})
    (file,) = find_and_read(["a.prisma"], {}, {}, str(root))
    (root / "a.prisma").write_text("saved meanwhile")
    with pytest.raises(UsageInvalid, match="changed by somebody else"):
        rewrite([(file, b"new")])
    assert (root / "a.prisma").read_text() == "saved meanwhile"
    assert os.listdir(root) == ["a.prisma"]


def test_decoding_takes_any_text():
    """The BOM is the caller's."""
    assert decode("\ufeffä".encode(), "x") == "\ufeffä"
