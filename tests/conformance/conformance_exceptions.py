"""Where pgready knowingly points at other lines than Prisma: the name of the case with its style → the reason.

Only lines and warnings may differ. An exception that no longer differs fails the test, so the list cannot grow stale.
"""

EXCEPTIONS: dict[str, str] = {}
