import pytest

from pgready.sql.script import control, must_split, segments, split, unwrapped

CONTROL = {
    "BEGIN": "begin",
    "begin work": "begin",
    "BEGIN /* x */ TRANSACTION ISOLATION LEVEL SERIALIZABLE": "begin",
    "START TRANSACTION READ ONLY": "begin",
    "COMMIT": "commit",
    "END": "commit",
    "COMMIT WORK AND NO CHAIN": "commit",
    "END TRANSACTION AND CHAIN": "commit and chain",
    "ROLLBACK": "rollback",
    "ABORT": "rollback",
    "ROLLBACK WORK AND CHAIN": "rollback and chain",
    "ROLLBACK TO SAVEPOINT a": "rollback to",
    "ROLLBACK TRANSACTION TO a": "rollback to",
    "SAVEPOINT a": "savepoint",
    "RELEASE a": "release",
    "PREPARE TRANSACTION 'x'": "prepare transaction",
    "COMMIT PREPARED 'x'": "commit prepared",
    "ROLLBACK PREPARED 'x'": "rollback prepared",
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE": "set transaction",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY": None,
    "PREPARE transaction AS SELECT 1": None,
    '"BEGIN"': None,
    "SELECT 1": None,
    "START": None,
}


@pytest.mark.parametrize(("text", "what"), CONTROL.items())
def test_transaction_control_is_recognised(text: str, what: str | None) -> None:
    """Every spelling of transaction control is told, and nothing else is."""
    assert control(split(text)[0]) == what


@pytest.mark.parametrize(
    ("script", "blanked"),
    [
        ("BEGIN; SELECT 1; COMMIT;", "       SELECT 1;        "),
        ("-- a\nbegin work;\nSELECT 1;\n\nend -- z", "-- a\n           \nSELECT 1;\n\n    -- z"),
        ("BEGIN\n/* x */ ; SAVEPOINT a; ROLLBACK TO a; COMMIT", "     \n          SAVEPOINT a; ROLLBACK TO a;       "),
        ("BEGIN;COMMIT", "            "),
    ],
)
def test_one_enclosing_pair_is_taken_off(script: str, blanked: str) -> None:
    """A script that is one BEGIN ... COMMIT loses the pair, and every other character stays where it was."""
    taken = unwrapped(script)
    assert taken is not None
    assert len(taken) == len(script)
    assert taken.split() == blanked.split()
    for statement in split(taken):
        assert script[statement.start : statement.end] == taken[statement.start : statement.end]


@pytest.mark.parametrize(
    "script",
    [
        "",
        "BEGIN",
        "SELECT 1",
        "SELECT 1; COMMIT",
        "BEGIN; SELECT 1; COMMIT; SELECT 2",
        "SELECT 1; BEGIN; SELECT 1; COMMIT",
        "BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT",
        "BEGIN; SELECT 1; ROLLBACK",
        "BEGIN; SELECT 1; COMMIT AND CHAIN",
        "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT",
        "BEGIN READ ONLY; SELECT 1; COMMIT",
        "BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT",
        "BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT",
    ],
)
def test_other_shapes_keep_their_control(script: str) -> None:
    """Anything but one plain pair around everything is not unwrapped."""
    assert unwrapped(script) is None


def shape(script: str, alone: set[int] | None = None, before: set[int] | None = None) -> list[str]:
    """The segments as text: statements joined by +, the modes before, the kind of a lone one behind."""
    return [
        (f"[{one.modes}] " if one.modes else "")
        + "+".join(statement.text for statement in one.statements)
        + ("" if one.transactional else f" ({one.kind})")
        for one in segments(script, frozenset(alone or ()), frozenset(before or ()))
    ]


