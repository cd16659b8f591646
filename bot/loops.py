"""The loops of the back office that belong to no API and no kind of report."""

from collections.abc import Coroutine, Mapping
from typing import Any

from bot import report_texts, retention, week_post
from bot.home import loops as home
from bot.kind import AnyKind
from bot.services import Services
from bot.setup import Setup


def loops(
    setup: Setup, services: Services, kinds: Mapping[str, AnyKind]
) -> Mapping[str, Coroutine[Any, Any, None]]:
    """By name.

    :param kinds: by name
    """
    return {
        **retention.loops(setup.config.retention, setup.store, setup.clock),
        **report_texts.loops(setup.store, setup.clock),
        **week_post.loops(services, setup.settings.constat_language),
        **home.loops(services, kinds, setup),
    }
