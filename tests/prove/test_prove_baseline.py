"""The baseline: what got worse fails, what did not does not, and a damaged file loses nothing."""

import os
import stat
from pathlib import Path

import pytest
from proofs import contract, keyed, proved, scanned, skewed

from pgready.commands.prove.baseline import compared, entry_of, update
from pgready.errors import UsageInvalid
from pgready.project.contracts_lock import read_baseline, write_baseline
from pgready.proof.baseline import Baseline, Entry, compare, fingerprint, from_text, merged, rounded, to_text
from pgready.proof.verdict import Kind

GOOD: tuple[Kind, Kind, Kind] = ("bounded", "bounded", "bounded")
BAD: tuple[Kind, Kind, Kind] = ("unbounded", "unbounded", "unbounded")
LATE: tuple[Kind, Kind, Kind] = ("bounded", "bounded", "unbounded")


def entry(name="a", kinds=GOOD, rows=50.0, query="q", growths=(1.0, 10.0, 100.0)):
    return Entry(name, query, tuple(zip(growths, kinds, strict=True)), rows, ("public.a_pkey",))


def worse(before, now, **more):
    return {change.name: change.text for change in compare(Baseline(tuple(before)), list(now), **more).worse}


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [
        (entry(kinds=GOOD), entry(kinds=BAD), "unbounded at 1x, where it was bounded"),
        (entry(kinds=LATE), entry(kinds=BAD), "unbounded at 1x, where it was bounded"),
        (entry(kinds=GOOD), entry(kinds=LATE), "unbounded at 100x, where it was bounded"),
        (entry(kinds=("skew",) * 3), entry(kinds=LATE), "unbounded at 100x, where it was skew"),
        (entry(kinds=("not judged",) * 3), entry(kinds=BAD), "unbounded at 1x, where it was not judged"),
        (entry(rows=50), entry(rows=500), "reads 500 rows, where it read 50"),
        (entry(kinds=BAD, rows=1e6), entry(kinds=BAD, rows=1e7), "reads 10,000,000 rows, where it read 1,000,000"),
        (None, entry(kinds=BAD), "a new contract, unbounded"),
        (None, entry(kinds=LATE), "a new contract, unbounded at 100x"),
        (
            entry(kinds=("bounded",), growths=(1.0,)),
            entry(kinds=("bounded", "unbounded"), growths=(1.0, 10.0)),
            "unbounded at 10x, which the baseline knows nothing of",
        ),
    ],
)
def test_what_got_worse_fails(before, now, text):
    """Unbounded now, unbounded earlier, ten times the rows, a new contract that is unbounded: each is told."""
    assert worse([before] if before else [], [now]) == {"a": text}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (entry(kinds=BAD), entry(kinds=BAD)),
        (entry(kinds=BAD), entry(kinds=LATE)),
        (entry(kinds=LATE), entry(kinds=LATE)),
        (entry(kinds=GOOD), entry(kinds=("skew",) * 3)),
        (entry(rows=50), entry(rows=400)),
        (entry(rows=1), entry(rows=90)),
        (None, entry(kinds=GOOD)),
        (None, entry(kinds=("skew",) * 3)),
        (entry(kinds=BAD), entry(kinds=BAD, query="edited")),
        (entry(kinds=("unbounded",), growths=(1.0,)), entry(kinds=("unbounded",) * 2, growths=(1.0, 10.0))),
    ],
)
def test_what_did_not_get_worse_does_not_fail(before, now):
    """As bad as before, or a warning, or a little more: the run stays green."""
    assert worse([before] if before else [], [now]) == {}


def test_strict_counts_warnings_that_are_new():
    """With strict a bounded contract that depends on skew now is worse; one that did before is not."""
    skew: tuple[Kind, Kind, Kind] = ("skew", "skew", "skew")
    assert worse([entry()], [entry(kinds=skew)], strict=True) == {"a": "skew at 1x, where it was bounded"}
    assert worse([entry(kinds=skew)], [entry(kinds=skew)], strict=True) == {}


def test_a_renamed_contract_is_known_by_its_query():
    """A name that changed excuses what it excused before, and nothing is told to be removed."""
    found = compare(Baseline((entry("old", BAD),)), [entry("new", BAD)])
    assert (found.worse, found.removed) == ((), ())


def test_removed_edited_and_better_ones_are_told():
    """They do not fail the run; a partial run does not take what it was not asked for as removed."""
    before = Baseline((entry("gone", query="g"), entry("kept", BAD), entry("other", query="x")), 18)
    now = [entry("kept", GOOD), entry("other", query="y")]
    found = compare(before, now, postgres=16)
    assert found.removed == ("gone",)
    assert found.edited == ("other",)
    assert [(one.name, one.text) for one in found.better] == [("kept", "unbounded before, bounded now")]
    assert found.notes == ("the baseline was made with PostgreSQL 18, and this is 16",)
    assert compare(before, now, partial=True).removed == ()


def test_the_file_is_read_back_as_it_was_written():
    """Every name that a contract may have, in one order whatever order they came in."""
    names = ["plain", 'quo"te', "back\\slash", "new\nline", "ümläut", "a.b-c", ""]
    entries = [
        entry(name, LATE, rows) for name, rows in zip(names, (0, 1, 50, 3000, 1e6, float("inf"), 7), strict=True)
    ]
    text = to_text(Baseline(tuple(entries), 18))
    assert from_text(text, "x") == Baseline(tuple(sorted(entries, key=lambda one: one.name)), 18)
    assert text == to_text(Baseline(tuple(reversed(entries)), 18))


