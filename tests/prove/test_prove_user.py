"""What a demanding user ran into: gates without contracts, assumptions that decide, changes that read or write far more."""

import pytest

pytestmark = pytest.mark.matrix

PARCEL = "CREATE TABLE shop.parcel (id int PRIMARY KEY, code varchar(8) NOT NULL);"


def test_files_without_a_contract_are_no_proof(shop):
    """Exit 2: a gate that has seen no query is not green."""
    made = shop(contracts="")
    done = made.prove()
    assert done.returncode == 2, done.stdout + done.stderr
    assert "there is no query contract" in done.stderr


def test_the_place_of_an_unreadable_file_is_told_once(shop):
    """A file in UTF-16 has one place before its message."""
    made = shop()
    (made.path / "contracts" / "wide.sql").write_bytes("SELECT 1;".encode("utf-16"))
    done = made.prove("--output-format", "concise", "--no-self-test", "--no-way-out")
    assert done.returncode == 2
    (line,) = [line for line in done.stdout.splitlines() if "UTF-16" in line]
    assert line.count("contracts/wide.sql") == 1


def test_changes_are_judged_by_all_that_they_read_and_write(shop):
    """A copy of a table is not green; a DELETE that a foreign key makes slow has that key's index as its way out."""
    made = shop(
        contracts="-- name: drop_client\nDELETE FROM shop.client WHERE id = :id;\n"
        "-- name: copied\nINSERT INTO shop.client (id, name) SELECT gen_random_uuid(), name FROM shop.client;\n"
        "-- name: some\nINSERT INTO shop.client (id, name) SELECT * FROM unnest(:ids::uuid[], :names::text[]);\n"
    )
    data = made.data("--no-self-test", "--growth", "1", code=4)
    found = {one["name"]: one for one in data["contracts"]}
    assert {name: one["verdict"] for name, one in found.items()} == {
        "drop_client": "unbounded",
        "copied": "unbounded",
        "some": "bounded",
    }
    (offer,) = found["drop_client"]["offers"]
    assert offer["sql"].endswith('ON "shop"."invoice" ("client_id")')
    texts = [each["text"] for one in found["copied"]["judgements"] for each in one["findings"]]
    assert any(text.startswith("inserts 50,000 rows into shop.client") for text in texts), texts


def test_an_assumption_that_decides_is_told(shop):
    """Where no index helps because of what is assumed of a column, the profile's line that would settle it is told."""
    made = shop(PARCEL, contracts="-- name: by_code\nSELECT * FROM shop.parcel WHERE code = :code;\n")
    red = made.prove("--no-self-test")
    line = '[tables."shop.parcel"] columns.code = { distinct = -1 }'
    assert red.returncode == 4
    assert "that parcel.code has 1,000 values is assumed" in red.stdout
    assert line in red.stdout
    table, _, column = line.partition(" ")
    profile = made.path / "profile.toml"
    profile.write_text(f"{profile.read_text()}\n{table}\nrows = 1_000_000\n{column}\n")
    (one,) = made.data("--no-self-test", code=4)["contracts"]
    assert [offer["kind"] for offer in one["offers"]] == ["index"]


def test_settings_of_a_profile_are_the_planners(shop):
    """A timeout in the profile would stop the proof, not production: it is refused by name."""
    made = shop()
    profile = made.path / "profile.toml"
    profile.write_text(f'{profile.read_text()}\n[settings]\nstatement_timeout = "1ms"\n')
    done = made.prove()
    assert done.returncode == 2
    assert "statement_timeout is not one of the planner" in done.stderr


def test_a_table_at_the_top_of_a_chain_is_not_small(shop):
    """Clients of invoices with lines have no hundred rows: a query of theirs without an index is not green by default."""
    lines = "CREATE TABLE shop.line (id int PRIMARY KEY, invoice_id uuid NOT NULL REFERENCES shop.invoice);"
    made = shop(lines, contracts="-- name: named\nSELECT * FROM shop.client WHERE name = :name;\n", profile=None)
    (one,) = made.data("--no-self-test", "--no-way-out", code=4)["contracts"]
    assert one["verdicts"]["100"] == "unbounded"


def test_a_list_of_thousands_does_not_fill_the_screen(shop):
    """The condition is cut in the sentence; the file has all of it."""
    numbers = ", ".join(str(one) for one in range(20_000))
    made = shop(contracts=f"-- name: many\nSELECT * FROM shop.invoice WHERE number IN ({numbers});\n")
    red = made.prove("--no-self-test", "--no-way-out", "--growth", "1", "--quiet")
    assert red.returncode == 4
    assert "number = ANY" in red.stdout
    assert len(red.stdout) < 3_000
