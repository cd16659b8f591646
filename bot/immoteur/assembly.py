"""The parts of the form of `/report-issue` that need Immoteur, put together."""

from dataclasses import dataclass
from functools import partial

from blocks.issue import photo_links
from bot.immoteur.client import LOOKED_UP_IN, Immoteur
from bot.immoteur.form_data import Lookups
from bot.immoteur.labels import ListingLabels
from bot.immoteur.listing_cache import ListingCache
from bot.immoteur.listing_previews import ListingPreviews
from bot.photo_route import PhotoSupport
from bot.setup import Setup


@dataclass(frozen=True)
class Assembly:
    listings: ListingCache
    form_data: Lookups
    labels: ListingLabels
    previews: ListingPreviews
    photos: PhotoSupport | None


async def assembled(immoteur: Immoteur, setup: Setup) -> Assembly:
    """Load what earlier runs stored, and connect the parts.

    :raises StorageError: when the database cannot be read
    """
    ask = partial(immoteur.listings, within=setup.clock.real(LOOKED_UP_IN))
    listings = ListingCache(ask, setup.store, setup.clock)
    config = setup.config
    lookups = Lookups(
        listings,
        setup.store,
        classifieds_alone=config.classifieds_alone,
        takes_photos=config.photos,
    )
    await lookups.load()
    photos = PhotoSupport(in_report=photo_links.with_links) if config.photos else None
    previews = ListingPreviews(listings, ask, setup.clock)
    return Assembly(listings, lookups, ListingLabels(listings), previews, photos)