SEGMENTS: list[tuple[str, list[str]]] = [
    ("", []),
    ("a; b", ["a+b"]),
    ("a; VACUUM; b; c", ["a", "VACUUM (vacuum)", "b+c"]),
    ("VACUUM; DISCARD ALL", ["VACUUM (vacuum)", "DISCARD ALL (discard all)"]),
    ("BEGIN; a; b; COMMIT; c; BEGIN; d; END", ["a+b", "c", "d"]),
    ("a; BEGIN; b; COMMIT", ["a", "b"]),
    ("a; COMMIT; b", ["a", "b"]),
    ("a; COMMIT; COMMIT; b", ["a", "b"]),
    ("BEGIN; COMMIT; a", ["a"]),
    ("a; BEGIN; b; ROLLBACK; c", ["a", "c"]),
    ("BEGIN; a; ABORT; b", ["b"]),
    ("BEGIN; a; SAVEPOINT s; b; ROLLBACK TO s; RELEASE s; COMMIT", ["a+SAVEPOINT s+b+ROLLBACK TO s+RELEASE s"]),
    ("BEGIN; a; VACUUM; b; COMMIT", ["a+VACUUM+b"]),
    ("BEGIN; a; BEGIN; b; COMMIT; c", ["a+b", "c"]),
    ("BEGIN; a; COMMIT AND CHAIN; b; COMMIT; c", ["a", "b", "c"]),
    ("BEGIN; a; ROLLBACK AND CHAIN; b; COMMIT; c", ["b", "c"]),
    ("BEGIN; a; COMMIT AND CHAIN; VACUUM; COMMIT", ["a", "VACUUM"]),
    (
        "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; a; COMMIT AND CHAIN; b; COMMIT; c",
        ["[ISOLATION LEVEL REPEATABLE READ] a", "[ISOLATION LEVEL REPEATABLE READ] b", "c"],
    ),
    (
        "START TRANSACTION DEFERRABLE, ISOLATION LEVEL SERIALIZABLE; a; COMMIT; b",
        ["[ISOLATION LEVEL SERIALIZABLE] a", "b"],
    ),
    (
        "BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; a; COMMIT; b",
        ["[ISOLATION LEVEL SERIALIZABLE] a", "b"],
    ),
    (
        "BEGIN; a; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; COMMIT",
        ["a+SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"],
    ),
]


@pytest.mark.parametrize(("script", "expected"), SEGMENTS)
def test_segments_follow_the_authors_boundaries(script: str, expected: list[str]) -> None:
    """What stands between the author's boundaries commits together; what cannot run in a transaction stands alone."""
    assert shape(script) == expected


def test_what_the_server_said_splits_further() -> None:
    """A statement that must stand alone, and one that needs a commit before it, get it, outside of explicit blocks."""
    script = "a; b; c; d"
    assert shape(script, alone={1}) == ["a", "b (learnt)", "c+d"]
    assert shape(script, before={2}) == ["a+b", "c+d"]
    assert shape(script, alone={0}, before={3}) == ["a (learnt)", "b+c", "d"]
    assert shape("a; CLUSTER; b", alone={1}) == ["a", "CLUSTER (cluster)", "b"]
    block = "BEGIN; a; b; COMMIT"
    assert segments(block, frozenset({2}), frozenset({2})) == segments(block)


def test_segments_know_the_places_of_their_statements() -> None:
    """Indexes count all statements of the script, control included."""
    assert [one.indexes for one in segments("BEGIN; a; b; COMMIT; VACUUM; c")] == [(1, 2), (4,), (5,)]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("a; b", None),
        ("a; SAVEPOINT s; ROLLBACK TO s; RELEASE s", None),
        ("a; VACUUM", "vacuum"),
        ("a; COMMIT; b", "commit"),
        ("BEGIN; a; COMMIT", "begin"),
        ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; a", "set transaction"),
        ("COMMIT PREPARED 'x'", "commit prepared"),
    ],
)
def test_what_cannot_run_inside_another_transaction_is_known(script: str, reason: str | None) -> None:
    """Control and known statements send a script to the split path at once, with the reason."""
    assert must_split(script) == reason
