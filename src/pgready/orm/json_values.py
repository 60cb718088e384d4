"""JSON's values, and the difference between JSON's null and the database's NULL."""

from __future__ import annotations

from typing import Any, Final, TypeAlias, cast

import sqlalchemy as sa

# Containers of Any: a recursive alias refuses the plain dict[str, int] that an application has.
JsonValue: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None
"""A JSON value; None is JSON's null (or, in a nullable column, the database's)."""

JSON_NULL: Final[None] = cast("None", sa.JSON.NULL)
"""JSON's null where None means the database's NULL, to be written or compared with; it is read as None.

To the type checkers it is None, so that it fits wherever a JSON value does.
"""
