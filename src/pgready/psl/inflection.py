"""Names that Prisma's formatter makes up: camel case and English plurals, the same for the same word.

Prisma takes both from the Rust library `cruet` (BSD-2-Clause), whose plurals are those of Ruby on Rails' inflector with
a list of words that have none. The words and endings below are its data, oddities included: many a hero are heroes,
many a zero zeros.
"""

import re
from functools import cache

_IRREGULAR = {
    "ox": "oxen",
    "man": "men",
    "woman": "women",
    "die": "dice",
    "yes": "yeses",
    "foot": "feet",
    "eave": "eaves",
    "goose": "geese",
    "tooth": "teeth",
    "quiz": "quizzes",
}
_UNCOUNTABLE = frozenset(
    """
    accommodation adulthood advertising advice aggression aid air aircraft alcohol anger applause arithmetic assistance
    athletics bacon baggage beef biology blood botany bread butter carbon cardboard cash chalk chaos chess crossroads
    countryside dancing deer dignity dirt dust economics education electricity engineering enjoyment envy equipment
    ethics evidence evolution fame fiction flour flu food fuel fun furniture gallows garbage garlic genetics gold golf
    gossip grammar gratitude grief guilt gymnastics happiness hardware harm hate hatred health heat help homework
    honesty honey hospitality housework humour hunger hydrogen ice importance inflation information innocence iron irony
    jam jewelry judo karate knowledge lack laughter lava leather leisure lightning linguine linguini linguistics
    literature litter livestock logic loneliness luck luggage macaroni machinery magic management mankind marble
    mathematics mayonnaise measles methane milk money mud music mumps nature news nitrogen nonsense nurture nutrition
    obedience obesity oxygen pasta patience physics poetry pollution poverty pride psychology publicity punctuation
    quartz racism relaxation reliability research respect revenge rice rubbish rum safety scenery seafood seaside series
    shame sheep shopping sleep smoke smoking snow soap software soil spaghetti species steam stuff stupidity sunshine
    symmetry tennis thirst thunder timber traffic transportation trust underwear unemployment unity validity veal
    vegetation vegetarianism vengeance violence vitality warmth wealth weather welfare wheat wildlife wisdom yoga zinc
    zoology
    """.split()  # noqa: SIM905
)
_ENDINGS = (
    # What the word's stem ends with, what may follow it and is dropped, what takes its place; the first that fits.
    (r"eaux", "", ""),
    (r"child", "(?:ren)?", "ren"),
    (r"pe", "(?:rson|ople)", "ople"),
    (r"[ml]", "(?:ice|ouse)", "ice"),
    (r"matr|cod|mur|sil|vert|ind|append", "(?:ix|ex)", "ices"),
    (r"x|ch|ss|sh|zz", "", "es"),
    (r"(?:x|ch|ss|sh|zz)es", "", ""),
    (r"[^ch][ieo][ln]", "ey", "ies"),
    (r"[^aeiouy]|qu", "y", "ies"),
    (r"ar|l|ea|eo|oa|hoo", "f", "ves"),
    (r"kni|wi|li", "fe", "ves"),
    (r"", "sis", "ses"),
    (
        r"apheli|hyperbat|periheli|asyndet|noumen|phenomen|criteri|organ|prolegomen|hedr|automat",
        "(?:a|on)",
        "a",
    ),
    (
        r"agend|addend|millenni|dat|extrem|bacteri|desiderat|strat|candelabr|errat|ov|symposi|curricul|automat|quor",
        "(?:a|um)",
        "a",
    ),
    (r"her|at|gr", "o", "oes"),
    (r"seraph|cherub", "(?:im)?", "im"),
    (r"alumn|alg|vertebr", "(?:a|ae)", "ae"),
    (
        r"alumn|syllab|octop|vir|radi|nucle|fung|cact|stimul|termin|bacill|foc|uter|loc|strat",
        "(?:us|i)",
        "i",
    ),
    (r"[^l]ias|[aeiou]las|[emjzr]as|[iu]am", "", ""),
    (r"e[mn]u", "s?", "s"),
    (r"alias|[^aou]us|tlas|gas|ris", "", "es"),
    (r"ax|test", "is", "es"),
    (r"[^aeiou]ese", "", ""),
    (r"", "s", "s"),
)


def plural(word: str) -> str:
    """The plural of a word of letters and digits; case counts: "News" is regular, "news" has none."""
    if word in _UNCOUNTABLE:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, replacement in _rules():
        if found := ending.fullmatch(word):
            return found[1] + replacement
    return word + "s"


@cache
def _rules() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(rf"(.*(?:{stem})){dropped}", re.DOTALL), replacement) for stem, dropped, replacement in _ENDINGS
    ]


def camel_case(name: str) -> str:
    """`FooBar`, `foo_bar` and `foo-bar` as `fooBar`, `FOO_BAR` too; letters beyond ASCII keep their case."""
    result: list[str] = []
    new_word = False
    before = " "
    for letter in name.rstrip("-_"):
        if letter in "-_":
            new_word = bool(result)
        elif letter in "0123456789":
            new_word = True
            result.append(letter)
        elif new_word or (before.islower() and letter.isupper()):
            new_word = False
            result.append(letter.upper() if letter.isascii() else letter)
        else:
            before = letter
            result.append(letter.lower() if letter.isascii() else letter)
    return "".join(result)
