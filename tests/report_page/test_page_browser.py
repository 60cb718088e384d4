"""The report of the real schema of 101 models in a real browser: seen, searched, focused, on a desk and in a hand.

Screenshots of every state are kept in `.cache/report-page`.
"""

import base64
from pathlib import Path

import page_browser
import pytest
from page_browser import DOWN, ENTER, ESCAPE, RIGHT, TAB, UP, Browser
from page_catalogs import by_chance
from page_samples import full_page, hostile_page, large_page

from pgready.commands.report_page import report_page

pytestmark = pytest.mark.skipif(
    bool(page_browser.missing()), reason=f"{page_browser.missing()} is not installed: tools/install-chromium"
)

PICTURES = Path(__file__).parents[2] / ".cache/report-page"
SCREENS = {"desk": (1400, 900, False), "phone": (390, 844, True)}

OVERLAPS = """
const drawing = [...document.querySelectorAll('#canvas > svg')].find(one => !one.hasAttribute('hidden'));
const place = one => one.getBoundingClientRect();
const canvas = place(document.querySelector('#canvas'));
const hit = (a, b) => a.left < b.right - .5 && b.left < a.right - .5 && a.top < b.bottom - .5 && b.top < a.bottom - .5;
const boxes = [...drawing.querySelectorAll('.table > .box')];
const texts = [...drawing.querySelectorAll('text')];
const wrong = [];
const rects = boxes.map(place), words = texts.map(place);
for (let i = 0; i < rects.length; i++) for (let j = 0; j < i; j++)
  if (hit(rects[i], rects[j])) wrong.push(['boxes', boxes[i].parentNode.id, boxes[j].parentNode.id]);
for (let i = 0; i < words.length; i++) for (let j = 0; j < i; j++)
  if (hit(words[i], words[j])) wrong.push(['texts', texts[i].textContent, texts[j].textContent]);
texts.forEach((text, at) => {
  const box = text.closest('.table') && place(text.closest('.table').querySelector('.box'));
  if (box && (words[at].left < box.left || words[at].right > box.right || words[at].bottom > box.bottom + .5))
    wrong.push(['outside', text.textContent]);
});
const scale = words.find((_, at) => texts[at].classList.contains('name'));
return {wrong, tables: boxes.length, detail: drawing.dataset.detail, high: scale ? scale.height : 0,
  whole: rects.every(r => r.left >= canvas.left && r.right <= canvas.right && r.top >= canvas.top && r.bottom <= canvas.bottom)};
"""
CONTRASTS = """
const parse = text => { const m = text.match(/[\\d.]+/g).map(Number); return {rgb: m.slice(0, 3), alpha: m[3] ?? 1}; };
const light = rgb => { const [r, g, b] = rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b; };
const ground = one => { for (let at = one; at; at = at.parentElement) {
  const {rgb, alpha} = parse(getComputedStyle(at).backgroundColor); if (alpha === 1) return rgb; } return [255, 255, 255]; };
const bad = [];
for (const one of document.querySelectorAll('body *:not(script):not(svg):not(svg *)')) {
  if (![...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !one.checkVisibility()) continue;
  const [low, high] = [light(parse(getComputedStyle(one).color).rgb), light(ground(one))].sort((a, b) => a - b);
  if ((high + .05) / (low + .05) < 4.5) bad.push([one.className, one.textContent.slice(0, 40)]);
}
return bad.slice(0, 5);
"""


@pytest.fixture(scope="module")
def browser():
    """One browser for all."""
    made = Browser()
    yield made
    made.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """The page of litellm with every section."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(report_page(full_page()), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    """A page of 150 tables in four schemas."""
    file = tmp_path_factory.mktemp("large") / "report.html"
    catalog = by_chance(7, {"financial": 40, "public": 50, "tagging": 20, "trading": 40})
    file.write_text(report_page(large_page(catalog)), encoding="utf-8")
    return file


@pytest.fixture(params=[(screen, colours) for screen in SCREENS for colours in ("light", "dark")], ids="-".join)
def opened(request, browser, page) -> tuple[Browser, str]:
    """The page on each screen in each colours, with a name for its pictures."""
    screen, colours = request.param
    width, height, phone = SCREENS[screen]
    browser.open(page, width, height, colours, phone=phone)
    return browser, f"{screen}-{colours}"


def focused(browser: Browser) -> str | None:
    """The table in focus, by the panel's title."""
    return browser.run(
        "const p = document.querySelector('#panel'); return p.hidden ? null : p.querySelector('h3').textContent"
    )


