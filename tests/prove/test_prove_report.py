"""What is shown of a proof: a table, plans with the node marked, lines, JSON, annotations, SARIF."""

import json
import re
from dataclasses import replace

import pytest
from proofs import contract, keyed, mixed, proof, proved, scanned, skewed, tree_of

from pgready.proof.baseline import Change, Comparison
from pgready.proof.result import Dropped, Proof, SelfTest
from pgready.proof.verdict import Finding, Judgement
from pgready.psl.diagnostics import Diagnostic
from pgready.psl.source import Source, Span
from pgready.report.diagnostics import COLOURS
from pgready.report.proof import concise, human, last_word, self_test
from pgready.report.proof_data import RULES, as_dict, as_json, github, sarif
from pgready.report.proof_markdown import markdown
from pgready.report.proof_plan import tree

REFUSED = Diagnostic("contract-refused", "error", "no such table", Span(Source("a.sql", "SELECT x"), 7, 8), "y is")

HUMAN = """\
contract    1x          10x         100x        rows read  through
by_id       bounded     bounded     bounded             1  invoices_pkey
by_status   unbounded   unbounded   unbounded   1,000,000
by_client   bounded     bounded     unbounded          50  invoices_pkey
open_ones   skew        skew        skew            5,000  invoices_status_idx
foreign     not judged  not judged  not judged
small_sort  bounded     bounded     bounded         5,000

unbounded: by_status
  --> contracts/invoices.sql:7:4
  reads all 1,000,000 rows of financial.invoices: no index for status = $1

    Limit  50 rows
    └─ Sort by i.created_at DESC  5,000 rows
       └─ Seq Scan on financial.invoices i  5,000 rows  ◀ scan: 1,000,000 rows
             filter: (i.status = $1)

  way out: an index on (status, created_at) makes it bounded
    CREATE INDEX CONCURRENTLY invoices_status_created_at_idx ON financial.invoices (status, created_at DESC);
    in the schema, model Invoice:
    @@index([status, createdAt(sort: Desc)], map: "invoices_status_created_at_idx")

unbounded: by_client
  --> contracts/invoices.sql:15:4
  reads all 2,000,000 rows of financial.invoices: no index for status = $1 (at 100x)

    Limit  50 rows
    └─ Sort by i.created_at DESC  5,000 rows
       └─ Seq Scan on financial.invoices i  5,000 rows  ◀ scan: 2,000,000 rows
             filter: (i.status = $1)

skew: open_ones
  --> contracts/invoices.sql:22:4
  a status may have many rows

not judged: foreign
  --> contracts/invoices.sql:30:4
  a Foreign Scan

bounded: small_sort
  --> contracts/invoices.sql:41:4
  allowed (sort): a client has few; it sorts 5,000 rows"""


def test_people_see_a_table_and_each_finding_with_its_plan():
    """The whole text: verdicts by growth, the node marked, the way out as SQL and as a line of the schema."""
    assert "\n\n".join(human(mixed())) == HUMAN
    assert last_word(mixed()) == "6 contracts: 2 bounded, 1 skew, 1 not judged, 2 unbounded"


def test_quiet_leaves_out_what_is_well():
    """No bounded contract is named."""
    text = "\n".join(human(mixed(), quiet=True))
    assert "by_status" in text
    assert "by_id" not in text
    assert "small_sort" not in text


def test_plans_of_all_contracts_can_be_shown():
    """The plan of a bounded one too, backwards scans and conditions told."""
    text = "\n".join(human(proof(proved(contract("by_id"), keyed())), plans=True))
    assert "Index Scan backward using invoices_pkey on financial.invoices  1 row" in text
    assert "index condition: (invoices.id = $1)" in text


def test_colours_change_no_word():
    """Without them the text is the same."""
    coloured = "\n\n".join(human(mixed(), COLOURS))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == HUMAN


def test_a_line_for_each_finding():
    """Place, level, code, name, sentence, and the way out once."""
    assert list(concise(mixed())) == [
        "contracts/invoices.sql:7:4: error[scan]: by_status: reads all 1,000,000 rows of financial.invoices: no index"
        " for status = $1 (CREATE INDEX CONCURRENTLY invoices_status_created_at_idx ON financial.invoices (status,"
        " created_at DESC);)",
        "contracts/invoices.sql:15:4: error[scan]: by_client: reads all 2,000,000 rows of financial.invoices: no index"
        " for status = $1 (at 100x)",
        "contracts/invoices.sql:22:4: warning[skew]: open_ones: a status may have many rows",
        "contracts/invoices.sql:30:4: warning[not-judged]: foreign: a Foreign Scan",
    ]


