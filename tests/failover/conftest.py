"""Fixtures of the failover tests."""

from failover_pair import pair

__all__ = ["pair"]
