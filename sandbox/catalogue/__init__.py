"""Made-up data behind both stand-ins, the same for the same seed."""

from sandbox.catalogue.catalogue import Catalogue
from sandbox.catalogue.moments import utc

__all__ = ["Catalogue", "utc"]
