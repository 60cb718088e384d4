"""The use case of `smoke`: the cold start of a project, shown step by step on databases of its own."""