def test_seen_searched_and_focused(opened):
    """Nothing overlaps at the default zoom, text can be read, search finds, focus shows the neighbours, no complaint."""
    browser, name = opened
    browser.picture(PICTURES / f"{name}-top.png")
    wide = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], "the page does not scroll sideways"
    assert browser.run(CONTRASTS) == []
    browser.run("document.querySelector('#diagram').scrollIntoView()")
    browser.picture(PICTURES / f"{name}-diagram.png")
    seen = browser.run(OVERLAPS)
    assert seen["wrong"] == []
    assert seen["tables"] == 102
    assert seen["high"] >= 9, "names can be read"
    assert seen["whole"] == name.startswith("desk"), "a desk shows the whole, a phone a readable part"

    browser.press("/", *"teamtab")
    found = browser.run("return [...document.querySelectorAll('#results li span:first-child')].map(e => e.textContent)")
    assert found[0] == "public.LiteLLM_TeamTable"
    browser.picture(PICTURES / f"{name}-search.png")
    sides = browser.run(
        "const r = document.querySelector('#results').getBoundingClientRect(); return [r.left, r.right]"
    )
    assert sides[0] >= 0
    assert sides[1] <= SCREENS[name.partition("-")[0]][0], "what is found is on the screen"
    browser.press(ENTER)
    assert focused(browser) == "public.LiteLLM_TeamTable"
    browser.picture(PICTURES / f"{name}-focus.png")
    near = browser.run(
        "return [...document.querySelectorAll('#canvas > svg:not([hidden]) .table .name')].map(e => e.textContent)"
    )
    assert set(near) == {
        "LiteLLM_TeamTable",
        "LiteLLM_OrganizationTable",
        "LiteLLM_ObjectPermissionTable",
        "LiteLLM_ModelTable",
        "LiteLLM_ProjectTable",
    }
    seen = browser.run(OVERLAPS)
    assert [one for one in seen["wrong"] if one[0] != "outside"] == []
    browser.press(ESCAPE)
    assert focused(browser) is None
    for section in ("parity", "migrations", "proofs", "tables"):
        browser.run(f"document.querySelector('#{section}').scrollIntoView()")
        browser.picture(PICTURES / f"{name}-{section}.png")
    assert browser.complaints() == []


@pytest.mark.parametrize("detail", ["names", "keys", "columns"])
def test_every_detail_of_150_tables(browser, large, detail):
    """Several schemas and many relations: no text on another, none outside its box."""
    browser.open(large)
    browser.run(f"document.querySelector('.tools button[data-detail={detail}]').click()")
    browser.run("document.querySelector('#diagram').scrollIntoView()")
    browser.picture(PICTURES / f"large-{detail}.png")
    seen = browser.run(OVERLAPS)
    assert (seen["wrong"], seen["tables"], seen["detail"]) == ([], 150, detail)
    assert browser.complaints() == []


def test_by_keyboard_alone(browser, page):
    """Tab reaches the diagram once, arrows go on, Enter focuses, Escape goes back to where one was."""
    browser.open(page)
    browser.run("document.querySelector('#larger').focus()")
    browser.press(TAB)
    active = "const a = document.activeElement; return a.dataset.table ? a.querySelector('.name').textContent : a.id"
    assert browser.run(active) == "LiteLLM_Lens"
    assert browser.run("return getComputedStyle(document.activeElement.querySelector('.box')).strokeWidth") == "3px"
    place = "const r = document.activeElement.getBoundingClientRect(); return [r.left, r.top]"
    first = browser.run(place)
    browser.press(DOWN)
    below = browser.run(place)
    assert abs(below[0] - first[0]) < 2
    assert below[1] > first[1] + 10
    browser.press(RIGHT)
    assert browser.run(place)[0] > below[0] + 50
    right = browser.run(active)
    browser.press(ENTER)
    assert focused(browser) == f"public.{right}"
    assert browser.run(active) == right
    browser.press(ESCAPE)
    assert focused(browser) is None
    assert browser.run(active) == right
    before = browser.run("return document.activeElement.getBoundingClientRect().width")
    browser.press("+")
    assert browser.run("return document.activeElement.getBoundingClientRect().width") > before * 1.2
    browser.press("0", UP, TAB)
    assert browser.run("return document.activeElement.closest('#canvas')") is None
    stops = "return document.querySelectorAll('#canvas > svg:not([hidden]) .table[tabindex=\"0\"]').length"
    assert browser.run(stops) == 1


