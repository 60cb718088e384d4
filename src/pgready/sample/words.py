"""Texts as a column's name makes one expect them; each row its own."""

from __future__ import annotations

_FIRST = ("Ada", "Grace", "Edgar", "Barbara", "Alan", "Margaret", "Dennis", "Radia", "Ken", "Katherine")
_LAST = ("Lovelace", "Hopper", "Codd", "Liskov", "Turing", "Hamilton", "Ritchie", "Perlman", "Thompson", "Johnson")
_THINGS = ("Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Harbour", "Iris", "Juniper")
_COUNTRIES = ("DE", "FR", "PL", "SE", "ES", "IT", "NL", "AT", "DK", "PT")
_CURRENCIES = ("EUR", "USD", "GBP", "SEK", "PLN")
_CITIES = ("Berlin", "Lyon", "Gdańsk", "Malmö", "Bilbao", "Torino", "Utrecht", "Graz", "Aarhus", "Porto")


def words(name: str, number: int, salt: int) -> str:
    """The `number`-th text for a column of this name; distinct for distinct numbers, but for codes of the world."""
    key = name.lower()
    first, last = _FIRST[number % 10], _LAST[(number // 10 + salt) % 10]
    for part, text in (
        ("email", f"{first.lower()}.{last.lower()}.{number}@example.org"),
        ("phone", f"+49 30 {number:07}"),
        ("url", f"https://example.org/{number}"),
        ("uri", f"https://example.org/{number}"),
        ("slug", f"{_THINGS[number % 10].lower()}-{number}"),
        ("country", _COUNTRIES[number % 10]),
        ("currency", _CURRENCIES[number % 5]),
        ("city", _CITIES[number % 10]),
        ("first", first),
        ("last_name", last),
        ("hash", f"{salt & 0xFFFFFFFF:08x}{number:08x}"),
        ("token", f"{salt & 0xFFFFFFFF:08x}{number:08x}"),
        ("name", f"{first} {last} {number}"),
        ("title", f"{_THINGS[number % 10]} {number}"),
        ("code", f"C{number:05}"),
        ("number", f"N-{number:06}"),
    ):
        if part in key:
            return text
    return f"{_THINGS[number % 10].lower()} {number}"
