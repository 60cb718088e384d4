"""Names of a schema as names of Python."""

import keyword

import pytest

from pgready.codegen.names import ATTRIBUTES, MEMBERS, apart, attributes, file_names, identifier, snake_case


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", "id"),
        ("createdAt", "created_at"),
        ("userID", "user_id"),
        ("userIDs", "user_ids"),
        ("HTMLBody", "html_body"),
        ("snake_case", "snake_case"),
        ("mixed_Case", "mixed_case"),
        ("address1", "address1"),
        ("line2Text", "line2_text"),
        ("URL", "url"),
        ("A", "a"),
    ],
)
def test_snake_case(name, expected):
    """Words part where a capital begins one; a row of capitals is a word."""
    assert snake_case(name) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["userId", "user_id"], {"userId": "userId", "user_id": "user_id"}),
        (["userId", "userID"], {"userId": "userId", "userID": "userID"}),
        (["class", "class_"], {"class": "class__", "class_": "class_"}),
        (["metadata", "registry", "self"], {"metadata": "metadata_", "registry": "registry_", "self": "self_"}),
        (["id_", "list", "None"], {"id_": "id_", "list": "list", "None": "none"}),
        (["ünï", "ﬁeld", "a-b"], {"ünï": "ünï", "ﬁeld": "field", "a-b": "a_b"}),
    ],
)
def test_attributes(names, expected):
    """All different, none reserved; a name that needs no change keeps it."""
    found = attributes(names)
    assert found == expected
    assert len(set(found.values())) == len(names)
    assert all(one.isidentifier() and not keyword.iskeyword(one) and one not in ATTRIBUTES for one in found.values())


def test_members_of_strings():
    """The list has what an enum of strings has in this Python."""
    import enum

    public = {name for name in dir(enum.StrEnum) if not name.startswith("_")} | {"name", "value", "mro"}
    assert public <= MEMBERS


def test_identifiers():
    """Whatever a schema calls something, Python can."""
    for name in ("1st", "a b", "", "a.b", "é", "import", "x²"):
        assert identifier(name).isidentifier()
        assert not keyword.iskeyword(identifier(name))


def test_apart_is_deterministic():
    """Names that must change make way for those that need not."""
    assert apart({"a": "Base", "b": "Base_"}, frozenset({"Base"})) == {"a": "Base__", "b": "Base_"}


def test_file_names():
    """No two modules are one file where small letters and capitals are the same."""
    assert file_names({"a": "Auth", "b": "auth", "c": "enums", "d": "my-schema"}, ["enums"]) == {
        "a": "auth",
        "b": "auth_",
        "c": "enums_",
        "d": "my_schema",
    }
