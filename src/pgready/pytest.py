"""The pytest plugin, as `pytest_plugins = ["pgready.pytest"]` names it; see pgready.integrations."""

from pgready.integrations.database_fixtures import (
    _pgready_shared,
    pgready_async_session,
    pgready_connection,
    pgready_database,
    pgready_parity,
    pgready_psycopg,
    pgready_server,
    pgready_session,
)
from pgready.integrations.pytest_plugin import (
    bounded_queries,
    pytest_addoption,
    pytest_configure,
    pytest_runtest_call,
    pytest_runtest_protocol,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
    pytest_unconfigure,
)

__all__ = [
    "_pgready_shared",
    "bounded_queries",
    "pgready_async_session",
    "pgready_connection",
    "pgready_database",
    "pgready_parity",
    "pgready_psycopg",
    "pgready_server",
    "pgready_session",
    "pytest_addoption",
    "pytest_configure",
    "pytest_runtest_call",
    "pytest_runtest_protocol",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "pytest_testnodedown",
    "pytest_unconfigure",
]
