"""Plain folders become Prisma folders: nothing is lost, whatever interrupts it."""

import os

import pytest
from test_folder import make

from pgready.errors import UsageInvalid
from pgready.history.spelling import prisma_order
from pgready.project.adopt import Rename, apply, plan_adoption
from pgready.project.folder import load
from pgready.project.names import list_names

FILES = {
    "0001_a.sql": "create table a();\r\n",
    "0002_b.sql": "-- migrate:up transaction:false\nvacuum;\n-- migrate:down\nselect 2;\n",
    "0003_c.up.sql": "select 'ü';",
    "0003_c.down.sql": b"select '\xff';",
    "README.md": "read me",
}


def tree(folder):
    """Every file of the folder with its bytes."""
    found = {}
    for root, _, files in os.walk(folder):
        for file in files:
            path = os.path.join(root, file)
            with open(path, "rb") as content:
                found[os.path.relpath(path, folder)] = content.read()
    return found


def identity(folder):
    return [(m.name, m.script, m.checksum) for m in load(folder)]


def test_adoption(tmp_path):
    """Names and checksums stay; up and down sections, the lock file and all else stand where Prisma wants them."""
    folder = make(tmp_path, FILES)
    before, untouched = identity(folder), tree(folder)
    adoption = plan_adoption(folder)
    assert tree(folder) == untouched
    assert adoption.lines() == [
        "0001_a.sql → 0001_a/migration.sql",
        "0002_b.sql → 0002_b/migration.sql",
        "0002_b.sql (down section) → 0002_b/down.sql",
        "0003_c.up.sql → 0003_c/migration.sql",
        "0003_c.down.sql → 0003_c/down.sql",
        'write migration_lock.toml (provider = "postgresql")',
        adoption.notes[0],
    ]
    assert adoption.notes[0].startswith("note: 0002_b is marked as not transactional")
    assert adoption.renames == ()
    apply(adoption)
    assert identity(folder) == before
    after = tree(folder)
    assert b'provider = "postgresql"\n' in after.pop("migration_lock.toml")
    assert after == {
        "0001_a/migration.sql": b"create table a();\r\n",
        "0002_b/migration.sql": b"vacuum;\n",
        "0002_b/down.sql": b"select 2;\n",
        "0003_c/migration.sql": "select 'ü';".encode(),
        "0003_c/down.sql": b"select '\xff';",
        "README.md": b"read me",
    }
    assert sorted(os.listdir(folder)) == ["0001_a", "0002_b", "0003_c", "README.md", "migration_lock.toml"]
    again = plan_adoption(folder)
    assert (again.files, again.lines()) == ((), [])
    apply(again)
    assert identity(folder) == before


@pytest.mark.parametrize(
    ("files", "renamed"),
    [
        (["V1__a", "V2__b", "V10__c"], {"V1__a": "V01__a", "V2__b": "V02__b"}),
        (["1_a", "2_b", "10_c"], {"1_a": "01_a", "2_b": "02_b"}),
        (["V1__a", "V1.2__b", "V1.10__c"], {"V1.2__b": "V1.02__b"}),
        (["1_a", "2_b", "3_c"], {}),
    ],
)
def test_names_are_padded_where_prisma_would_reorder(tmp_path, files, renamed):
    """The order stays what it was; names change only where they must, and each change is listed."""
    folder = make(tmp_path, {f"{name}.sql": f"-- {name}" for name in files})
    adoption = plan_adoption(folder)
    assert adoption.renames == tuple(Rename(old, new) for old, new in renamed.items())
    apply(adoption)
    assert [m.script for m in load(folder)] == [f"-- {name}" for name in files]
    assert list_names(folder) == [renamed.get(name, name) for name in files]
    assert prisma_order(sorted(list_names(folder))) == list_names(folder)


def test_names_that_cannot_be_ordered(tmp_path):
    """Two styles of names that Prisma would always reorder are refused before anything is written."""
    folder = make(tmp_path, {"V1__a.sql": "", "0002_b.sql": ""})
    with pytest.raises(UsageInvalid, match="No padding"):
        plan_adoption(folder)
    assert set(tree(folder)) == {"V1__a.sql", "0002_b.sql"}


def test_bad_files_are_refused(tmp_path):
    """A file that could not be sent is not adopted either."""
    folder = make(tmp_path, {"1_a.sql": "-- migrate:down\n"})
    with pytest.raises(UsageInvalid, match="without an up section"):
        plan_adoption(folder)


class Cut(BaseException):
    """The process ends here."""


def crash_at(monkeypatch, number):
    """End the process before its `number`th change of the disk; returns what it did up to then."""
    done = []

    def planted(name):
        real = getattr(os, name)

        def call(*args, **kwargs):
            if len(done) == number:
                raise Cut
            done.append((name, os.path.basename(str(args[0]))))
            return real(*args, **kwargs)

        monkeypatch.setattr(os, name, call)

    for name in ("mkdir", "rename", "unlink", "rmdir", "fsync"):
        planted(name)
    return done


def test_a_crash_at_any_point_loses_nothing(tmp_path, monkeypatch):
    """Before every single step: the folder reads as before, or a further run finishes; in the end all is the same."""
    reference = make(tmp_path / "reference", FILES)
    expected = identity(reference)
    apply(plan_adoption(reference))
    whole = tree(reference)
    read = finished = 0
    for number in range(1000):
        folder = make(tmp_path / str(number), FILES)
        adoption = plan_adoption(folder)
        with monkeypatch.context() as patch:
            crash_at(patch, number)
            try:
                apply(adoption)
                break
            except Cut:
                pass
        try:
            assert identity(folder) == expected
            read += 1
        except UsageInvalid as e:
            assert e.code == "migrations_mixed"
            assert "pgready migrate adopt" in e.then
            finished += 1
        apply(plan_adoption(folder))
        assert identity(folder) == expected
        assert tree(folder) == whole
        assert sorted(os.listdir(folder)) == sorted(os.listdir(reference))
    assert number == read + finished
    assert read > 10
    assert finished > 5


def test_a_file_that_changed_meanwhile_is_kept(tmp_path, monkeypatch):
    """An old file is removed only while its copy holds the same script."""
    folder = make(tmp_path, FILES)
    steps = crash_at(monkeypatch, 1000)
    apply(plan_adoption(folder))
    first_removal = [name for name, _ in steps].index("unlink")
    monkeypatch.undo()
    other = make(tmp_path / "other", FILES)
    adoption = plan_adoption(other)
    with monkeypatch.context() as patch:
        crash_at(patch, first_removal)
        with pytest.raises(Cut):
            apply(adoption)
    make(other, {"0001_a.sql": "create table b();"})
    with pytest.raises(UsageInvalid, match="changed while") as caught:
        apply(plan_adoption(other))
    assert caught.value.where == os.path.join(other, "0001_a.sql")
    assert tree(other)["0001_a.sql"] == b"create table b();"


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    """An error of the disk is one message with the command that goes on, and the old files still stand."""
    folder = make(tmp_path, FILES)
    adoption = plan_adoption(folder)

    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UsageInvalid, match="No space left on device") as caught:
            apply(adoption)
    assert "pgready migrate adopt" in caught.value.then
    assert [m.name for m in load(folder)] == ["0001_a", "0002_b", "0003_c"]