def test_by_mouse(browser, page):
    """A drag moves the diagram and chooses nothing, a click focuses a table, the switches switch."""
    browser.open(page)
    browser.run("document.querySelector('#diagram').scrollIntoView()")
    where = (
        "const r = [...document.querySelectorAll('#canvas > svg:not([hidden]) .table')].find(t =>"
        " t.querySelector('.name').textContent === arguments[0]).getBoundingClientRect();"
        " return [r.left + r.width / 2, r.top + r.height / 2]"
    )
    x, y = browser.run(where, "LiteLLM_BudgetTable")
    browser.drag((x, y), (x + 80, y + 40))
    moved = browser.run(where, "LiteLLM_BudgetTable")
    assert abs(moved[0] - x - 80) < 3
    assert abs(moved[1] - y - 40) < 3
    assert focused(browser) is None
    browser.click(*moved)
    assert focused(browser) == "public.LiteLLM_BudgetTable"
    browser.run("document.querySelector('#back').click()")
    assert focused(browser) is None

    browser.run("document.querySelector('.chip[data-weight=breaks]').click()")
    left = (
        "return [...document.querySelectorAll('.finding')].filter(e => e.checkVisibility()).map(e => e.dataset.weight)"
    )
    assert set(browser.run(left)) == {"opens", "slows", "cosmetic"}
    rows = "return [...document.querySelectorAll('.matrix tbody tr')].filter(e => e.checkVisibility()).length"
    few = browser.run(rows)
    browser.run("document.querySelector('#show-same').click()")
    assert browser.run(rows) > few + 90
    browser.run("document.querySelector('#slowest').click()")
    assert browser.run("return document.querySelector('.timeline li .took').textContent") == "1.2 s"
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = browser.run(ground)
    browser.run("document.querySelector('#theme').click()")
    assert browser.run(ground) != light
    browser.run("document.querySelector('#theme').click()")
    assert browser.run(ground) == light
    assert browser.complaints() == []


def test_on_paper(browser, page):
    """Printed, everything is open, the page's own tools are gone, and colours are the light ones."""
    browser.open(page, colours="dark")
    browser.devtools("Emulation.setEmulatedMedia", media="print", features=[])
    hidden = "return ['.topbar', '.tools', '.chips'].filter(s => document.querySelector(s).checkVisibility())"
    assert browser.run(hidden) == []
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(250, 248, 245)"
    pdf = base64.b64decode(browser.devtools("Page.printToPDF", printBackground=True)["data"])
    (PICTURES / "paper.pdf").write_bytes(pdf)
    assert len(pdf) > 100_000
    assert browser.run("return document.querySelectorAll('#tables details[open]').length") == 0, "closed again after it"
    assert browser.complaints() == []


def test_without_its_script(browser, page):
    """Everything but search and zoom is there: the diagram as it is drawn, no dead button on top of it."""
    browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page)
        browser.picture(PICTURES / "without-script.png", whole=True)
    finally:
        browser.devtools("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.run("return document.querySelector('#canvas svg').getBoundingClientRect().height") > 300
    assert browser.run("return document.querySelector('.search').checkVisibility()") is False


def test_hostile_names_do_nothing(browser, tmp_path):
    """Not when the page opens, not in the search, not in focus."""
    file = tmp_path / "hostile.html"
    file.write_text(report_page(hostile_page()), encoding="utf-8")
    browser.open(file)
    browser.press("/", *"script")
    browser.press(ENTER)
    browser.picture(PICTURES / "hostile-focus.png")
    assert focused(browser)
    browser.press(ESCAPE)
    browser.picture(PICTURES / "hostile.png")
    assert browser.run("return window.hacked === undefined && !document.querySelector('img')")
    assert browser.run(OVERLAPS)["wrong"] == []
    assert browser.complaints() == []
