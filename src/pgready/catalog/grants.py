"""Who may do what with an object."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One right of one role; `role` is "" for PUBLIC, `privilege` as in GRANT ("SELECT", "USAGE" …)."""

    role: str
    privilege: str
    grantable: bool = False
