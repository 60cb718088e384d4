"""Kinds of values that requests carry, as narrow as the columns that take them.

PostgreSQL's text holds every character but NUL; half of a surrogate pair is refused by Pydantic.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_LINE = r"^[^\x00-\x1f\x7f]+$"

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_LINE)]
TagName = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_LINE)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=_LINE)]
Email = Annotated[str, StringConstraints(max_length=320, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$")]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9/._-]*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Symbol = Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Z0-9][A-Z0-9.]*$")]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]

Price = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Amount = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=3)]
Units = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=6)]
TickSize = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=6)]
UnitPrice = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=6)]


class Body(BaseModel):
    """A request's body: a field that nobody knows is a mistake and not a wish."""

    model_config = ConfigDict(extra="forbid")