def test_a_verdict_of_one_mode_says_which():
    """Bounded for any value and unbounded for the samples, or the other way round."""
    both = proved(contract(), keyed(), growths=(1.0,))
    sampled = replace(both.judged[0], mode="literal", judgement=scanned(), plan=tree_of(scanned()))
    found = proof(replace(both, judged=(both.judged[0], sampled)))
    assert "(with the sample values)" in next(concise(found))
    other = (replace(both.judged[0], judgement=scanned()), replace(sampled, judgement=keyed()))
    assert "(in the plan for any value)" in next(concise(proof(replace(both, judged=other))))


def test_json_has_everything_and_is_json():
    """Verdicts, findings with paths, the plan, offers, counts; a bound without end is null, not Infinity."""
    endless = Judgement("unbounded", float("inf"), (Finding("offset", "reads on", float("inf"), (0,)),))
    found = proof(*mixed().proved, proved(contract("endless", 50), endless), offers=mixed().offers)
    data = json.loads(as_json(found), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert data["ok"] is False
    assert data["exit_code"] == 4
    assert data["counts"] == {
        "bounded": 2, "skew": 1, "not judged": 1, "unbounded": 3, "refused": 0, "failing": 3,
    }  # fmt: skip
    by_name = {one["name"]: one for one in data["contracts"]}
    status = by_name["by_status"]
    assert (status["file"], status["line"], status["column"]) == ("contracts/invoices.sql", 7, 4)
    assert status["verdicts"] == {"1": "unbounded", "10": "unbounded", "100": "unbounded"}
    assert status["judgements"][0]["findings"][0]["path"] == [0, 0]
    assert status["judgements"][0]["plan"]["Plans"][0]["Plans"][0]["Node Type"] == "Seq Scan"
    assert "plan" not in status["judgements"][1]
    assert status["offers"][0]["sql"].startswith("CREATE INDEX CONCURRENTLY")
    assert by_name["by_client"]["unbounded_at"] == 100
    assert by_name["endless"]["rows_read"] is None
    assert by_name["small_sort"]["judgements"][0]["waived"][0]["reason"] == "a client has few"
    assert all("plan" in each for one in as_dict(found, plans=True)["contracts"] for each in one["judgements"])  # type: ignore[attr-defined]


def test_github_gets_errors_and_warnings_at_the_query():
    """A command a finding, at file, line and column; contracts of a live server have no file."""
    live = proved(contract("4242", 0, "live"), scanned())
    lines = list(github(proof(*mixed().proved, live)))
    assert lines[0].startswith("::error file=contracts/invoices.sql,line=7,col=4,title=pgready%3A scan::by_status: ")
    assert lines[2].startswith("::warning file=contracts/invoices.sql,line=22,col=4,title=pgready%3A skew::open_ones")
    assert lines[-1].startswith("::error title=pgready%3A scan::4242: ")
    assert not any("\n" in line for line in lines)


def test_sarif_has_a_result_for_each_finding_and_a_rule_for_each_code():
    """Rules are named by index, places are regions, what is not valid is a result, too."""
    log = json.loads(sarif(replace(mixed(), refused=(REFUSED,)), "1.2.3"))
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["contract-refused", "not-judged", "scan", "skew"]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [one["ruleId"] for one in run["results"]]
    assert [one["level"] for one in run["results"]] == ["error", "error", "warning", "warning", "error"]
    region = run["results"][0]["locations"][0]["physicalLocation"]
    assert region == {
        "artifactLocation": {"uri": "contracts/invoices.sql"},
        "region": {"startLine": 7, "startColumn": 4},
    }
    assert run["results"][-1]["locations"][0]["physicalLocation"]["region"]["startColumn"] == 8


def test_what_is_not_valid_is_shown_in_every_format():
    """With its place and what to write instead; it makes the run end in 2 whatever the verdicts are."""
    found = replace(mixed(), refused=(REFUSED,))
    assert found.exit_code == 2
    for text in ("\n".join(human(found)), "\n".join(concise(found)), "\n".join(github(found))):
        assert "no such table" in text
        assert "y is" in text
    (refused,) = json.loads(as_json(found))["refused"]
    assert (refused["file"], refused["line"], refused["column"]) == ("a.sql", 1, 8)
    assert last_word(found) == "6 contracts: 2 bounded, 1 skew, 1 not judged, 2 unbounded; beside these 1 error"


def test_every_fault_has_a_rule():
    """A code that a finding can have is explained in SARIF."""
    faults = Finding.__dataclass_fields__["fault"].type
    from pgready.proof import verdict

    names = vars(verdict)[str(faults)].__args__
    assert {name.replace(" ", "-") for name in names} <= RULES.keys()


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (proof(proved(contract(), keyed())), 0),
        (proof(proved(contract(), skewed())), 0),
        (proof(proved(contract(), skewed()), strict=True), 4),
        (proof(proved(contract(), scanned())), 4),
        (proof(proved(contract(), keyed(), keyed(), scanned())), 4),
        (proof(proved(contract(), scanned()), comparison=Comparison()), 0),
        (proof(proved(contract(), scanned()), comparison=Comparison((Change("by_status", "worse"),))), 4),
        (proof(proved(contract(), scanned()), refused=(REFUSED,)), 2),
        (proof(proved(contract(), keyed()), self_test=SelfTest()), 0),
        (proof(proved(contract(), keyed()), self_test=SelfTest((Dropped(("s", "i"), contracts=("a",)),))), 4),
        (proof(proved(contract(), keyed()), self_test=SelfTest((Dropped(("s", "i"), red=("a",)),))), 0),
    ],
)
def test_the_exit_code_tells_causes_apart(found: Proof, code: int):
    """0 bounded, 4 unbounded or worse than the baseline or a self-test that found nothing, 2 not valid."""
    assert found.exit_code == code


