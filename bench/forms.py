"""Slack's requests to the bot: drawn by the real forms, complete, and signed; made quickly.

Everything but a few words is prepared once. The sender shares the machine with the server, so it
must cost as little as possible.
"""

import hashlib
import hmac
import itertools
import json
import time
import uuid
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from blocks.answers import Answers
from blocks.form_state import Origin, new_key
from blocks.issue.form import ReportIssueForm
from blocks.issue.state import IssueMetadata, IssueState
from blocks.words import words
from sandbox.slack import Slack, events, payloads, seed
from sandbox.slack.model import App, Channel, User

COMMENT = (
    "Le prix affiché ne correspond pas à celui de l'agence : 245 000 € sur l'annonce, 254 000 € "
    "sur leur site. Deux photos montrent aussi un autre appartement, avec un balcon."
)
PEOPLE = 20
"""Different reporters."""

_KEY, _HOME = "f" * 32, "ffffffff-ffff-4fff-8fff-ffffffffffff"
_VIEW, _TRIGGER = "V0BENCHVIEW", "1700000000000.0000000001.bench"
_WHO, _WHERE = "U0BENCHWHO", "C0BENCHWHER"
_AT = "1700000000.000001"
_EVENT = "Ev0BENCH"
REPORTER = "U0BENCH0000"
"""The person who reported everything that a full file holds."""


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the wire, and the name by which its consequence is known."""

    request: bytes
    name: str
    """A submission's property id, a choice's view id, a command's trigger id, a Home's user id."""


class Forms:
    """Requests of one run. Each is new: another form, another property, another person in turn."""

    def __init__(self, host: str) -> None:
        """:param host: where the bot listens"""
        self._host = host
        self._numbers = itertools.count(1)
        self._run = uuid.uuid4().hex[:8]
        slack = Slack(seed())
        who, where = User(_WHO, "bench"), Channel(_WHERE, "bench")
        slack.workspace.users[_WHO] = who
        view = slack.views.open(_WHO, _drawn())
        view.id = view.root_id = _VIEW
        submission = payloads.view_submission(slack, who, view)
        action = {
            "type": "radio_buttons",
            "block_id": "issueKind",
            "action_id": "issueKind",
            "selected_option": {
                "text": {"type": "plain_text", "text": "Clustering", "emoji": True},
                "value": "clustering",
            },
        }
        choice = payloads.view_action(slack, who, view, action)
        choice["actions"][0]["action_ts"] = _AT
        command = payloads.slash_command(slack, who, where, "/report-issue", f"data {_HOME}")
        command["trigger_id"] = _TRIGGER
        opening = events.app_home_opened(slack, who, "home")
        opening["event_id"] = _EVENT
        self._opening = json.dumps(opening)
        self._submission = _as_form(submission)
        self._choice = _as_form(choice)
        self._command = urlencode(command)

    def submission(self, channel: str = "C0ANNONCES") -> Sent:
        """*Send* of a form that was never sent before."""
        n = next(self._numbers)
        home = str(uuid.uuid4())
        body = self._filled(self._submission, n, channel).replace(_HOME, home)
        body = body.replace(_KEY, new_key())
        return Sent(self._signed(body), home)

    def choice(self) -> Sent:
        """Another kind of issue is chosen: the form is redrawn."""
        n = next(self._numbers)
        body = self._filled(self._choice, n, "C0ANNONCES").replace(_AT, f"{time.time():.6f}")
        return Sent(self._signed(body), _view(n))

    def command(self) -> Sent:
        """`/report-issue`."""
        n = next(self._numbers)
        body = self._filled(self._command, n, "C0ANNONCES")
        trigger = f"{n}.{self._run}"
        return Sent(self._signed(body.replace(_TRIGGER, trigger)), trigger)

    def opening(self) -> Sent:
        """`REPORTER` opens their Home."""
        event_id = f"Ev{next(self._numbers)}.{self._run}"
        body = self._opening.replace(_EVENT, event_id).replace(_WHO, REPORTER)
        return Sent(self._signed(body, "application/json"), REPORTER)

    def _filled(self, body: str, n: int, channel: str) -> str:
        user = f"U0BENCH{n % PEOPLE:04d}"
        return body.replace(_VIEW, _view(n)).replace(_WHO, user).replace(_WHERE, channel)

    def _signed(self, body: str, kind: str = "application/x-www-form-urlencoded") -> bytes:
        at = str(int(time.time()))
        base = f"v0:{at}:{body}".encode()
        digest = hmac.new(App.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return (
            "POST /slack/events HTTP/1.1\r\n"
            f"Host: {self._host}\r\n"
            "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
            "Accept-Encoding: gzip,deflate\r\n"
            "Accept: application/json,*/*\r\n"
            f"X-Slack-Signature: v0={digest}\r\n"
            f"X-Slack-Request-Timestamp: {at}\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"Content-Type: {kind}\r\n\r\n"
            f"{body}"
        ).encode()


def stored_as() -> str:
    """The JSON that is stored of a submission: for a yardstick of the same size."""
    report = ReportIssueForm().read(words("en"), _answers(), now=0.0)
    return json.dumps(report.body(), ensure_ascii=False)


def _drawn() -> dict[str, object]:
    """A form with every field filled in, opened by a command."""
    origin = Origin(team="T0CONSTAT1", channel=_WHERE)
    metadata = IssueMetadata(key=_KEY, origin=origin, state=IssueState())
    return ReportIssueForm().draw(words("en"), metadata, _answers(), now=0.0)


def _answers() -> Answers:
    return Answers(
        {
            "issueKind": "data",
            "issueFacets": ("price", "media"),
            "propertyIds": _HOME,
            "comment": COMMENT,
        }
    )


def _as_form(payload: dict[str, object]) -> str:
    return "payload=" + quote_plus(json.dumps(payload, separators=(",", ":")))


def _view(n: int) -> str:
    return f"V{n:010d}"
