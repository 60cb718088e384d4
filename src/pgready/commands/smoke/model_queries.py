"""The child of the models' step: import a generated package, ask one query for each model, print one JSON object.

`python -P -m pgready.commands.smoke.model_queries FOLDER PROVIDER SCHEMA`, the URL in DATABASE_URL.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from types import ModuleType
from typing import Any


def main(folder: str, provider: str, schema: str) -> dict[str, object]:
    """What was found: `models`, `rows` that came back, `failed` by model, or `error`."""
    try:
        package = _imported(folder)
    except ImportError as e:
        return {"error": f"cannot be imported: {e}"}
    except Exception as e:
        return {"error": f"cannot be imported: {type(e).__name__}: {_first(e)}"}
    if provider == "pgready-pydantic":
        return {
            "models": sorted(name for name, one in vars(package).items() if hasattr(one, "model_fields")),
            "rows": 0,
        }
    return _queried(package, schema)


def _imported(folder: str) -> ModuleType:
    sys.path.insert(0, os.path.dirname(folder))
    try:
        return importlib.import_module(os.path.basename(folder))
    finally:
        del sys.path[0]


def _queried(package: ModuleType, schema: str) -> dict[str, object]:
    import psycopg
    from sqlalchemy import create_engine, select
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    url = os.environ["DATABASE_URL"]

    def connect() -> Any:
        from psycopg.conninfo import make_conninfo

        from pgready.project.url import parse

        connection = psycopg.connect(make_conninfo(**parse(url).params))
        if schema:
            connection.execute("SELECT set_config('search_path', %s, false)", (schema,))
            connection.commit()
        return connection

    found = _mapped(package)
    failed: dict[str, str] = {}
    rows = 0
    engine = create_engine("postgresql+psycopg://", creator=connect)
    for name, model in found.items():
        try:
            with Session(engine) as session:
                rows += session.scalars(select(model).limit(1)).first() is not None
        except SQLAlchemyError as e:
            failed[name] = _first(getattr(e, "orig", None) or e)
        except (ValueError, TypeError, LookupError) as e:  # a value that the model does not read
            failed[name] = f"{type(e).__name__}: {_first(e)}"
    engine.dispose()
    return {"models": sorted(found), "rows": rows, "failed": failed}


def _mapped(package: ModuleType) -> dict[str, Any]:
    """The mapped classes of the package and its modules."""
    from sqlalchemy import inspect
    from sqlalchemy.exc import NoInspectionAvailable

    found: dict[str, Any] = {}
    modules = [
        one for name, one in sys.modules.items() if name == package.__name__ or name.startswith(package.__name__ + ".")
    ]
    for module in modules:
        for name, one in vars(module).items():
            if isinstance(one, type):
                try:
                    inspect(one)
                except NoInspectionAvailable:
                    continue
                found[name] = one
    return found


def _first(error: BaseException) -> str:
    return str(error).split("\n", 1)[0][:300]


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4])))
