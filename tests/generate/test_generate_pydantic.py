"""Pydantic's shapes of generated models: what comes in is judged, becomes a row, and goes out again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from generated import imported, schema_of
from pydantic import ValidationError
from sqlalchemy.orm import Session

from pgready.codegen.pydantic_files import pydantic_files
from pgready.codegen.sqlalchemy_files import sqlalchemy_files

SHOP = schema_of((Path(__file__).parent / "app/schema.prisma").read_text(encoding="utf-8"))
HARD = schema_of((Path(__file__).parent / "hard.prisma").read_text(encoding="utf-8"))


@pytest.fixture
def models(tmp_path):
    """The shop's mapped classes."""
    return imported(sqlalchemy_files(SHOP), tmp_path)


@pytest.fixture
def shapes(models, tmp_path):
    """The shop's shapes, with the enums of the mapped classes."""
    return imported(pydantic_files(SHOP, models.__name__), tmp_path)


@pytest.mark.matrix
def test_there_and_back(models, shapes, database):
    """JSON in, a row, an object, JSON out; what was not given is the model's affair."""
    engine = sa.create_engine("postgresql+psycopg://", creator=database.connect, poolclass=sa.NullPool)
    models.Base.metadata.create_all(engine)
    given = shapes.CustomerCreate.model_validate_json('{"email": "ada@example.org", "credit": "12.50", "notes": [1]}')
    with Session(engine) as session:
        customer = models.Customer(**given.model_dump(exclude_unset=True))
        session.add(customer)
        session.flush()
        profile = shapes.ProfileCreate.model_validate_json(
            json.dumps({"customer_id": str(customer.id), "photo": "AP8=", "birthday": "1990-01-31"})
        )
        session.add(models.Profile(**profile.model_dump()))
        order = models.Order(**shapes.OrderCreate(customer_id=customer.id, state=models.OrderState.SENT).model_dump())
        session.add(order)
        session.flush()
        session.expire_all()
        read = shapes.CustomerRead.model_validate(customer)
        assert (read.email, str(read.credit), read.notes, read.tags) == ("ada@example.org", "12.50", [1], [])
        photo = shapes.ProfileRead.model_validate(session.get(models.Profile, customer.id))
        assert json.loads(photo.model_dump_json())["photo"] == "AP8="
        assert json.loads(shapes.OrderRead.model_validate(order).model_dump_json())["state"] == "SENT"
        change = shapes.CustomerUpdate.model_validate({"name": None, "tags": ["vip"]})
        assert change.model_dump(exclude_unset=True) == {"name": None, "tags": ["vip"]}
    engine.dispose()


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        ("CustomerCreate", {}),
        ("CustomerCreate", {"email": None}),
        ("CustomerCreate", {"email": "a", "mail": "b"}),
        ("CustomerCreate", {"email": "a", "credit": "12.505"}),
        ("CustomerCreate", {"email": "a", "credit": "99999999999"}),
        ("CustomerCreate", {"email": "a", "tags": None}),
        ("CustomerCreate", {"email": "a", "created_at": "2020-01-01T00:00:00Z"}),
        ("CustomerUpdate", {"email": None}),
        ("CustomerUpdate", {"id": "018f2f5e-0000-7000-8000-000000000000"}),
        ("LabelCreate", {"text": "x" * 41}),
        ("OrderCreate", {"customer_id": "018f2f5e-0000-7000-8000-000000000000", "state": "on its way"}),
        ("OrderLineCreate", {"order_id": 2**63, "position": 1, "article": "x", "price": 1}),
        ("OrderLineUpdate", {"quantity": 2**31}),
        ("ProfileCreate", {"customer_id": "x"}),
    ],
)
def test_refused(shape, data, shapes):
    """What no row could hold, or what is nobody's to say, is refused."""
    with pytest.raises(ValidationError):
        getattr(shapes, shape).model_validate(data)


def test_hard_names(tmp_path):
    """Names that mean something to Pydantic or Python are read from mapped objects all the same."""
    shapes = imported(pydantic_files(HARD), tmp_path)
    read = shapes.keyedRead.model_validate({"id": 1, "text": "x"})
    assert read.model_dump() == {"id": 1, "text": "x"}
    view = shapes.ViewRead.model_validate({"count": 1, "json": {"a": None}, "of": None})
    assert view.json_ == {"a": None}
    assert view.model_dump(by_alias=True) == {"count": 1, "json": {"a": None}, "of": None}
    made = shapes.BaseCreate(str="s", int=1, date="2020-01-01", time="12:00", class__="k")
    assert (made.color, made.dict_, made.list, made.float) == (shapes.color.mro_, {}, [], 1e21)


def test_no_other_package(tmp_path):
    """Shapes with enums of their own import Pydantic, and nothing of SQLAlchemy's."""
    shapes = imported(pydantic_files(SHOP), tmp_path)
    script = f"import sys, {shapes.__name__}; sys.exit('sqlalchemy' in sys.modules or 'pgready' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False)
    assert done.returncode == 0
