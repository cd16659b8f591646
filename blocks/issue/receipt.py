"""What a receipt of `/report-issue` shows: the report, and Immoteur's answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from blocks import block_kit
from blocks.issue.model import IssueReport
from blocks.mrkdwn import cut
from blocks.receipt_facts import Reason, ReceiptFacts, Summary
from blocks.words import Words

SEND_WITHOUT = "send_without"
"""action_id of the button that sends a report without the targets that could not be read."""


_LISTED = 10
"""Values that a receipt lists: it is no place for hundreds."""


def summary(words: Words, payload: Mapping[str, Any]) -> Summary:
    """What a receipt shows of a stored body."""
    report = IssueReport.model_validate(payload)
    action = report.clusteringAction
    facets = [words(f"report_issue.issueFacets.{facet}") for facet in report.issueFacets]
    values = {
        "issueKind": words(f"report_issue.issueKind.{report.issueKind}"),
        "clusteringAction": words(f"report_issue.clusteringAction.{action}") if action else "",
        "issueFacets": _listed(facets),
        "propertyIds": _listed(report.propertyIds),
        "classifiedIds": _listed(report.classifiedIds),
        "links": _listed(report.links),
    }
    facts = [(words(f"report_issue.fact.{name}"), value) for name, value in values.items() if value]
    return Summary(tuple(facts), report.comment)


def _listed(values: Sequence[str]) -> str:
    more = f" + {len(values) - _LISTED}" if len(values) > _LISTED else ""
    return ", ".join(values[:_LISTED]) + more


class IssueReceipt(ReceiptFacts):
    def as_sent(self, payload: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The links that were looked up before it was sent are replaced by what they led to."""
        return {**payload, **answer.get("sent", {})}

    def answered(self, words: Words, answer: Mapping[str, Any], api: str) -> Sequence[str]:
        del api
        if not (created := answer.get("createdAt")):
            return ()
        at = datetime.fromisoformat(created).timestamp()
        if not 0 <= at < block_kit.LAST_MOMENT:
            return ()
        return (words("receipt.created", at=block_kit.moment(at)),)

    def reasons(self, words: Words, cause: Mapping[str, Any]) -> Sequence[Reason]:
        """The targets that could not be looked up, and why."""
        return [
            Reason("propertyIds", cut(target, 100), words(f"listing.unread.{why}"))
            for target, why in (cause.get("unread") or {}).items()
        ]

    def buttons(self, cause: Mapping[str, Any]) -> tuple[str, ...]:
        """`send_without` when other targets than the unreadable ones were named."""
        return (SEND_WITHOUT,) if cause.get("others") else ()
