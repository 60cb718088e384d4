"""pgready: bring a PostgreSQL database from cold to exactly what the code expects.

In-process use: `from pgready import boot, wait, status`; `@pgready.contract` declares what a query's plan must keep.
Hot module: what it offers is imported when it is asked for.
"""

__version__ = "0.1.0"
__all__ = ["PgreadyError", "boot", "contract", "status", "wait"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pgready.errors import PgreadyError
    from pgready.integrations.inprocess import boot, status, wait
    from pgready.proof.contracts.declared import contract


def __getattr__(name: str) -> object:
    if name == "PgreadyError":
        from pgready import errors

        return errors.PgreadyError
    if name in ("boot", "wait", "status"):
        from pgready.integrations import inprocess

        return getattr(inprocess, name)
    if name == "contract":
        from pgready.proof.contracts import declared

        return declared.contract
    raise AttributeError(f"module 'pgready' has no attribute '{name}'")