def test_the_file_reads_well_in_a_diff():
    """The whole text, as people review it."""
    assert to_text(Baseline((entry("invoices_by_client", LATE),), 18)) == (
        "# What `pgready prove` found when somebody accepted it: a later run fails only on what is worse than this.\n"
        "# Written by `pgready prove --update-baseline`; commit it.\n\n"
        "version = 1\n"
        "postgres = 18\n\n"
        '[contracts."invoices_by_client"]\n'
        'query = "q"\n'
        'verdicts = { "1" = "bounded", "10" = "bounded", "100" = "unbounded" }\n'
        "rows_read = 50\n"
        'indexes = ["public.a_pkey"]\n'
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<<<<<<< HEAD\nversion = 1\n", "baseline_damaged"),
        ("", "baseline_version"),
        ("version = 2\n", "baseline_version"),
        ('version = "1"\n', "baseline_version"),
        ("version = 1\ncontracts = 3\n", "baseline_damaged"),
        ('version = 1\npostgres = "x"\n', "baseline_damaged"),
        ('version = 1\n[contracts.a]\nquery = "q"\n', "baseline_damaged"),
        ("version = 1\n[contracts]\na = 3\n", "baseline_damaged"),
        (to_text(Baseline((entry(),))).replace('"bounded"', '"green"', 1), "baseline_damaged"),
        (to_text(Baseline((entry(),))).replace('"1" =', '"one" ='), "baseline_damaged"),
        (to_text(Baseline((entry(),))).replace("rows_read = 50", 'rows_read = "many"'), "baseline_damaged"),
        (to_text(Baseline((entry(),))).replace('["public.a_pkey"]', "[3]"), "baseline_damaged"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(text, code):
    """Merge marks, another version, missing keys, wrong values: exit 2 with the file's name and what to do."""
    with pytest.raises(UsageInvalid) as caught:
        from_text(text, "contracts.lock")
    assert (caught.value.code, caught.value.where) == (code, "contracts.lock")
    assert "pgready prove --update-baseline" in caught.value.then


def test_writing_replaces_the_file_whole(tmp_path: Path):
    """The mode and a link stay, an equal text is not written again, nothing is left beside it."""
    real = tmp_path / "real.lock"
    link = tmp_path / "contracts.lock"
    link.symlink_to(real)
    assert write_baseline(str(link), Baseline((entry(),), 18))
    real.chmod(0o640)
    before = real.stat().st_mtime_ns
    assert not write_baseline(str(link), Baseline((entry(),), 18))
    assert real.stat().st_mtime_ns == before
    assert write_baseline(str(link), Baseline((entry(rows=60),), 18))
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["contracts.lock", "real.lock"]
    assert read_baseline(str(link)) == Baseline((entry(rows=60),), 18)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path):
    """A folder of that name: exit 2, and nothing beside it."""
    (tmp_path / "contracts.lock").mkdir()
    for act in (lambda path: write_baseline(path, Baseline((), 18)), read_baseline):
        with pytest.raises(UsageInvalid):
            act(str(tmp_path / "contracts.lock"))
    assert os.listdir(tmp_path) == ["contracts.lock"]
    (tmp_path / "latin").write_bytes(b"\xff")
    with pytest.raises(UsageInvalid, match="UTF-8"):
        read_baseline(str(tmp_path / "latin"))
    assert read_baseline(str(tmp_path / "none")) is None


def test_an_update_keeps_what_the_run_says_nothing_of(tmp_path: Path):
    """A partial run replaces its own entries; a whole run drops the removed ones, but not those that were refused."""
    path = str(tmp_path / "contracts.lock")
    before = Baseline((entry("by_id"), entry("gone"), entry("refused")), 18)
    found = [proved(contract("by_id"), scanned())]

    def names(*, partial):
        update(path, before, found, 18, partial=partial, refused={"refused"})
        written = read_baseline(path)
        assert written is not None
        return [one.name for one in written.entries]

    assert names(partial=True) == ["by_id", "gone", "refused"]
    assert names(partial=False) == ["by_id", "refused"]


def test_an_entry_is_what_was_proved():
    """Verdicts by growth, rows of the smallest growth to one digit, every index."""
    one = proved(contract("c", sql="SELECT  1"), keyed(51), skewed(), scanned())
    assert entry_of(one) == Entry(
        "c",
        fingerprint("SELECT 1"),
        ((1.0, "bounded"), (10.0, "skew"), (100.0, "unbounded")),
        60.0,
        ("financial.invoices_pkey", "financial.invoices_status_idx"),
    )


def test_what_was_refused_does_not_count_as_removed():
    """A contract with a mistyped column is there, and broken."""
    before = Baseline((entry("broken"), entry("gone", query="g")), 18)
    found = compared(before, [], 18, partial=False, refused={"broken"}, strict=False)
    assert found.removed == ("gone",)


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        (0, 0),
        (0.2, 1),
        (1, 1),
        (9, 9),
        (9.5, 10),
        (10, 10),
        (11, 20),
        (99, 100),
        (101, 200),
        (1e6, 1e6),
        (1234567, 2e6),
    ],
)
def test_rows_are_kept_to_one_digit(rows, shown):
    """Upwards, so that a bound stays one."""
    assert rounded(rows) == shown


def test_merging_without_an_old_file():
    """The first baseline is what is there now."""
    assert merged(None, [entry("b"), entry("a")], 18, None) == Baseline((entry("a"), entry("b")), 18)
