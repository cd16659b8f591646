"""One worker for the deliveries of each API."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.delivery.api import Api
from bot.delivery.scope import DeliveryScope
from bot.delivery.worker import DeliveryWorker
from bot.setup import Setup


def delivery_workers(
    setup: Setup,
    apis: Mapping[str, Api],
    owner: str,
    *,
    wake_receipts: Callable[[str | None], None],
    refused: Callable[[str], None],
) -> dict[str, DeliveryWorker]:
    """:param apis: by name
    :param owner: the name under which this process claims reports
    :param wake_receipts: as in `DeliveryScope`
    :param refused: called with the name of an API that refuses our token
    :returns: by the API's name
    """
    return {
        name: DeliveryWorker(
            DeliveryScope(
                api=api,
                store=setup.store,
                clock=setup.clock,
                limits=setup.config.delivery,
                owner=owner,
                is_dead=setup.process.is_dead,
                may_claim=setup.tenure.holds,
                wake_receipts=wake_receipts,
                refused=partial(refused, name),
            )
        )
        for name, api in apis.items()
    }
