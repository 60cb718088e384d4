"""Progress in a row's logs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.history.progress import Progress, parse, prefix_digest, render

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


@settings(derandomize=True)
@given(st.integers(0, 99), st.integers(0, 99), st.booleans(), texts, st.lists(texts, max_size=3))
def test_what_is_rendered_is_parsed(done, more, doubt, failed, steps):
    """Every progress survives the way through the logs column."""
    progress = Progress(done, done + more, prefix_digest(steps), doubt, failed)
    assert parse(render(progress)) == progress


@settings(derandomize=True)
@given(texts)
def test_foreign_text_is_no_progress(text):
    """Whatever else stands in the logs is nothing of ours, and never an error."""
    assert parse(text) is None


@pytest.mark.parametrize(
    "logs",
    [
        None,
        "",
        "A migration failed to apply. New migrations cannot be applied before the error is recovered from.",
        "pgready: 3 of 7 steps done",
        f"pgready: 9 of 7 steps done (sha256 {'0' * 64})",
        f"pgready: 3 of 7 steps done (sha256 {'0' * 63})",
        f"note\npgready: 3 of 7 steps done (sha256 {'0' * 64})",
    ],
)
def test_near_misses(logs):
    """A text that only looks alike is not believed."""
    assert parse(logs) is None


def test_text():
    """The text reads like a sentence, and a trailing note of an operator does no harm."""
    digest = prefix_digest(["a", "b"])
    text = render(Progress(2, 7, digest, doubt=True, failed='relation "x" does not exist\nat line 3'))
    assert text.split("\n") == [
        f"pgready: 2 of 7 steps done (sha256 {digest})",
        "step 3 was started and its outcome is unknown",
        'step 3 failed: relation "x" does not exist',
        "at line 3",
    ]
    assert parse(f"pgready: 2 of 7 steps done (sha256 {digest})\nI am at it. Ann") == Progress(2, 7, digest)


def test_digests_keep_statements_apart():
    """Moving a boundary between statements changes the digest."""
    assert len({prefix_digest(texts) for texts in (["ab"], ["a", "b"], ["", "ab"], ["1:ab"], [])}) == 5
