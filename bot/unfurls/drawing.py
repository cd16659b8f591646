"""Draws the preview of a posted link, with the newest report about the same thing."""

from blocks.block_kit import Block
from blocks.unfurl import Reported, draw
from bot.kind import AnyKind
from bot.kind_parts import Preview
from bot.services import Services
from bot.slack.permalinks import permalink
from bot.slack.posted_links import PostedLink, PostedLinks
from storage import unfurls


class Drawing:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def draw(
        self, posted: PostedLinks, link: PostedLink, kind: AnyKind, preview: Preview
    ) -> Block:
        words = self._services.users.channel_words
        reported = await self._reported(posted, kind, preview)
        return draw(words, kind.name, link.address, preview.card(words), reported)

    async def _reported(
        self, posted: PostedLinks, kind: AnyKind, preview: Preview
    ) -> Reported | None:
        """The newest report about it. Nobody is named. Its thread is named only where everybody in
        this channel can read it.
        """
        services = self._services
        found = await services.store.read(unfurls.latest_report, kind.name, preview.targets)
        if found is None:
            return None
        report, base, thread = found.report, services.users.workspace_url, None
        if base and found.thread and found.thread[0] == posted.channel:
            thread = permalink(base, posted.channel, found.thread[1], None)
        subject = ""
        if "payload" not in report.damaged:
            subject = kind.duplicates.subject(services.users.channel_words, report.payload)
        return Reported(report.state, report.created_at, subject, thread)
