"""pgready's diffs against Prisma's own engines, of 6.19 and of 7: the same SQL, byte for byte.

Every pair is taken both ways, and every single schema from and to an empty database.
"""

from collections.abc import Iterable, Iterator

import conformance_diff
import conformance_parsers
import pytest
from conformance_amount import AMOUNT, ASKED
from conformance_cases import corpus
from conformance_diff import Compared, Differs, compare
from conformance_diff_exceptions import EMPTY_NAMES, comparable, is_exception
from conformance_diff_random import pair
from conformance_parsers import Files, ParsersMissing, Style
from conformance_random import schemas

from diff_pairs import of_types, pairs

pytestmark = pytest.mark.prisma

CHUNK = 250
RANDOM_PAIRS = ASKED or 60
STRIDE = 1 if ASKED else 20
SOME = 1 if ASKED else 5

Ends = tuple[str, Style, Files | None, Files | None]


@pytest.fixture(scope="module")
def differs() -> Iterator[Differs]:
    """Both of Prisma's engines; skips with a word without them, fails where PGREADY_REQUIRE_PRISMA is set."""
    try:
        both = conformance_diff.set_up()
    except ParsersMissing as e:
        if conformance_parsers.required():
            pytest.fail(str(e))
        pytest.skip(str(e))
    yield both
    both.close()


def held(differs: Differs, cases: Iterable[Ends], record_property, *, all_valid: bool = False) -> None:
    """Fail with the first differences; `all_valid`: none of the schemas may be invalid."""
    told: dict[str, int] = {}
    found: list[Compared] = []
    for name, style, before, after in cases:
        found += compare(differs, style, name, (before, after), told)
    for word, number in told.items():
        record_property(f"diff {word}", number)
    wrong = [
        each
        for each in found
        if comparable(each.theirs) != comparable(each.ours) and not each.name.startswith(EMPTY_NAMES)
    ]
    assert told.get("equal"), "nothing was compared"
    assert not (all_valid and told.get("invalid")), f"{told['invalid']} schemas are not valid"
    shown = "\n\n".join(f"{each.name}\nPrisma:\n{each.theirs}\npgready:\n{each.ours}" for each in wrong[:3])
    assert not wrong, f"{len(wrong)} differences\n\n{shown}"


def one_file(text: str) -> Files:
    """A schema of one file."""
    return (("schema.prisma", text),)


def chunks(number: int) -> list[range]:
    """So many numbers in ranges of at most CHUNK."""
    return [range(at, min(at + CHUNK, number)) for at in range(0, number, CHUNK)]


def named(chunk: range) -> str:
    """How a chunk is called."""
    return f"{chunk.start}-{chunk.stop}"


def test_written_schemas_from_and_to_nothing(differs, record_property) -> None:
    """Every valid schema of the corpus is made and unmade as Prisma would."""
    cases = [each for each in corpus() if each.expected]
    held(differs, [(each.id, each.style, None, each.files) for each in cases[::SOME]], record_property)


@pytest.mark.parametrize("chunk", chunks(AMOUNT.random if ASKED else 30), ids=named)
def test_schemas_by_chance_from_and_to_nothing(differs, record_property, chunk) -> None:
    """Schemas by chance are made and unmade as Prisma would."""
    held(differs, [(each.id, each.style, None, each.files) for each in schemas(chunk)], record_property)


def test_every_kind_of_change(differs, record_property) -> None:
    """Each kind of change in isolation, both ways."""
    cases = [
        (each.id, each.style, one_file(each.before), one_file(each.after))
        for each in pairs()
        if not is_exception(each.name, each.id)
    ]
    held(differs, cases[::SOME], record_property, all_valid=True)


def test_every_change_of_type(differs, record_property) -> None:
    """Every two types, required and optional: castable or not, as Prisma judges."""
    cases = [(each.id, each.style, one_file(each.before), one_file(each.after)) for each in list(of_types())[::STRIDE]]
    held(differs, cases, record_property, all_valid=True)


@pytest.mark.parametrize("chunk", chunks(RANDOM_PAIRS), ids=named)
def test_changes_by_chance(differs, record_property, chunk) -> None:
    """Schemas by chance with changes by chance."""
    cases = []
    for seed in chunk:
        style, before, after = pair(seed)
        cases.append((f"pair {seed}", style, before, after))
    held(differs, cases, record_property)


def test_exceptions_differ(differs) -> None:
    """An exception that agrees with Prisma is none any more."""
    agreed = []
    for each in pairs():
        if is_exception(each.name, each.id):
            ends = (one_file(each.before), one_file(each.after))
            if not compare(differs, each.style, each.id, ends, {}):
                agreed.append(each.id)
    assert not agreed
