"""The queries of a test, proved: one proving ground for the whole session, built when the first test needs it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self, get_args

import pytest

from pgready.errors import PgreadyError
from pgready.integrations.recording import Recorder
from pgready.proof.contract import Contract, Parameter, Permission, Place, Waiver
from pgready.proof.contracts.normalise import ONLY_INSERTS, Recorded, joined
from pgready.report.story import plural, silent

if TYPE_CHECKING:
    from pgready.commands.prove.plans import Judging
    from pgready.proof.result import Proved
    from pgready.psl.diagnostics import Diagnostic

GROWTHS = (1.0, 10.0, 100.0)


class Prover:
    """The project of `root` on a proving ground at the size that its profile says.

    `notes` are warnings of the session: queries whose plan depends on the value, and those that cannot be judged.
    """

    def __init__(self, root: str, profile: str | None) -> None:
        self.root = root
        self._profile = profile
        self._stack = contextlib.ExitStack()
        self._judging: Judging | None = None
        self.notes: set[str] = set()
        self._known: dict[Contract, tuple[Proved | None, tuple[Diagnostic, ...]]] = {}

    def prove(self, contracts: Iterable[Contract]) -> list[tuple[Proved | None, tuple[Diagnostic, ...]]]:
        """For each contract what was proved, or None and what the server says against it.

        Each contract is judged once in a session. Raises UsageInvalid, MigrationFailed and Unreachable.
        """
        asked = list(contracts)
        new = [one for one in asked if _key(one) not in self._known]
        if new:
            with contextlib.chdir(self.root):
                judging = self._start()
                before = len(judging.refused)
                found = {one.contract.name: one for one in judging.run(new)}
            refused = judging.refused[before:]
            for one in new:
                proved = found.get(one.name)
                own = () if proved else tuple(each for each in refused if one.name in each.message) or tuple(refused)
                self._known[_key(one)] = (proved, own)
            judging.refused_names.clear()
        found_all = [(one, *self._known[_key(one)]) for one in asked]
        return [(proved and replace(proved, contract=one), refused) for one, proved, refused in found_all]

    def _start(self) -> Judging:
        if self._judging is None:
            from pgready.commands.prove.ground import project_ground
            from pgready.commands.prove.plans import Judging
            from pgready.commands.sides import Project
            from pgready.postgres.shapes import read_shapes
            from pgready.project.profile_place import find_profile
            from pgready.proof.profile import Profile
            from pgready.proof.size.profile_names import located

            project = Project({})
            file = find_profile(self._profile, {}, project.environ, project.cwd)
            ground = self._stack.enter_context(project_ground(project, None, silent)).ground
            profile = Profile() if file is None else located(file, read_shapes(ground.session))
            self._judging = Judging(ground, profile, GROWTHS, silent)
        return self._judging

    def close(self) -> None:
        """Stop the server."""
        self._stack.close()
        self._judging = None


def _key(contract: Contract) -> Contract:
    """The contract wherever it was asked from."""
    return replace(contract, place=Place(""))


class BoundedQueries:
    """A block whose queries must be bounded; the test fails at its end, with the plans, if one of them is not.

    `max_rows_read` and `allow` are those of a contract, for every query of the block.
    """

    def __init__(
        self,
        prover: Prover,
        test: str,
        *,
        max_rows_read: int | None = None,
        allow: Mapping[str, str] | None = None,
    ) -> None:
        self._prover = prover
        self._recorder = Recorder(prover.root)
        self._recorder.test = test
        self._max_rows_read = max_rows_read
        self._waivers = _waivers(allow or {})
        self.contracts: tuple[Contract, ...] = ()

    def __enter__(self) -> Self:
        self._recorder.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._recorder.uninstall()
        seen = self._recorder.take()
        if kind is not None:
            return
        queries, left_out = joined(seen)
        self.contracts = tuple(self._contract(one) for one in queries)
        if not self.contracts and ONLY_INSERTS not in dict(left_out):
            reasons = "; ".join(f"{count} {reason}" for reason, count in left_out)
            pytest.fail(
                "no query was seen that could be bounded"
                + (f" (left out: {reasons})" if reasons else "")
                + "; seen are those of SQLAlchemy, psycopg 3 and asyncpg in the test's own process",
                pytrace=False,
            )
        if self.contracts:
            self._judge()

    def _contract(self, one: Recorded) -> Contract:
        pages = dict(one.pages)
        file, _, function = (one.sites[0] if one.sites else "").partition(" ")
        parameters = tuple(
            Parameter(number, name, sample=pages.get(number)) for number, name in enumerate(one.names, 1)
        )
        return Contract(
            name=one.name,
            sql=one.sql,
            place=Place(f"{file} in {function}" if function else self._recorder.test),
            source="recorded",
            parameters=parameters,
            max_rows_read=self._max_rows_read,
            waivers=self._waivers,
        )

    def _judge(self) -> None:
        from pgready.report.proof import problems

        try:
            found = self._prover.prove(self.contracts)
        except PgreadyError as e:
            words = "\n".join(part for part in (e.what, e.excerpt, e.detail, e.then) if part)
            pytest.fail(f"the queries cannot be proved: {words}", pytrace=False)
        bad = [proved for proved, _ in found if proved is not None and proved.kind == "unbounded"]
        refused = [one for _, diagnostics in found for one in diagnostics]
        for proved, _ in found:
            if proved is not None and proved.kind in ("skew", "not judged"):
                words = "; ".join(text for _, text in problems(proved))
                self._prover.notes.add(f"{proved.kind}: {proved.contract.place.where()}: {words}")
        if bad or refused:
            pytest.fail(_told(bad, refused, len(found)), pytrace=False)


def _told(bad: Sequence[Proved], refused: Sequence[Diagnostic], count: int) -> str:
    from pgready.proof.result import Proof
    from pgready.report.proof import human

    parts = [f"without bounds at production's size: {len(bad)} of {plural(count, 'statement')}"] if bad else []
    parts += human(Proof(proved=tuple(bad), refused=tuple(dict.fromkeys(refused)), growths=GROWTHS))
    parts += [f"{one.contract.name}:\n{one.contract.sql}" for one in bad]
    return "\n\n".join(parts)


def _waivers(allow: Mapping[str, str]) -> tuple[Waiver, ...]:
    known = get_args(Permission)
    for word, reason in allow.items():
        if word not in known:
            pytest.fail(f"pgready_bounded: `{word}` cannot be allowed; it may be {', '.join(known)}", pytrace=False)
        if not isinstance(reason, str) or not reason.strip():
            pytest.fail(f'pgready_bounded: say why `{word}` is right: allow={{"{word}": "…"}}', pytrace=False)
    return tuple(Waiver(next(one for one in known if one == word), reason) for word, reason in allow.items())
