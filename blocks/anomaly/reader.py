"""The form read: its draft and its fields become a report, or errors on its fields."""

from collections.abc import Mapping
from typing import Any

from blocks import photos
from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.fields import (
    Errors,
    check_due_dates,
    nothing_typed,
    read_anomaly,
    read_number,
)
from blocks.anomaly.model import ANOMALIES_LIMIT, Anomaly, AnomalyReport
from blocks.anomaly.risk import WithRisks
from blocks.answers import Answers
from blocks.form import InvalidFormError
from blocks.words import Words


class AnomalyReader(WithRisks):
    """Reads the form: the anomalies of its draft, and the one in its fields."""

    @staticmethod
    def new_photos(answers: Answers, context: AnomalyContext) -> tuple[str, ...]:
        """The photos in the fields, without those that were stored with an anomaly from the fields
        as they are on screen.
        """
        if not context.takes_photos:
            return ()
        stored = {photo for number in context.added for photo in context.photos.get(number, ())}
        packed = [photo.packed() for photo in photos.read(answers)]
        return tuple(photo for photo in packed if photo not in stored)

    def read(
        self,
        words: Words,
        answers: Answers,
        *,
        now: float,
        context: AnomalyContext | None = None,
    ) -> AnomalyReport:
        """The draft's anomalies, and the one in the fields.

        :param now: UNIX seconds
        :raises InvalidFormError: with every fault, each on its own field
        """
        context = context or AnomalyContext()
        errors = Errors(words, context.searchable)
        if context.lost:
            errors.add_of_draft("lost")
        elif context.is_gone:
            errors.add_of_draft("gone")
        report = read_number(answers, "reportId", errors)
        anomalies = dict(context.others)
        if not (context.may_be_blank and self.is_blank(answers)):
            anomaly = self._read_anomaly(answers, context, errors, now)
            if anomaly and not context.was_added(anomaly):
                anomalies[context.anomaly_number or max(anomalies, default=0) + 1] = anomaly
        check_due_dates(context, errors, now)
        if errors.by_field or report is None:
            raise InvalidFormError(errors.by_field)
        ordered = [anomaly for _, anomaly in sorted(anomalies.items())]
        return AnomalyReport.model_validate({"reportId": report, "anomalies": ordered})

    def read_for_draft(
        self, words: Words, answers: Answers, *, now: float, context: AnomalyContext
    ) -> Anomaly:
        """The anomaly in the fields.

        :param now: UNIX seconds
        :raises InvalidFormError: with every fault, each on its own field. The number of the report
            is checked too.
        """
        errors = Errors(words, context.searchable)
        read_number(answers, "reportId", errors)
        anomaly = self._read_anomaly(answers, context, errors, now)
        if errors.by_field or anomaly is None:
            raise InvalidFormError(errors.by_field)
        return anomaly

    @staticmethod
    def is_sent_again(
        stored: Mapping[str, Any],
        body: Mapping[str, Any],
        *,
        context: AnomalyContext | None = None,  # noqa: ARG004 - the draft has ended
    ) -> bool:
        """A form that is sent again lacks the anomalies that were set aside in its draft, because
        the draft ended when the report was stored.
        """
        is_same_report = stored.get("reportId") == body["reportId"]
        there = stored.get("anomalies", ())
        return is_same_report and all(anomaly in there for anomaly in body["anomalies"])

    def is_blank(self, answers: Answers) -> bool:
        return nothing_typed(answers)

    def too_many(self, words: Words) -> str:
        return words("anomaly.faults.too_many", n=ANOMALIES_LIMIT)

    def _read_anomaly(
        self, answers: Answers, context: AnomalyContext, errors: Errors, now: float
    ) -> Anomaly | None:
        anomaly = read_anomaly(self.risk_of(answers), answers, errors, now=now)
        added = anomaly is not None and context.was_added(anomaly)
        if context.is_full and not added:
            errors.add("title", "too_many", n=ANOMALIES_LIMIT)
        elif context.is_copy and not added and anomaly in context.draft.values():
            errors.add("title", "repeated")
        return anomaly
