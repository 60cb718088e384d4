"""Who may do what with an object."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One right of one role that differs from the object's standard ones.

    `role` is "" for PUBLIC, `privilege` as in GRANT ("SELECT", "USAGE" …), "ALL" for every privilege that such
    an object has (17 knows one more than 16). `revoked`: a standard right that was taken away.
    """

    role: str
    privilege: str
    grantable: bool = False
    revoked: bool = False
