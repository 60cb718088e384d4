"""Expand now, contract later: the SQL of both halves where the same change can be had without a break."""

from __future__ import annotations

from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, Table
from pgready.sql.names import quote_ident, truncate_63

Steps = tuple[tuple[str, ...], tuple[str, ...]]
"""What to deploy now and what later, a migration each."""


def renamed_table(name: ObjectName, now: ObjectName) -> Steps:
    """The new name, and a view under the old one for the code that still runs."""
    words = []
    if now.schema != name.schema:
        words.append(f"ALTER TABLE {name.sql} SET SCHEMA {quote_ident(now.schema)};")
    if now.name != name.name:
        words.append(f"ALTER TABLE {ObjectName(now.schema, name.name).sql} RENAME TO {quote_ident(now.name)};")
    words.append(f"CREATE VIEW {name.sql} AS SELECT * FROM {now.sql};")
    return ("\n".join(words),), (f"DROP VIEW {name.sql};",)


def renamed_column(table: Table, column: Column, now: str) -> Steps:
    """A new column beside the old one, a trigger that keeps both in step, and the rows that are there copied over."""
    sql, old, new = table.name.sql, quote_ident(column.name), quote_ident(now)
    function = ObjectName(table.name.schema, truncate_63(f"{table.name.name}_{column.name}_in_step"))
    trigger = quote_ident(truncate_63(f"{column.name}_in_step"))
    expand = f"""\
ALTER TABLE {sql} ADD COLUMN {new} {column.type.sql};
CREATE FUNCTION {function.sql}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.{new} IS NOT NULL OR TG_OP = 'UPDATE' AND NEW.{new} IS DISTINCT FROM OLD.{new} THEN
    NEW.{old} := NEW.{new};
  ELSE
    NEW.{new} := NEW.{old};
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {sql} FOR EACH ROW EXECUTE FUNCTION {function.sql}();"""
    key = table.primary_key
    mark = f"-- pgready: backfill key={','.join(key.columns)}\n" if key is not None else ""
    fill = f"{mark}UPDATE {sql} SET {new} = {old} WHERE {new} IS DISTINCT FROM {old};"
    contract = [f"DROP TRIGGER {trigger} ON {sql};", f"DROP FUNCTION {function.sql}();"]
    later = []
    if column.not_null is not None:
        check = quote_ident(truncate_63(f"{table.name.name}_{now}_set"))
        later.append(f"ALTER TABLE {sql} ADD CONSTRAINT {check} CHECK ({new} IS NOT NULL) NOT VALID;")
        later.append(f"ALTER TABLE {sql} VALIDATE CONSTRAINT {check};")
        contract.append(f"ALTER TABLE {sql} ALTER COLUMN {new} SET NOT NULL;")
        contract.append(f"ALTER TABLE {sql} DROP CONSTRAINT {check};")
    if column.default is not None:
        contract.append(f"ALTER TABLE {sql} ALTER COLUMN {new} SET DEFAULT {column.default};")
    contract.append(f"ALTER TABLE {sql} DROP COLUMN {old};")
    return (expand, fill), (*later, "\n".join(contract))
