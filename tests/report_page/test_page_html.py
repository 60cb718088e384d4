"""The report page as text: whole, closed, the same every time, and deaf to what names want of it."""

import base64
import hashlib
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from page_catalogs import HOSTILE, by_chance, drifted, findings, litellm
from page_samples import full_page, hostile_page, large_page, migrations, proof

from pgready.catalog.model import Catalog
from pgready.commands.report_page import report_page
from pgready.history.diagnose import diagnose
from pgready.history.model import Migration, Row
from pgready.parity.ignore import IgnoreRule
from pgready.parity.model import Finding
from pgready.parity.result import ParityResult, SideResult
from pgready.report.page.history import timeline
from pgready.report.page.model import Ignored, Page, PageSide
from pgready.report.page.palette import DARK, LIGHT, TONES
from pgready.report.page.sides import called, page_sides

VOID = {"meta", "input", "br", "link", "img"}


class Reader(HTMLParser):
    """The page's elements: their attributes, their text, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.script: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.script if self.open and self.open[-1] in ("script", "style") else self.texts).append(data)

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


@pytest.fixture(scope="module")
def full() -> str:
    """The page with every section."""
    return report_page(full_page())


def test_every_section_is_there(full):
    """In its order, each with a link to it."""
    anchors = re.findall(r'<section id="(\w+)"', full)
    assert anchors == ["parity", "steps", "diagram", "migrations", "proofs", "tables", "objects"]
    assert re.findall(r"<nav[^>]*>(.*?)</nav>", full)[0].count("<a ") == len(anchors)


@pytest.mark.parametrize(
    ("page", "anchors"),
    [
        (Page("empty"), []),
        (Page("m", migrations=migrations()), ["migrations"]),
        (Page("p", proof=proof()), ["proofs"]),
        (Page("one", sides=(PageSide("schema", catalog=litellm()),)), ["diagram", "tables", "objects"]),
        (Page("two", sides=(PageSide("a", trouble="gone"), PageSide("b"))), ["parity"]),
    ],
)
def test_sections_without_data_are_absent(page, anchors):
    """And so are their links."""
    text = report_page(page)
    assert re.findall(r'<section id="(\w+)"', text) == anchors
    assert Reader(text).open == []


def test_the_page_is_whole_and_names_nothing_outside(full):
    """Every element is closed, ids are unique, links lead somewhere, and nothing is loaded."""
    reader = Reader(full)
    assert reader.open == []
    ids = Counter(reader.ids())
    assert [name for name, count in ids.items() if count > 1] == []
    for tag, attributes in reader.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert not {"src", "xlink:href", "srcset", "action"} & attributes.keys()
        if "href" in attributes:
            assert attributes["href"].startswith("#")
            assert attributes["href"][1:] in ids
        for name in ("aria-labelledby", "aria-controls", "for"):
            assert name not in attributes or attributes[name] in ids
    assert "url(" not in full
    assert "@import" not in full
    assert set(re.findall(r"https?://[\w./]+", full)) <= {"http://www.w3.org/2000/svg"}


def test_the_policy_allows_the_pages_script_alone(full):
    """By its hash, and no other source of anything."""
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', full)[1]
    script = re.search(r"<script>(.*?)</script>", full, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_hostile_names_stay_text():
    """No element, attribute or script comes of a name, a comment, a default, a plan or a reason."""
    text = report_page(hostile_page())
    reader = Reader(text)
    assert reader.open == []
    known = {tag for tag, _ in Reader(report_page(full_page())).elements}
    assert {tag for tag, _ in reader.elements} <= known
    assert sum(tag == "script" for tag, _ in reader.elements) == 1
    assert not [name for _, attributes in reader.elements for name in attributes if name.startswith("on")]
    assert not [one for _, one in reader.elements if one.get("href", "#")[0] != "#"]
    assert "hacked" not in "".join(reader.script)
    assert "hunter" not in text, "secrets in a URL are masked"
    assert "\u202e" not in text, "nothing turns the direction of reading"
    shown = " ".join(reader.texts)
    assert HOSTILE[0] in shown
    assert HOSTILE[9] in shown


def test_the_same_values_are_the_same_page(full):
    """No clock, no chance, no order of a set."""
    assert report_page(full_page()) == full


def test_150_tables_are_far_below_ten_megabytes():
    """With differences, in every detail of the diagram, and all of it in words."""
    catalog = by_chance(7, {"financial": 40, "public": 50, "tagging": 20, "trading": 40})
    assert len(catalog.tables) == 150
    text = report_page(large_page(catalog))
    assert len(text.encode()) < 3_000_000


def test_what_was_not_seen_is_never_equal(full):
    """A side that could not be read, and one that was read in part, say so."""
    assert "connection refused by 10.0.0.7:5432" in full
    assert '<span class="badge slows">equal as far as seen</span>' in full
    assert '<span class="badge breaks">not read</span>' in full
    assert '<span class="quiet">not read</span>' in full


def test_what_parity_found_becomes_sides():
    """Findings, ignored ones with their rules, what was not compared and not seen, each with its side."""
    reference, side = litellm(), drifted(litellm())
    found = findings(reference, side)
    rule = IgnoreRule("table public.forgotten*", "an experiment", date(2027, 1, 31))
    result = ParityResult(
        (
            SideResult("schema", "schema", (), fingerprint="ab", catalog=reference),
            SideResult(
                "staging",
                "database",
                found[1:],
                ((found[0], rule),),
                limits=("owners",),
                unseen=("roles",),
                catalog=side,
            ),
            SideResult("production", "database", (), limits=("owners and rights",), catalog=reference),
        ),
        "slows",
    )
    sides = page_sides(result)
    assert sides[1].findings == found[1:]
    assert sides[1].ignored == (Ignored(found[0], "an experiment", "2027-01-31"),)
    text = report_page(Page("parity", sides=sides))
    assert "an experiment (until 2027-01-31)" in text
    assert "not compared: owners and rights" in text
    assert "not seen: roles" in text
    assert '<span class="same-mark">equal</span>' not in text, "what was compared in part only is not equal"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("staging", "staging"),
        ("migrations@v1", "migrations@v1"),
        ("postgresql://u:***@db.internal:5433/shop?sslpassword=***", "shop on db.internal:5433"),
        ("postgresql://u:***@/shop%20x?host=%2Frun%2Fpg&port=1", "shop x on /run/pg"),
        ("postgresql://h1:1,h2:2/shop (2)", "shop (2) on h1:1,h2:2"),
        ("postgres://", "a database"),
    ],
)
def test_a_url_is_shown_as_its_database_and_host(name, shown):
    """Masked whole, two sides could not be told apart."""
    assert called(name) == shown


def test_what_no_catalog_holds_is_there_where_the_findings_say():
    """A rule that a side lacks is in the reference, one that it has more is not; a third side is as the reference."""
    gone = Finding(("rule", "public", "t", "kept"), "missing", "breaks", "rule-missing", "so")
    more = Finding(("rule", "public", "t", "extra"), "unexpected", "breaks", "rule-unexpected", "so")
    sides = (PageSide("a", catalog=Catalog()), PageSide("b", catalog=Catalog(), findings=(gone, more)),
             PageSide("c", catalog=Catalog()))  # fmt: skip
    rows = report_page(Page("p", sides=sides)).split("<tr")
    kept, extra = (next(row for row in rows if f">public.t.{name}</span>" in row) for name in ("kept", "extra"))
    assert ">there<" in kept
    assert ">equal<" in kept
    assert kept.count("not there") == 0
    assert extra.count("not there") == 2


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_read(palette):
    """AA for every text on every ground that it may stand on, 3 for what is drawn."""
    for text in ("ink", "soft", "accent", *TONES, "good"):
        grounds = ["paper", "surface", "region"]
        grounds += [f"{text}-tint"] if f"{text}-tint" in palette else []
        for ground in grounds:
            assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    for tone in (*TONES, "good"):
        assert contrast(palette["ink"], palette[f"{tone}-tint"]) >= 4.5
        assert contrast(palette["surface"], palette[tone]) >= 4.5, "a badge's text"
    for ground in ("paper", "surface", "region"):
        assert contrast(palette["line"], palette[ground]) >= 3


def test_a_history_becomes_a_timeline():
    """Durations are those of the rows; what was only marked as applied took none, what is pending has none."""
    start = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def row(name: str, seconds: float) -> Row:
        return Row(name, name, "c", start, start + timedelta(seconds=seconds), None, 1, None)

    files = [Migration(name, "SELECT 1", "c", f"{name}.sql") for name in ("1_run", "2_marked", "3_new")]
    history = diagnose(files, [row("1_run", 2.5), row("2_marked", 0)], running=False)
    found = timeline(history, {"3_new": "to be applied"})
    assert [(one.name, one.state, one.seconds, one.note) for one in found] == [
        ("1_run", "applied", 2.5, ""),
        ("2_marked", "applied", None, ""),
        ("3_new", "pending", None, "to be applied"),
    ]
