"""The readiness contract as a file: a head of a few lines, then the facts, one a line.

Hot module: a boot that verifies parity reads it, so it imports nothing but errors.
"""

from pgready.errors import UsageInvalid

FIRST = "pgready readiness contract "
VERSION = "1"
_HEAD = ("made of", "stamp", "threshold", "schemas", "relations", "functions")
WEIGHTS = ("breaks", "opens", "slows", "cosmetic")


class Contract:
    """What a database needs to have.

    `made_of` is "migrations", "schema" or the word for another side, `stamp` a digest of its files ("-": it has none).
    Findings of the weight `threshold` and heavier refuse. `schemas`, `relations` and `functions` are JSON arrays of
    the names that have to be looked at. `facts` are lines as `pgready.parity.contract` spells them, `kinds` the kinds
    among them.
    """

    __slots__ = ("facts", "functions", "kinds", "made_of", "relations", "schemas", "stamp", "threshold")

    def __init__(
        self,
        made_of: str,
        stamp: str,
        threshold: str,
        schemas: str,
        relations: str,
        functions: str,
        facts: "frozenset[str]",
    ) -> None:
        self.made_of = made_of
        self.stamp = stamp
        self.threshold = threshold
        self.schemas = schemas
        self.relations = relations
        self.functions = functions
        self.facts = facts
        self.kinds = {fact[2 : fact.find('"', 2)] for fact in facts}


def text(contract: Contract) -> str:
    """The file's content: the same contract gives the same bytes."""
    values = [getattr(contract, name.replace(" ", "_")) for name in _HEAD]
    head = ["%s: %s" % pair for pair in zip(_HEAD, values, strict=True)]
    head.append("facts: %d" % len(contract.facts))
    return "\n".join([FIRST + VERSION, *head, *sorted(contract.facts), ""])


def parse(content: str, where: str) -> Contract:
    """The contract of a file's content; raises UsageInvalid for another format, another version, a part of one."""
    lines = content.replace("\r\n", "\n").split("\n")
    if not lines[0].startswith(FIRST):
        raise _refused(where + ":1:1", "this is not a readiness contract", "contract_invalid", where)
    version = lines[0][len(FIRST) :]
    if version != VERSION:
        raise _refused(
            where + ":1:1", "the readiness contract is of version %s, and this pgready reads %s" % (version, VERSION),
            "contract_version", where,
        )  # fmt: skip
    values = []
    for number, name in enumerate((*_HEAD, "facts"), 1):
        head, colon, value = (lines[number] if number < len(lines) else "").partition(": ")
        if head != name or not colon:
            place = "%s:%d:1" % (where, number + 1)
            raise _refused(place, "the readiness contract lacks its line “%s: …”" % name, "contract_invalid", where)
        values.append(value)
    count = values.pop()
    found = frozenset(lines[len(values) + 2 : -1])
    # A copy that was cut short, or merged, must not ask for less.
    if count != str(len(found)) or lines[-1] or values[2] not in WEIGHTS:
        raise _refused(where, "the readiness contract is not whole", "contract_invalid", where)
    made_of, stamp, threshold, schemas, relations, functions = values
    return Contract(made_of, stamp, threshold, schemas, relations, functions, found)


def _refused(place: str, what: str, code: str, path: str) -> UsageInvalid:
    return UsageInvalid(what, where=place, then="make it anew: " + make(path), code=code)


def make(path: str) -> str:
    """The command that writes a contract of the migrations."""
    return "pgready parity migrations --write-contract %s" % path
