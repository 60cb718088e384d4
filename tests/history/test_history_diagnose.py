"""Files held against rows: every state, readiness, and the next step."""

from datetime import UTC, datetime, timedelta

import pytest

from pgready.history.checksum import checksum
from pgready.history.diagnose import diagnose
from pgready.history.explain import Left, explain_failed
from pgready.history.model import Migration, Row, State
from pgready.history.progress import Progress, prefix_digest, render

START = datetime(2024, 1, 1, tzinfo=UTC)


def migration(name, script="select 1;\n"):
    return Migration(name, script, checksum(script), f"migrations/{name}/migration.sql")


def row(name, at=0, script="select 1;\n", *, finished=True, rolled_back=False, steps=1, logs=None):
    time = START + timedelta(minutes=at)
    return Row(
        id=f"{name}-{at}",
        name=name,
        checksum=checksum(script),
        started_at=time,
        finished_at=time if finished else None,
        rolled_back_at=time if rolled_back else None,
        steps=steps if finished else 0,
        logs=logs,
    )


# (what, files, rows, running, states by name, pending, ready, first words of the next step)
CASES = [
    ("nothing yet", "ab", [], False, {"a": "pending", "b": "pending"}, "ab", False, "pgready migrate deploy"),
    ("all applied", "ab", [row("a"), row("b", 1)], False, {"a": "applied", "b": "applied"}, "", True, ""),
    ("behind", "abc", [row("a")], False, {"a": "applied", "b": "pending", "c": "pending"}, "bc", False, "pgready migr"),
    ("out of order", "ab", [row("b")], False, {"a": "pending", "b": "applied"}, "a", False, "pgready migrate deploy"),
    (
        "at work",
        "ab",
        [row("a"), row("b", 1, finished=False)],
        True,
        {"a": "applied", "b": "running"},
        "",
        False,
        "Ano",
    ),
    ("failed", "ab", [row("a", finished=False)], False, {"a": "failed", "b": "pending"}, "b", False, "If nothing"),
    ("rolled back", "a", [row("a", finished=False, rolled_back=True)], False, {"a": "rolled back"}, "a", False, "pgr"),
    (
        "rolled back, then applied",
        "a",
        [row("a", finished=False, rolled_back=True), row("a", 1)],
        False,
        {"a": "applied"},
        "",
        True,
        "",
    ),
    (
        "finished, then rolled back",
        "a",
        [row("a", rolled_back=True)],
        False,
        {"a": "rolled back"},
        "a",
        False,
        "pgready migrate deploy",
    ),
    ("edited", "a", [row("a", script="select 2;\n")], False, {"a": "edited"}, "", True, "Restore migrations/a/"),
    ("CRLF", "a", [row("a", script="select 1;\r\n")], False, {"a": "applied"}, "", True, ""),
    ("begun again", "a", [row("a"), row("a", 1, finished=False)], False, {"a": "failed"}, "", False, "If nothing"),
    ("ahead", "a", [row("a"), row("b", 1)], False, {"a": "applied", "b": "ahead"}, "", True, ""),
    ("ahead, sorts early", "b", [row("b"), row("a", 1)], False, {"b": "applied", "a": "ahead"}, "", True, ""),
    (
        "ahead, failed",
        "a",
        [row("a"), row("b", 1, finished=False)],
        False,
        {"a": "applied", "b": "ahead"},
        "",
        True,
        "",
    ),
    (
        "ahead, at work",
        "a",
        [row("a"), row("b", 1, finished=False)],
        True,
        {"a": "applied", "b": "ahead"},
        "",
        True,
        "",
    ),
    ("ahead of nothing", "b", [row("a")], False, {"b": "pending", "a": "ahead"}, "b", False, "pgready migrate deploy"),
    (
        "missing",
        "b",
        [row("a"), row("b", 1)],
        False,
        {"b": "applied", "a": "missing"},
        "",
        True,
        "Restore the file of a",
    ),
    ("missing, sorts late", "a", [row("z"), row("a", 1)], False, {"a": "applied", "z": "missing"}, "", True, "Restore"),
    (
        "unknown and rolled back",
        "a",
        [row("a"), row("b", 1, finished=False, rolled_back=True)],
        False,
        {"a": "applied", "b": "rolled back"},
        "",
        True,
        "",
    ),
]


@pytest.mark.parametrize(
    ("files", "rows", "running", "states", "pending", "ready", "then"),
    [c[1:] for c in CASES],
    ids=[c[0] for c in CASES],
)
def test_states(files, rows, running, states, pending, ready, then):
    """Each history gets its states, what is pending, readiness and the next step; the order of rows is no matter."""
    for order in (rows, rows[::-1]):
        history = diagnose([migration(name) for name in files], order, running=running)
        assert {entry.name: entry.state for entry in history.entries} == {k: State(v) for k, v in states.items()}
        assert [m.name for m in history.pending] == list(pending)
        assert history.ready is ready
        assert history.next_step().startswith(then)
        assert bool(history.next_step()) is bool(then)
        assert [e.name for e in history.blocking] == [k for k, v in states.items() if v == "failed"]


