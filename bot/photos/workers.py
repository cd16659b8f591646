"""The worker of photos, put together."""

from collections.abc import Callable, Mapping

from bot.kind import AnyKind
from bot.photos.files import SlackFiles
from bot.photos.preparing import FilePreparer
from bot.photos.sender import PhotoSender
from bot.photos.upload import Uploader
from bot.photos.worker import PhotoWorker
from bot.services import Services
from bot.setup import Setup


def photo_worker(
    setup: Setup,
    services: Services,
    kinds: Mapping[str, AnyKind],
    wake_receipts: Callable[[str | None], None],
) -> PhotoWorker | None:
    """:param kinds: by name
    :returns: None where no API takes photos, or the operator did not switch them on
    """
    routes = {
        name: kind.photos.route
        for name, kind in kinds.items()
        if kind.photos is not None and kind.photos.route is not None
    }
    if not routes:
        return None
    settings, clock, owner = setup.settings, setup.clock, setup.process.owner()
    files = SlackFiles(services.client, settings.slack_bot_token, settings.slack_api_url)
    uploader = Uploader(settings.kare_api_url, clock.sleep)
    preparer = FilePreparer(files, setup.store)
    return PhotoWorker(
        PhotoSender(preparer, uploader, setup.store, owner, clock.time),
        routes,
        setup.store,
        owner=owner,
        clock=clock,
        wake_receipts=wake_receipts,
        may_claim=setup.tenure.holds,
    )
