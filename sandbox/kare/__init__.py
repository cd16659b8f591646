"""A stand-in for KARE's API."""

from sandbox.kare.api import Kare, Saved
from sandbox.kare.sessions import Tokens

__all__ = ["Kare", "Saved", "Tokens"]
