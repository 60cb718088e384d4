"""Prisma's parsers for these tests, and the figures at the end (`conformance_amount` says how much is run)."""

from collections.abc import Iterator

import conformance_parsers
import pytest
from conformance_amount import ASKED
from conformance_parsers import Parsers, ParsersMissing


@pytest.fixture(scope="session")
def parsers() -> Iterator[Parsers]:
    """Both of Prisma's parsers; skips with a word without them, fails where PGREADY_REQUIRE_PRISMA is set."""
    try:
        both = conformance_parsers.set_up()
    except ParsersMissing as e:
        if conformance_parsers.required():
            pytest.fail(str(e))
        pytest.skip(str(e))
    yield both
    both.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of all chunks, of all workers, in one line."""
    if not ASKED:
        return
    total: dict[str, int] = {}
    for reports in (terminalreporter.stats.get(word, []) for word in ("passed", "failed")):
        for name, number in (each for report in reports for each in report.user_properties):
            total[name] = total.get(name, 0) + number
    diffs = {name.removeprefix("diff "): number for name, number in total.items() if name.startswith("diff ")}
    if diffs:
        told = ", ".join(f"{number} {name}" for name, number in sorted(diffs.items()))
        terminalreporter.write_line(f"conformance of diffs: {told}")
    if "schemas" not in total:
        return
    valid, invalid, count = total["valid"], total["invalid"], total["schemas"]

    def share(kind: str, of: int) -> str:
        return f"{100 * (of - total.get(kind, 0)) / max(of, 1):.2f} %"

    terminalreporter.write_line(
        f"conformance: {count} schemas ({valid} valid, {invalid} invalid, {total.get('by chance', 0)} by chance): same verdict "
        f"{share('verdict', count)}, same lines {share('lines', invalid)} of the invalid, same warnings "
        f"{share('warnings', count)}, formatted alike {share('format', valid)} and DMMF alike {share('dmmf', valid)} of the "
        f"valid; {total.get('excepted', 0)} exceptions"
    )
