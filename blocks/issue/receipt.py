"""The parts of a receipt of `/report-issue`: the report, and Immoteur's answers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from blocks import block_kit
from blocks.issue import headline
from blocks.issue.listing import Listing
from blocks.issue.listing_names import ListingNames
from blocks.issue.model import IssueReport
from blocks.mrkdwn import cut, literal
from blocks.receipt_facts import Labels, Reason, ReceiptFacts, Summary, Thing, Title
from blocks.words import Words

SEND_WITHOUT = "send_without"
"""action_id of the button that sends a report without the targets that could not be read."""
LISTED = 10
"""Listings that a receipt shows: it is no place for hundreds."""
QUOTED = 3
"""Targets to quote when a person asks Immoteur's support."""


class IssueReceipt(ReceiptFacts):
    def title(self, words: Words, payload: Mapping[str, Any], labels: Labels) -> Title | None:
        return headline.title(words, payload, labels)

    def summary(self, words: Words, payload: Mapping[str, Any], labels: Labels) -> Summary:
        """Each listing by its name, linked to its page; then the fault.

        :param payload: a stored body
        """
        report = IssueReport.model_validate(payload)
        things = list(_things(words, report, ListingNames.of(labels)))
        if (more := len(things) - LISTED) > 0:
            things = [*things[:LISTED], Thing(words("receipt.more", n=more))]
        return Summary((_wanted(words, report),), report.comment, tuple(things))

    def as_sent(self, payload: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Links that were looked up before sending are replaced by the listings behind them."""
        return {**payload, **answer.get("sent", {})}

    def labels_of(self, labels: Labels, answer: Mapping[str, Any]) -> Labels:
        listings = {**ListingNames.of(labels).listings, **ListingNames.of(answer).listings}
        return ListingNames(listings).labels()

    def filed_at(self, answer: Mapping[str, Any]) -> float | None:
        created = answer.get("createdAt")
        return datetime.fromisoformat(created).timestamp() if created else None

    def next_step(self, words: Words, payload: Mapping[str, Any], sent_at: float, api: str) -> str:
        """Immoteur shows nobody what was filed: only its support knows."""
        named = [*payload.get("propertyIds", ()), *payload.get("classifiedIds", ())]
        named += payload.get("links", ())
        quoted = ", ".join(literal(cut(str(target), 100)) for target in named[:QUOTED])
        at = block_kit.moment(sent_at)
        return words("report_issue.receipt.ask_support", api=api, at=at, targets=quoted)

    def reasons(self, words: Words, cause: Mapping[str, Any]) -> Sequence[Reason]:
        """The targets that could not be looked up, and why."""
        return [
            Reason("propertyIds", cut(target, 100), words(f"listing.unread.{why}"))
            for target, why in (cause.get("unread") or {}).items()
        ]

    def buttons(self, cause: Mapping[str, Any]) -> tuple[str, ...]:
        """`send_without` when other targets than the unreadable ones were named."""
        return (SEND_WITHOUT,) if cause.get("others") else ()


def _wanted(words: Words, report: IssueReport) -> tuple[str, str]:
    """The fault or the requested change: a label, and the value."""
    if action := report.clusteringAction:
        return words("report_issue.fact.clusteringAction"), words(f"report_issue.receipt.{action}")
    if report.issueFacets:
        facets = [words(f"report_issue.issueFacets.{facet}") for facet in report.issueFacets]
        return words("report_issue.fact.issueFacets"), ", ".join(facets)
    kind = words(f"report_issue.issueKind.{report.issueKind}")
    return words("report_issue.fact.issueKind"), kind


def _things(words: Words, report: IssueReport, names: ListingNames) -> Iterator[Thing]:
    """A line for each listing or property that the report names, and for each link that is not
    looked up yet. Ids stand only where no name is known.
    """
    is_split = report.clusteringAction == "split"
    classifieds = [id_ for id_ in report.classifiedIds if id_ in names.listings]
    property_ids = {names.listings[id_].property_id for id_ in classifieds}
    for id_ in report.propertyIds:
        listings = [
            listing
            for listing in names.of_property(id_)
            if listing.classified_id not in classifieds
        ]
        if is_split or id_ not in property_ids:
            label = words("report_issue.receipt.property")
            thing = _of_listing(words, listings[0], label if is_split else "") if listings else None
            yield thing or Thing(id_, label=label)
    for id_ in report.classifiedIds:
        label = words(f"report_issue.receipt.{'split_off' if is_split else 'listing'}")
        if id_ not in names.listings:
            yield Thing(id_, label=label)
        else:
            yield _of_listing(words, names.listings[id_], label if is_split else "")
    for link in report.links:
        yield Thing(cut(link, 200), url=link if "://" in link else f"https://{link}")


def _of_listing(words: Words, listing: Listing, label: str = "") -> Thing:
    return Thing(listing.line(words), url=listing.url, label=label)
