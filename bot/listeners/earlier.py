"""Earlier reports of the same thing. A form shows them before it files another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from blocks.form import FieldErrors, Report
from blocks.form_state import Earlier, Edited
from bot.kind import Context, Kind, State
from bot.services import Services
from storage import earlier, receipt_messages
from storage.reports import Report as Stored

SUBJECT_LIMIT = 100
"""Characters of the summary of an earlier report, which private_metadata carries."""


NO_ERRORS: FieldErrors = {}


class NotTakenError(Exception):
    """Nothing was stored. The form stays open, and the person decides what is next."""

    def __init__(
        self,
        field_errors: FieldErrors = NO_ERRORS,
        *,
        earlier: tuple[Earlier, ...] = (),
        edits: Edited | None = None,
    ) -> None:
        """:param earlier: reports of the same thing, which the form shows with a question
        :param edits: the edited report as it is now, with the warnings that the form must show
        """
        super().__init__("the form was not taken")
        self.field_errors, self.earlier, self.edits = field_errors, earlier, edits


@dataclass(frozen=True)
class EarlierReports(Generic[Context, State]):
    services: Services
    kind: Kind[Context, State]
    user: str
    """The person who sees the form."""

    def same_as(self, body: Mapping[str, Any]) -> Callable[[Stored], bool]:
        """Whether the stored or the sent body of a report makes the same request as a body."""

        def is_same(stored: Stored) -> bool:
            sent_body = self.kind.receipt.as_sent(stored.payload, stored.answer)
            return any(
                self.kind.duplicates.is_same(body, payload)
                for payload in (stored.payload, sent_body)
            )

        return is_same

    async def of_edit(self, edited: Stored, report: Report, *, since: float) -> tuple[Earlier, ...]:
        """The earlier reports of an edited report that its stored version did not have."""
        store_read, kind, number = self.services.store.read, self.kind.name, edited.number
        is_same = self.same_as(report.body())
        reports = await store_read(
            earlier.find_earlier, kind, report.targets(), since=since, is_same=is_same, but=number
        )
        if not reports:
            return ()
        targets = await store_read(earlier.list_targets, number)
        is_same = self.same_as(edited.payload)
        before = await store_read(
            earlier.find_earlier, kind, targets, since=since, is_same=is_same, but=number
        )
        numbers = {stored.number for stored in before}
        return await self.shown([stored for stored in reports if stored.number not in numbers])

    async def shown(self, found: Sequence[Stored]) -> tuple[Earlier, ...]:
        """The request, reporter, time and thread of each report, for the form."""
        numbers = [stored.number for stored in found]
        threads = await self.services.store.read(receipt_messages.list_threads, numbers)
        words = self.services.users.words(self.user)
        return tuple(
            Earlier(
                number=stored.number,
                who=stored.who,
                at=int(stored.created_at),
                state=stored.state,
                remote_id=stored.remote_id,
                about=self.kind.duplicates.subject(words, stored.payload)[:SUBJECT_LIMIT],
                link=self._link(stored, threads.get(stored.number)),
            )
            for stored in found
        )

    def _link(self, stored: Stored, thread: tuple[str, str] | None) -> str | None:
        """The address of a report's thread, unless only its reporter can open it."""
        url = self.services.users.workspace_url
        if thread is None or url is None:
            return None
        channel, ts = thread
        if channel.startswith("D") and stored.who != self.user:
            return None
        return f"{url}archives/{channel}/p{ts.replace('.', '')}"
