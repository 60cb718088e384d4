"""Schema to Python source: typed SQLAlchemy and Pydantic models, as pure functions."""
