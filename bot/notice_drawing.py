"""Draws the message of a notice, in the language of the people who read it."""

from collections.abc import Mapping

from blocks import notice as drawing
from blocks.notice import Alert, BadNews, Outage, Reported
from blocks.receipt_view import Message
from blocks.words import Words
from bot.alert_config import AlertConfig
from bot.kind import AnyKind
from bot.receipt_view import title_of
from bot.slack.users import Users
from storage.notice_view import NAMED, News, Notice, is_person

_APIS_OUTAGES = frozenset({"token", "late"})
"""The causes of an API's outage. Any other cause is Slack's error for a channel."""


class NoticeDrawing:
    def __init__(
        self, users: Users, kinds: Mapping[str, AnyKind], alert: AlertConfig | None
    ) -> None:
        """:param kinds: by name"""
        self._users, self._kinds, self._alert = users, kinds, alert
        self._apis = {kind.api: kind for kind in kinds.values()}

    async def draw(self, notice: Notice) -> Message:
        """A direct message is in the language of its person, any other in the channel's."""
        person = _only_reader(notice)
        if person and not self._users.knows(person):
            await self._users.learn(person)
        words = self._users.words(person) if person else self._users.channel_words
        match notice.what:
            case News.OUTAGE:
                return drawing.outage(words, self._outage(notice))
            case News.ALERT:
                return drawing.alert(words, self._grave(words, notice))
            case News.REMINDER:
                return drawing.reminder(words, self._grave(words, notice))
            case _:
                return drawing.bad_news(words, self._bad_news(notice))

    def _bad_news(self, notice: Notice) -> BadNews:
        outage = notice.outage
        return BadNews(
            what=notice.what,
            who=notice.who,
            reports=[self._reported(notice, number) for number in notice.numbers[:NAMED]],
            n=len(notice.numbers),
            api=self._label(notice.api),
            over_at=outage.ended_at if outage else None,
        )

    def _outage(self, notice: Notice) -> Outage:
        outage = notice.outage
        assert outage is not None  # noqa: S101 - its row refers to one
        of_api = outage.why in _APIS_OUTAGES
        kind = self._apis.get(outage.source)
        return Outage(
            why=outage.why if of_api else "channel",
            source=self._label(outage.source) if of_api else outage.source,
            setting=(kind.settings if kind else "") if of_api else outage.why,
            n=len(notice.numbers),
            began_at=outage.began_at,
            over_at=outage.ended_at,
        )

    def _grave(self, words: Words, notice: Notice) -> Alert:
        report = notice.report
        assert report is not None  # noqa: S101 - its row refers to one
        kind = self._kinds[report.kind]
        direct = _only_reader(notice) is not None
        return Alert(
            report=self._reported(notice, report.number),
            title=title_of(words, kind, report).line(words),
            gravity=kind.gravity(report.payload) or 0,
            who=report.who,
            state=report.state,
            mentions=() if direct or self._alert is None else self._alert.mention,
            seen_by=notice.seen.who if notice.seen else None,
            seen_at=notice.seen.at if notice.seen else None,
        )

    def _label(self, api: str) -> str:
        kind = self._apis.get(api)
        return kind.api_label if kind else api

    def _reported(self, notice: Notice, number: int) -> Reported:
        place, workspace = notice.receipts.get(number), self._users.workspace_url
        if place is None or workspace is None:
            return Reported(number)
        channel, ts = place
        return Reported(number, f"{workspace}archives/{channel}/p{ts.replace('.', '')}")


def _only_reader(notice: Notice) -> str | None:
    """The person whom a direct message is for; None in a channel."""
    if is_person(notice.sent_to):
        return notice.sent_to
    direct = notice.who and (notice.place.startswith("D") or is_person(notice.place))
    return notice.who if direct else None
