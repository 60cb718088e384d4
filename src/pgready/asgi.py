"""Readiness for ASGI applications: `from pgready import asgi`; see pgready.integrations.asgi."""

from pgready.integrations.asgi import Probes, gate, lifespan, probes, router

__all__ = ["Probes", "gate", "lifespan", "probes", "router"]