def test_what_the_baseline_knows_is_a_warning():
    """Unbounded and accepted: told, as a warning; what is worse is an error."""
    comparison = Comparison((Change("by_client", "unbounded at 100x, where it was bounded"),), removed=("old",))
    found = replace(mixed(), comparison=comparison, baseline="contracts.lock")
    lines = list(concise(found))
    assert "warning[scan]: by_status" in lines[0]
    assert "error[scan]: by_client" in lines[1]
    text = "\n".join(human(found))
    assert "unbounded: by_status (the baseline knows it)" in text
    assert "worse: by_client: unbounded at 100x, where it was bounded" in text
    assert "removed: old, which the baseline has" in text
    assert last_word(found).endswith("1 of these known to contracts.lock")


def test_the_self_test_is_told():
    """What was missed, what can be replaced and by what, a test that found nothing, nothing to drop."""
    needed = Dropped(("s", "a_idx"), contracts=("x", "y"), red=("x",), replaced=(("y", (("s", "b_idx"),)),))
    spare = Dropped(("s", "b_idx"), contracts=("y",), replaced=(("y", (("s", "a_idx"),)),))
    small = Dropped(("s", "c_pkey"), "c_pkey", contracts=("z",), replaced=(("z", ()),))
    assert list(self_test(SelfTest((needed, spare, small)), COLOURS.__class__())) == [
        "self-test: 3 indexes dropped in turn, 1 missed by a contract that needs it",
        "  b_idx: replaceable by a_idx (1 contract)",
        "  c_pkey: replaceable by a scan, which is short enough (1 contract)",
    ]
    failed = proof(proved(contract(), keyed()), self_test=SelfTest((spare,)))
    assert "could not have gone red" in "\n".join(human(failed, quiet=True))
    assert [line for line in concise(failed) if line.startswith("error[self-test]")]
    assert json.loads(sarif(failed, "1"))["runs"][0]["results"][0]["ruleId"] == "self-test"
    assert list(github(failed))[-1].startswith("::error title=pgready%3A self-test::")
    assert "nothing to drop" in "\n".join(human(proof(proved(contract(), scanned()), self_test=SelfTest())))


def test_nothing_of_a_name_or_a_plan_plays_with_the_terminal():
    """Controls and changes of direction are replaced, wherever they come from; a URL's password is masked."""
    evil = "a\x1b[2Jb\u202ec\nd postgresql://u:hunter2@h/db"
    finding = Finding("scan", f"reads {evil}", 5, (0,), relation=("s", evil), index=evil)
    one = proved(contract(evil), Judgement("unbounded", 5, (finding,), indexes=(("s", evil),)))
    plan = replace(one.judged[0].plan, filter=evil, relation=("s", evil), sort_key=(evil,))
    one = replace(one, judged=tuple(replace(each, plan=plan) for each in one.judged))
    dropped = SelfTest((Dropped(("s", evil), contracts=("x",)),))
    found = proof(one, self_test=dropped)
    for text in ("\n".join(human(found)), "\n".join(concise(found)), "\n".join(tree(plan))):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "hunter2" not in text
    for text in (as_json(found), "\n".join(github(found)), sarif(found, "1")):
        assert "\x1b" not in text
        assert "hunter2" not in text


def test_nothing_of_a_name_or_an_offer_becomes_markup():
    """Names stay text in tables and headings, and no SQL ends its own fence."""
    hostile = contract("x|`y`<script>")
    offer = replace(mixed().offers[0][1][0], sql="```\n</details><script>")
    found = proof(replace(mixed().proved[1], contract=hostile), offers=((hostile.name, (offer,)),))
    text = markdown(found)
    assert "| x\\|\\`y\\`&lt;script&gt; |" in text
    fenced = "````sql\n```\n</details><script>\n````"
    assert fenced in text
    assert "<script>" not in text.replace(fenced, "")
