"""A person opens their App Home: it is marked to be published."""

from bot.services import Services
from storage import homes
from storage.events import Event
from storage.homes import Home


class Openings:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def opened(self, event: Event) -> bool:
        """Store an event that came, and mark and claim the Home, in one transaction.

        :returns: False when the event came before
        :raises NotStoredError: when nothing was stored
        """
        services, worker = self._services, self._services.homes
        opened = await services.store.write_urgent(
            homes.open_by_event,
            self._home(event),
            event,
            worker.owner,
            now=services.clock.time(),
            lease=worker.lease,
        )
        if opened.home:
            worker.give(opened.home)
        elif opened.is_new:
            worker.set()
        return opened.is_new

    async def work_on(self, event: Event) -> None:
        """Mark the Home of an event that an older release stored, and did not work on."""
        services = self._services
        now = services.clock.time()
        await services.store.write_urgent(homes.open_home, self._home(event), now=now)
        services.homes.set()

    def _home(self, event: Event) -> Home:
        user = str(event.facts["user"])
        return Home(
            user,
            team=str(event.facts["team"]),
            channel=str(event.facts["channel"]),
            sees_all=self._services.is_admin(user),
        )