def test_the_next_step_of_a_failed_migration_names_it():
    """A failed migration's next step is a command that can be pasted."""
    history = diagnose([migration("a")], [row("a", finished=False)], running=False)
    assert "pgready migrate resolve --rolled-back a\n" in history.next_step()
    assert history.next_step().endswith("pgready migrate resolve --applied a")


def test_out_of_order_is_noted():
    """A pending migration that sorts before an applied one is applied all the same, and noted."""
    history = diagnose([migration(n) for n in "abc"], [row("b")], running=False)
    assert [(e.name, e.out_of_order) for e in history.entries] == [("a", True), ("b", False), ("c", False)]


def test_duplicates_are_told():
    """Two live finished rows of one name are a finding; a rolled back one beside a live one is not."""
    twice = diagnose([migration("a")], [row("a"), row("a", 1)], running=False)
    assert [r.id for r in twice.entries[0].duplicates] == ["a-0", "a-1"]
    assert [e.name for e in twice.duplicates] == ["a"]
    assert twice.ready
    once = diagnose([migration("a")], [row("a", rolled_back=True), row("a", 1)], running=False)
    assert once.duplicates == ()


def test_padded_names_are_the_same_migrations():
    """After `migrate adopt` the rows' spelling without zeros still counts."""
    history = diagnose([migration("V02__x"), migration("V10__y")], [row("V2__x"), row("V10__y", 1)], running=False)
    assert history.ready
    assert [(e.name, e.state, e.renamed_from) for e in history.entries] == [
        ("V02__x", State.APPLIED, "V2__x"),
        ("V10__y", State.APPLIED, None),
    ]


def test_spellings_never_merge_two_migrations():
    """Where both spellings exist on one side, nothing is guessed."""
    both_files = diagnose([migration("1_x"), migration("01_x")], [row("001_x")], running=False)
    assert [e.state for e in both_files.entries] == [State.PENDING, State.PENDING, State.AHEAD]
    exact = diagnose([migration("1_x"), migration("01_x")], [row("01_x")], running=False)
    assert [(e.name, e.state) for e in exact.entries] == [("1_x", State.PENDING), ("01_x", State.APPLIED)]
    both_rows = diagnose([migration("1_x")], [row("01_x"), row("001_x", 1)], running=False)
    assert [e.state for e in both_rows.entries] == [State.PENDING, State.AHEAD, State.AHEAD]


DIGEST = prefix_digest(["a"])


@pytest.mark.parametrize(
    ("script", "logs", "steps", "left", "words"),
    [
        ("create table a(); create table a();", "ERROR", 0, Left.NOTHING, "rolled back whole"),
        ("create table a();", None, 0, Left.UNKNOWN, "as a whole, or not at all"),
        ("create table a();", None, 1, Left.ALL, "ran to the end"),
        ("begin;\ncreate table a();\ncommit;\nselect 1/0;", "ERROR", 0, Left.UNKNOWN, "a/migration.sql:3"),
        ("begin; create table a(); select 1/0; commit;", None, 0, Left.UNKNOWN, "commits by itself"),
        ("create index concurrently i on t (a);", "ERROR", 0, Left.UNKNOWN, "INVALID index"),
        ("do $$ begin commit; perform 1/0; end $$;", "ERROR", 0, Left.UNKNOWN, "(DO)"),
        ("do $$ begin perform 1/0; end $$;", "ERROR", 0, Left.NOTHING, "rolled back whole"),
        ("-- commit;\nselect 'commit;', 1/0;", "ERROR", 0, Left.NOTHING, "rolled back whole"),
        (
            "x",
            render(Progress(3, 7, DIGEST, failed="no x")),
            0,
            Left.PART,
            "3 of 7 steps are in the database; step 4 fa",
        ),
        (
            "x",
            render(Progress(3, 7, DIGEST, doubt=True)),
            0,
            Left.PART,
            "step 4 was started and its outcome is unknown",
        ),
        ("x", render(Progress(0, 7, DIGEST)), 0, Left.NOTHING, "step 1 was not started"),
        ("x", render(Progress(7, 7, DIGEST)), 0, Left.ALL, "All 7 steps"),
    ],
)
def test_what_a_failed_migration_left(script, logs, steps, left, words):
    """The row and the script tell how much of a failed migration is in the database."""
    failed = Row("1", "a", checksum(script), START, None, None, steps, logs)
    told = explain_failed(failed, migration("a", script))
    assert told.left is left
    assert words in told.text


def test_a_mended_file_explains_nothing():
    """The folder's script says nothing about a failure of another text."""
    failed = Row("1", "a", checksum("old"), START, None, None, 0, "ERROR")
    assert explain_failed(failed, migration("a", "new")).left is Left.UNKNOWN
    assert explain_failed(failed, None).left is Left.UNKNOWN
