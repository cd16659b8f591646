"""Messages with news that people must not miss: bad news, outages and grave reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from blocks import block_kit
from blocks.block_kit import Block
from blocks.mrkdwn import cut, escape, link, literal
from blocks.person import mention
from blocks.receipt_view import Message
from blocks.words import Words

TITLE_LIMIT = 300
"""Characters of the report in one line."""
BLOCK_ID = "notice"
"""Begins the block_id of the first block of each of these messages."""


@dataclass(frozen=True)
class Reported:
    """A report that a message names."""

    number: int
    url: str | None = None
    """The address of its receipt."""


@dataclass(frozen=True)
class BadNews:
    """To the reporter of one or several reports."""

    what: str
    """`refused`, `unknown`, `held` or `late`."""
    who: str
    """The Slack user id of the reporter."""
    reports: Sequence[Reported]
    """Those that are named, oldest first. An update after an outage names none."""
    n: int
    """How many there are."""
    api: str
    """What people call the API."""
    over_at: float | None = None
    """When the outage was over, UNIX seconds."""


@dataclass(frozen=True)
class Outage:
    """To an admin: an API or a channel takes nothing. Times are UNIX seconds."""

    why: str
    """`token`, `late` or `channel`."""
    source: str
    """What people call the API; the channel's id."""
    setting: str
    """The settings to renew, or Slack's error."""
    n: int
    """How many reports are not sent because of it."""
    began_at: float
    over_at: float | None


@dataclass(frozen=True)
class Alert:
    """A grave report, to those who are to see it. Times are UNIX seconds."""

    report: Reported
    title: str
    """The report in one line, as people wrote it."""
    gravity: int
    who: str
    """The Slack user id of the reporter."""
    state: str
    mentions: Sequence[str]
    """Slack ids of people and user groups; none in a direct message."""
    seen_by: str | None = None
    """The Slack user id of the person who pressed *Seen*."""
    seen_at: float | None = None


def bad_news(words: Words, news: BadNews) -> Message:
    """One or several reports of a person are not filed."""
    if news.over_at is not None:
        text = words(
            "notice.over", api=news.api, at=block_kit.moment(news.over_at), who=mention(news.who)
        )
        return _message(text)
    named = ", ".join(_name(words, report) for report in news.reports)
    if news.n > len(news.reports):
        named += f" {words('notice.more', n=news.n - len(news.reports))}"
    text = words(
        f"notice.{news.what}", n=news.n, who=mention(news.who), api=news.api, reports=named
    )
    return _message(text)


def outage(words: Words, news: Outage) -> Message:
    """An API or a channel takes nothing, or takes something again."""
    source = f"<#{news.source}>" if news.why == "channel" else news.source
    facts = {
        "source": source,
        "setting": escape(news.setting),
        "n": news.n,
        "since": block_kit.moment(news.began_at),
    }
    text = words(f"notice.outage.{news.why}", **facts)
    if news.over_at is not None:
        over = words("notice.outage.over", source=source, at=block_kit.moment(news.over_at))
        return _message(f"~{text}~\n{over}" if "\n" not in text else over)
    return _message(text)


def alert(words: Words, news: Alert) -> Message:
    """A grave report was stored. The button goes once somebody has pressed it."""
    title = literal(cut(news.title, TITLE_LIMIT))
    facts = {
        "report": _name(words, news.report),
        "title": title,
        "who": mention(news.who),
        "state": words(f"state.{news.state}"),
    }
    text = _mentioning(news.mentions, words("notice.alert.text", **facts))
    if news.seen_at is not None:
        at = block_kit.moment(news.seen_at)
        by = mention(news.seen_by) if news.seen_by else "…"
        seen = words("notice.alert.seen", who=by, at=at)
        return _message(f"{text}\n{seen}")
    button = block_kit.button(
        "seen", words("button.seen"), value=str(news.report.number), style="primary"
    )
    return _message(text, block_kit.actions([button], block_id="alert"))


def reminder(words: Words, news: Alert) -> Message:
    """Nobody has pressed *Seen* yet."""
    facts = {"report": _name(words, news.report), "risk": news.gravity}
    return _message(_mentioning(news.mentions, words("notice.alert.again", **facts)))


def _name(words: Words, report: Reported) -> str:
    name = words("notice.report", number=report.number)
    return link(report.url, name) if report.url else name


def _mentioning(ids: Sequence[str], text: str) -> str:
    names = (f"<!subteam^{name}>" if name.startswith("S") else mention(name) for name in ids)
    return " ".join([*names, text])


def _message(text: str, *below: Block) -> Message:
    section = block_kit.section(block_kit.mrkdwn(text)) | {"block_id": BLOCK_ID}
    return Message(text, [section, *below])
