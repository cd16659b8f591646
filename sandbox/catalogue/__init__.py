"""Made-up data behind both stand-ins. The same seed gives the same data."""

from sandbox.catalogue.catalogue import Catalogue
from sandbox.catalogue.moments import utc

__all__ = ["Catalogue", "utc"]
