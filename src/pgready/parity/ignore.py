"""Ignore rules: differences that somebody decided to live with, for a reason and until a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.parity.model import Finding


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """`object` is a finding's object, `*` in it for any characters; `until` is the last day on which the rule holds.

    `side` narrows it to one side by its name, "" for all. `where` says in which file it stands.
    """

    object: str
    reason: str
    until: dt.date
    side: str = ""
    where: str = ""

    def covers(self, finding: Finding, side: str) -> bool:
        """Whether the finding, on this side, is one that the rule is about."""
        if self.side and self.side != side:
            return False
        pattern = ".*".join(re.escape(part) for part in self.object.split("*"))
        return re.fullmatch(pattern, finding.object, re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Sorted:
    """Findings of a side apart: those that count, and those that a rule covers, with their rule."""

    findings: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, IgnoreRule], ...]


def sort_out(findings: Sequence[Finding], side: str, rules: Sequence[IgnoreRule], today: dt.date) -> Sorted:
    """What counts and what is ignored; a rule past its day covers nothing."""
    counted, ignored = [], []
    for finding in findings:
        rule = next((one for one in rules if today <= one.until and one.covers(finding, side)), None)
        if rule is None:
            counted.append(finding)
        else:
            ignored.append((finding, rule))
    return Sorted(tuple(counted), tuple(ignored))


def expired(rules: Sequence[IgnoreRule], today: dt.date) -> tuple[IgnoreRule, ...]:
    """The rules past their day: they fail the run, by name, until somebody decides anew."""
    return tuple(one for one in rules if one.until < today)
