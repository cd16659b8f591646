"""A stand-in for Immoteur's public API."""

from sandbox.immoteur.api import Immoteur, Issue

__all__ = ["Immoteur", "Issue"]
