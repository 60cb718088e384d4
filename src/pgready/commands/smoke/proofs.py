"""Step 6: the project's query contracts hold at production's size."""

from __future__ import annotations

from pgready.commands.prove.run import Request, prove
from pgready.commands.sides import Project
from pgready.commands.smoke.context import Failed, Run, Shown, Skipped
from pgready.errors import UsageInvalid
from pgready.proof.result import Proof
from pgready.report.proof import concise, last_word
from pgready.report.story import silent

_SHOWN = 15


def proofs(run: Run) -> tuple[Shown, Proof]:
    """Run `prove`; raises Failed (`Unproved`), and Skipped where there are no contracts."""
    run.doing("contracts against plans")
    project = Project({name: value for name, value in run.flags.items() if name in ("schema", "migrations", "config")})
    project.environ = run.child_environ("fresh")
    server = run.ground.url(run.fresh) if run.has_fresh and run.ground.superuser else None
    try:
        proof = prove(Request(server=server), project, silent)
    except UsageInvalid as e:
        if e.code == "contracts_missing":
            raise Skipped(e.what) from None
        raise
    lines = list(concise(proof))[:_SHOWN]
    data: dict[str, object] = {"contracts": len(proof.proved), "exit_code": proof.exit_code}
    if proof.exit_code:
        raise Unproved(last_word(proof), lines, data, proof)
    return Shown(last_word(proof), data=data), proof


class Unproved(Failed):
    """A contract does not hold; `proof` is for the report page."""

    def __init__(self, text: str, lines: list[str], data: dict[str, object], proof: Proof) -> None:
        super().__init__(text, lines, data)
        self.proof = proof
