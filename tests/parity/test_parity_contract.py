"""The readiness contract by itself: facts, the question to the server, and what is lacking, on every plant."""

import json
import os

import pytest
from parity_plants import plants

from pgready.errors import UsageInvalid
from pgready.parity.compare import differences
from pgready.parity.contract import facts
from pgready.parity.contract_file import Contract, parse, text
from pgready.parity.contract_read import catalog
from pgready.parity.facts import unwell
from pgready.parity.lacking import lacking
from pgready.parity.mend import mending
from pgready.parity.rules import weighed
from pgready.plan.full import full_plan
from pgready.postgres.connect import open_session
from pgready.postgres.readiness_contract import ANSWER, question, told
from pgready.project.url import parse as parse_url

WHOLE = bool(os.environ.get("PGREADY_FULL_PARITY"))
COUNTS = ("breaks", "opens", "slows")
UNSAID = {"comment", "owner", "grants", "replica identity", "cluster", "attachment", "column order", "inheritance",
          "view default", "content"}  # fmt: skip
"""Kinds that a contract does not hold."""


def contract_of(one):
    """A contract of everything in a catalog, as `parity --write-contract` makes it."""
    relations = (*one.tables, *one.views, *one.sequences, *one.composites)
    return Contract(
        "database", "-", "slows", json.dumps([each.name for each in one.schemas]),
        json.dumps(sorted({each.name.name for each in relations})),
        json.dumps(sorted({each.name.name for each in one.functions})), frozenset(facts(one)),
    )  # fmt: skip


def ask(session, contract):
    """The facts that the server tells."""
    return told(session.run("verify", question(contract, session.major))[ANSWER].rows[0][0])


@pytest.mark.matrix
def test_plants_against_the_contract(server, planted, capsys):
    """A database has its own facts; a plant is refused by what parity says of it, never by more; ahead it passes."""
    reference = planted.catalog()
    session = open_session(parse_url(planted.url), "verify")
    listed = plants(server.major)
    if not WHOLE:
        first = {}
        for plant in listed:
            if plant.weight in COUNTS and plant.kind.partition(" of")[0] not in UNSAID:
                first.setdefault(plant.kind, plant)
        listed = [*first.values(), *listed[::60]]
    refused, passed, wrong, kinds = 0, 0, [], set()
    try:
        contract = contract_of(reference)
        assert contract.facts <= ask(session, contract)
        assert lacking(contract, ask(session, contract), ahead=False) == ()
        for plant in listed:
            planted.run(plant.sql)
            side = planted.catalog()
            all_ = [weighed(one) for one in differences(reference, side)] + list(unwell(side, None))
            there = ask(session, contract)
            found = [one for one in lacking(contract, there, ahead=False) if one.weight in COUNTS]
            # What is refused is in parity's findings, weight and all.
            known = {(one.object, one.how, one.weight) for one in all_}
            # Without its expression a check by another name is another one.
            known |= {(one.object, "missing", "opens") for one in all_ if one.rule == "check-renamed"}
            if not all((one.object, one.how, one.weight) in known for one in found):
                wrong.append(f"{plant.sql}\n    refused: {found}\n    parity: {all_}")
            gone = {
                one.object for one in all_
                if one.how == "missing" and one.weight in COUNTS and one.address[0] not in UNSAID
            }  # fmt: skip
            kinds |= {one.address[0] for one in found}
            if gone - {one.object for one in found}:
                wrong.append(f"{plant.sql}\n    not refused: {gone - {one.object for one in found}}")
            if found:
                refused += 1
            else:
                passed += 1
            for one in lacking(contract, there, ahead=True):
                assert one.how in ("missing", "different", "renamed", "unwell")
            planted.run(mending("side", full_plan(side, reference), all_, (), None))
            again = planted.catalog()
            if differences(reference, again):  # the order of columns
                reference = again
                contract = contract_of(reference)
    finally:
        session.close()
    assert not wrong, "\n".join(wrong)
    with capsys.disabled():
        print(f"\nPostgreSQL {server.major}: planted {len(listed)}, refused {refused}, nothing lacks in {passed}")
    assert refused > (140 if WHOLE else 20)
    assert {"schema", "enum", "domain", "composite", "range", "sequence", "table", "column", "default", "identity",
            "not null", "key", "exclusion", "check", "foreign key", "index", "trigger", "policy", "function", "view",
            "event trigger", "domain check"} <= kinds  # fmt: skip


@pytest.mark.matrix
def test_facts_are_read_back(planted):
    """Facts to a catalog and back are the same facts: nothing that is refused is worded from something else."""
    own = planted.catalog()
    assert facts(catalog(facts(own))) == facts(own)
    contract = contract_of(own)
    assert parse(text(contract), "x").facts == contract.facts
    assert text(parse(text(contract), "x")) == text(contract)


def test_a_file_that_is_none(tmp_path):
    """Other files, versions, copies that were cut or merged are refused by line, with the command that mends it."""
    whole = text(Contract("migrations", "-", "slows", "[]", "[]", "[]", frozenset(['["schema", "a"]', '["schema", "b"]'])))  # fmt: skip
    lines = whole.splitlines(keepends=True)
    cases = [
        ("", "this is not a readiness contract"),
        ("{}", "this is not a readiness contract"),
        (whole.replace("contract 1", "contract 2"), "is of version 2, and this pgready reads 1"),
        ("".join(lines[:-1]), "not whole"),
        (whole[:-3], "not whole"),
        (whole + '["schema", "c"]\n', "not whole"),
        (whole.replace("threshold: slows", "threshold: often"), "not whole"),
        ("".join(lines[:3] + lines[4:]), "lacks its line “threshold: …”"),
    ]
    for content, words in cases:
        with pytest.raises(UsageInvalid) as caught:
            parse(content, "x.contract")
        assert words in caught.value.what
        assert caught.value.then.endswith("--write-contract x.contract")
    assert parse(whole.replace("\n", "\r\n"), "x").facts == parse(whole, "x").facts
