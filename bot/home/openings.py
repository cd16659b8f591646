"""A person opens their App Home: it is marked to be published."""

from bot.services import Services
from storage import homes
from storage.events import Event
from storage.homes import Home


class Openings:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def open(self, event: Event) -> None:
        services, user = self._services, str(event.facts["user"])
        home = Home(
            user,
            team=str(event.facts["team"]),
            channel=str(event.facts["channel"]),
            sees_all=user in services.config.admins,
        )
        now = services.clock.time()
        await services.store.write_urgent(homes.open_home, home, event_id=event.id, now=now)
        services.home_alarm.set()
