"""A stand-in for KARE's API."""

from sandbox.kare.api import Kare, SavedAnomaly
from sandbox.kare.sessions import Tokens

__all__ = ["Kare", "SavedAnomaly", "Tokens"]
