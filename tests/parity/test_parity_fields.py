"""No property of the catalog can be forgotten: each is changed in a real catalog's value, and parity finds it."""

from collections import defaultdict
from itertools import islice

from parity_fields import NO_OTHER, catalog_fields, places, with_another

from pgready.parity.compare import differences
from pgready.parity.facts import unwell
from pgready.parity.fingerprints import by_object, whole
from pgready.parity.model import WEIGHTS
from pgready.parity.rules import weighed

SAID_INSIDE = {
    "Attribute.type", "Column.type", "Domain.type", "Exclusion.index", "Identity.options", "Key.index", "Range.subtype",
    "Sequence.options", "ViewColumn.type",
}  # fmt: skip
"""Properties that are values of their own, whose properties are in the list themselves."""
TRIES = 12


def findings(reference, side):
    """What parity says of it; what cannot be read is no finding."""
    return [*map(weighed, differences(reference, side)), *unwell(side, None)]


def test_every_property_is_found(planted):
    """Whatever property is another one, parity finds a difference that some rule weighs."""
    catalog = planted.catalog()
    ways = defaultdict(list)
    for name, way in places(catalog):
        ways[name].append(way)
    assert catalog_fields() - ways.keys() == set()
    missed = set()
    for name, some in ways.items():
        others = (side for way in some if (side := with_another(catalog, way)) is not NO_OTHER)
        sides = list(islice(others, TRIES))
        if not sides and name in SAID_INSIDE:
            continue
        found = next((each for side in sides if (each := findings(catalog, side))), [])
        if not found or any(one.weight not in WEIGHTS or "nobody has said" in one.because for one in found):
            missed.add(name)
    assert missed == set()


def test_a_fingerprint_for_every_object(planted):
    """Every object has a fingerprint of its own, which changes with it and with nothing else; owners do not count."""
    catalog = planted.catalog()
    before, whole_before = by_object(catalog), whole(catalog)
    planted.run("ALTER TABLE t ADD more int; ALTER TABLE u OWNER TO catalog_app; GRANT SELECT ON u TO PUBLIC")
    after = by_object(planted.catalog())
    assert {name for name in before if before[name] != after[name]} == {"table public.t"}
    assert before.keys() == after.keys()
    planted.run("ALTER TABLE t DROP more")
    assert whole(planted.catalog()) == whole_before
    count = sum(len(getattr(catalog, group)) for group in type(catalog).__dataclass_fields__)
    assert len(before) == count
