"""Unsent anomalies: kept in the database as people add them, and in memory for drawing forms."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from blocks.anomaly.model import ANOMALIES_LIMIT, Anomaly
from blocks.anomaly.prefill import stored_anomalies
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers, Value
from bot.clock import Clock
from storage import drafts
from storage import unfinished as unfinished_fields
from storage.drafts import Draft, DraftAnomaly, Outcome
from storage.store import Store

__all__ = ["EDITS_KEPT_FOR", "DraftAnomaly", "Drafts", "unfinished_words"]

EDITS_KEPT_FOR = 7 * 86_400.0
"""Seconds after which the draft of an edit that was not sent is deleted."""
HEAD = ("reportId", "siteId")
"""The fields that all anomalies of a draft have in common."""


class Drafts:
    """Memory holds a copy of the database. Where several processes share the database, the copy
    can be out of date until `fetch`.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._of_users: dict[str, dict[str, Draft]] = {}
        self._unsaved: dict[str, Draft] = {}
        """Drafts of edited reports that are not in the database yet, by key."""

    async def load(self) -> None:
        before = self._clock.time() - EDITS_KEPT_FOR
        await self._store.write(drafts.forget_edits, before=before)
        self._of_users = {}
        for draft in await self._store.read(drafts.everyone):
            self._of_users.setdefault(draft.who, {})[draft.key] = draft

    async def fetch(self, user: str) -> None:
        """Store what `begin` left, and replace the copy of a person's drafts."""
        for draft in [draft for draft in self._unsaved.values() if draft.who == user]:
            await self._store.write_urgent(drafts.fill, draft)
            self._unsaved.pop(draft.key, None)
        by_key = {draft.key: draft for draft in await self._store.read(drafts.of_person, user)}
        if by_key:
            self._of_users[user] = by_key
        else:
            self._of_users.pop(user, None)

    def begin(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> None:
        """Make the draft of a form that edits a report of several anomalies. `fetch` stores it."""
        anomalies = {
            number: DraftAnomaly(anomaly.body())
            for number, anomaly in stored_anomalies(answers).items()
        }
        if anomalies and self.of(user, metadata.key) is None:
            self._unsaved[metadata.key] = self._new(user, metadata, answers, anomalies)

    def of(self, user: str, key: str) -> Draft | None:
        """A form's draft; None when it holds nothing."""
        return self._of_users.get(user, {}).get(key) or self._unsaved.get(key)

    def anomalies(self, user: str, metadata: AnomalyMetadata) -> Mapping[int, Anomaly]:
        """A form's draft, by number."""
        draft = self.of(user, metadata.key)
        return {
            number: Anomaly.model_validate(anomaly.body)
            for number, anomaly in (draft.anomalies.items() if draft else ())
        }

    def photos(self, user: str, metadata: AnomalyMetadata) -> Mapping[int, tuple[str, ...]]:
        """The photos of a form's draft, by the number of their anomaly."""
        draft = self.of(user, metadata.key)
        return {
            number: anomaly.photos
            for number, anomaly in (draft.anomalies.items() if draft else ())
            if anomaly.photos
        }

    def added_from(self, user: str, metadata: AnomalyMetadata) -> frozenset[int]:
        """The numbers of the anomalies that were stored from the fields as they are on screen."""
        draft = self.of(user, metadata.key)
        return frozenset(
            number
            for number, anomaly in (draft.anomalies.items() if draft else ())
            if anomaly.fields_version == metadata.state.fields_version
        )

    def edited_number(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> int | None:
        """The number of the anomaly that the fields edit; None for a new one."""
        state, draft = metadata.state, self.of(user, metadata.key)
        if stored_anomalies(answers):
            return 1  # the form of a stored report opens with its first anomaly
        if state.anomaly_number is None and draft and state.finding in draft.anomalies:
            return state.finding
        return state.anomaly_number

    def unsent(self, user: str, metadata: AnomalyMetadata) -> Draft | None:
        """A person's newest draft of another form, one of this form's channel first; no drafts of
        edits.
        """
        channel, of_user = metadata.origin.channel, self._of_users.get(user, {}).values()
        unsent = [draft for draft in of_user if draft.edits is None and draft.key != metadata.key]
        return max(
            unsent, key=lambda draft: (draft.channel == channel, draft.changed_at), default=None
        )

    async def all_unsent(self, user: str) -> list[Draft]:
        """All drafts of a person as they are stored; no drafts of edits."""
        stored = await self._store.read(drafts.of_person, user)
        return [draft for draft in stored if draft.edits is None]

    async def keep(
        self,
        user: str,
        metadata: AnomalyMetadata,
        answers: Answers,
        *,
        values: Mapping[str, Value] | None,
        at: float,
    ) -> None:
        """Store the present values of a form's fields.

        :param values: of the fields; None when there is nothing to keep
        :param at: the action_ts of the newest change
        """
        state = metadata.state
        unfinished = {"values": values, "number": state.anomaly_number, "at": at}
        draft = self._new(user, metadata, answers)
        await self._store.write(
            unfinished_fields.keep,
            replace(draft, unfinished=unfinished if values else None),
            fields_version=state.fields_version,
            at=at,
        )
        await self.fetch(user)

    async def save(
        self,
        user: str,
        metadata: AnomalyMetadata,
        answers: Answers,
        anomaly: Anomaly,
        *,
        number: int | None,
        photos: Sequence[str] = (),
    ) -> Outcome:
        """Store the anomaly in the fields.

        :param number: of the anomaly that it replaces; None adds it under a new number
        :param photos: the files in the fields
        """
        version, limit = metadata.state.fields_version, ANOMALIES_LIMIT
        draft, body = self._new(user, metadata, answers), anomaly.body()
        if number is None:
            outcome = await self._store.write_urgent(
                drafts.add, draft, body, fields_version=version, limit=limit, photos=photos
            )
        else:
            outcome = await self._store.write_urgent(
                drafts.replace,
                draft,
                number,
                body,
                fields_version=version,
                limit=limit,
                photos=photos,
            )
        await self.fetch(user)
        return outcome

    async def remove(self, user: str, key: str, number: int) -> None:
        now = self._clock.time()
        await self._store.write_urgent(drafts.take_out, key, number, who=user, now=now)
        await self.fetch(user)

    async def resume(self, user: str, key: str, metadata: AnomalyMetadata) -> Draft | None:
        """Give an unsent draft to another form.

        :returns: the form's draft then; None when the unsent one is gone
        """
        await self._store.write_urgent(
            drafts.hand_over,
            key,
            metadata.key,
            who=user,
            channel=metadata.origin.channel,
            now=self._clock.time(),
        )
        await self.fetch(user)
        return self.of(user, metadata.key)

    async def discard(self, user: str, key: str) -> None:
        await self._store.write_urgent(drafts.discard, key, who=user)
        await self.fetch(user)

    def _new(
        self,
        user: str,
        metadata: AnomalyMetadata,
        answers: Answers,
        anomalies: Mapping[int, DraftAnomaly] | None = None,
    ) -> Draft:
        return Draft(
            key=metadata.key,
            who=user,
            channel=metadata.origin.channel,
            edits=metadata.edits.number if metadata.edits else None,
            head={name: answers.text(name) for name in HEAD},
            changed_at=self._clock.time(),
            anomalies=anomalies or {},
        )


def unfinished_words(draft: Draft) -> str:
    """The title of the anomaly that is being typed, or else its description; empty without both."""
    typed = (draft.unfinished or {}).get("values", {})
    return str(typed.get("title") or typed.get("description") or "").strip()
