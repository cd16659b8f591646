"""The form of `/report-issue`: a property-data issue for Immoteur."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocks import block_kit
from blocks.block_kit import Block
from blocks.form import Answers, FieldErrors, FormMetadata, InvalidFormError, Value
from blocks.issue import links, listing_choice, prefill
from blocks.issue.listing import Findings
from blocks.issue.model import (
    ACTIONS,
    COMMENT_LIMIT,
    FACETS,
    FIELD_LIMIT,
    KINDS,
    IssueReport,
)
from blocks.issue.targets import Targets, lines
from blocks.modal import modal
from blocks.mrkdwn import cut, is_blank
from blocks.receipt import Summary
from blocks.words import Words

SHOW_MORE = "comment.more.show"
"""action_id of the button that shows the second comment field."""


@dataclass(frozen=True)
class ReportIssueForm:
    callback_id: str = "report_issue"
    redraws_on: tuple[str, ...] = (
        "issueKind",
        "clusteringAction",
        SHOW_MORE,
        *listing_choice.TAKEN,
        listing_choice.CHOSEN,
    )
    heard_in: tuple[str, ...] = ("propertyIds", "classifiedIds")

    def pressed(
        self, metadata: FormMetadata, answers: Answers, action: Mapping[str, Any]
    ) -> tuple[FormMetadata, Answers]:
        if action["action_id"] == SHOW_MORE:
            metadata = metadata.model_copy(update={"more": True})
        if action["action_id"] in (*listing_choice.TAKEN, listing_choice.CHOSEN):
            answers = listing_choice.pressed(answers, action)
        return metadata, answers

    def from_words(self, text: str) -> Mapping[str, Value]:
        return prefill.from_words(text)

    def from_message(self, message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
        return prefill.from_message(message, link)

    def draw(
        self,
        words: Words,
        metadata: FormMetadata,
        answers: Answers,
        *,
        now: float,  # noqa: ARG002 - nothing here has a default in time
        known: Findings | None = None,
        field_errors: FieldErrors | None = None,
    ) -> Block:
        """:param known: what is known of the links and ids in the form"""
        findings = known or Findings()
        if skipped := answers.number(prefill.SKIPPED):
            metadata = metadata.model_copy(update={"skipped_links": skipped})
        return modal(
            self.callback_id,
            words,
            metadata,
            self._fields(words, metadata, answers, findings),
            heading=words("report_issue.heading"),
            field_errors=field_errors,
        )

    def _fields(
        self, words: Words, metadata: FormMetadata, answers: Answers, findings: Findings
    ) -> Iterator[Block]:
        def field(name: str, element: Block, **more: Any) -> Block:
            label, hint = (words(f"report_issue.{name}.{part}") for part in ("label", "hint"))
            block_id = answers.block_id(name, metadata)
            return block_kit.field(name, element, label=label, hint=hint, block_id=block_id, **more)

        def options(name: str, values: tuple[str, ...]) -> list[Block]:
            return [block_kit.option(words(f"report_issue.{name}.{one}"), one) for one in values]

        def text(name: str, *, optional: bool = True) -> Block:
            # What is typed while a look-up may still fill the field must not be lost by that.
            heard = findings.looking and name in self.heard_in
            element = block_kit.text_input(
                initial=answers.text(name), limit=FIELD_LIMIT, multiline=True, heard=heard
            )
            return field(name, element, optional=optional, redraws=heard)

        kind = answers.text("issueKind") or findings.last_kind or "data"
        action = answers.text("clusteringAction") if kind == "clustering" else ""
        yield field(
            "issueKind", block_kit.radio_buttons(options("issueKind", KINDS), kind), redraws=True
        )
        if kind == "data":
            facets = options("issueFacets", FACETS)
            yield field("issueFacets", block_kit.checkboxes(facets, answers.several("issueFacets")))
        if kind == "clustering":
            ways = block_kit.radio_buttons(options("clusteringAction", ACTIONS), action)
            yield field("clusteringAction", ways, redraws=True)
        yield text("propertyIds")
        yield text("classifiedIds")
        yield from listing_choice.draw(words, metadata, answers, findings)
        if action == "merge" and _one_home(*listing_choice.named(answers), findings):
            fault = words("report_issue.faults.one_home")
            yield block_kit.alert(fault, "warning", block_id="listings.one_home")
        yield text("comment", optional=kind != "other")
        if metadata.more or answers.text("comment.more"):
            yield text("comment.more")
        else:
            more = block_kit.button(SHOW_MORE, words("report_issue.comment.more.show"))
            yield block_kit.actions([more], block_id=SHOW_MORE)

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        report = IssueReport.model_validate(payload)
        return {
            "issueKind": report.issueKind,
            "clusteringAction": report.clusteringAction,
            "issueFacets": report.issueFacets,
            "propertyIds": lines([*report.propertyIds, *report.links], room=FIELD_LIMIT),
            "classifiedIds": lines(report.classifiedIds, room=FIELD_LIMIT),
        } | prefill.comment_fields(report.comment)

    def summary(self, words: Words, payload: Mapping[str, Any]) -> Summary:
        report = IssueReport.model_validate(payload)
        action, facets = report.clusteringAction, report.issueFacets
        named = {
            "issueKind": words(f"report_issue.issueKind.{report.issueKind}"),
            "clusteringAction": words(f"report_issue.clusteringAction.{action}") if action else "",
            "issueFacets": _listed([words(f"report_issue.issueFacets.{one}") for one in facets]),
            "propertyIds": _listed(report.propertyIds),
            "classifiedIds": _listed(report.classifiedIds),
            "links": _listed(report.links),
        }
        shown = {name: text for name, text in named.items() if text}
        facts = [(words(f"report_issue.fact.{name}"), text) for name, text in shown.items()]
        return Summary(tuple(facts), report.comment)

    def read(
        self,
        words: Words,
        answers: Answers,
        *,
        now: float,  # noqa: ARG002 - nothing here has a default in time
        known: Findings | None = None,
    ) -> IssueReport:
        """:raises InvalidFormError: with every fault, each on its own field"""
        properties, classifieds = listing_choice.named(answers)
        kind, action = answers.text("issueKind"), answers.text("clusteringAction")
        comment, long_field = _joined(answers)
        field_errors: dict[str, str] = {}

        def complain(name: str, sentence: str, **facts: object) -> None:
            field_errors.setdefault(name, words(f"report_issue.faults.{sentence}", **facts))

        if kind not in KINDS:
            complain("issueKind", "kind_missing")
        for name, held in (("propertyIds", properties), ("classifiedIds", classifieds)):
            for sentence, facts in _faults(held):
                complain(name, sentence, **facts)
        if (n := len(properties.links) + len(classifieds.links)) > links.MOST:
            complain("propertyIds", "too_many_links", n=n)
        if not any((properties.ids, classifieds.ids, properties.links, classifieds.links)):
            complain("propertyIds", "no_property")
        if kind == "data" and not answers.several("issueFacets"):
            complain("issueFacets", "facets_missing")
        if kind == "clustering":
            if action not in ACTIONS:
                complain("clusteringAction", "action_missing")
            if fault := _too_few(action, properties, classifieds, known or Findings()):
                complain("propertyIds", fault)
        if kind == "other" and not comment:
            complain("comment", "comment_missing")
        if len(comment) > COMMENT_LIMIT:
            complain(long_field, "comment_too_long", n=len(comment))
        if field_errors:
            raise InvalidFormError(field_errors)
        return IssueReport.model_validate(
            {
                "propertyIds": properties.ids,
                "classifiedIds": classifieds.ids,
                "links": (*properties.links, *classifieds.links),
                "issueKind": kind,
                "comment": comment,
                # What the last choice hid is not sent, whatever the state still holds.
                "issueFacets": answers.several("issueFacets") if kind == "data" else (),
                "clusteringAction": action if kind == "clustering" else None,
            }
        )


_LINK_FAULTS = {"private": "link_private", "too_long": "link_too_long"}


def _faults(held: Targets) -> Iterator[tuple[str, dict[str, object]]]:
    """What is wrong with a field of ids and links, as a sentence and its facts."""
    if held.others:
        shown = ", ".join(cut(one, 40) for one in held.others[:3])
        more = ", …" if len(held.others) > 3 else ""
        yield "not_ids", {"n": len(held.others), "shown": shown + more}
    for link in held.links:
        if why := links.fault(link):
            yield _LINK_FAULTS[why], {"shown": cut(link, 40)}
            return


def _too_few(
    action: str, properties: Targets, classifieds: Targets, findings: Findings
) -> str | None:
    """Why a merge or a split names too little: a sentence; None when it does not.

    A classified and its own property count as one home.
    """
    if action == "merge" and _one_home(properties, classifieds, findings):
        return "one_home"
    listings = len(classifieds.ids) + len(properties.links) + len(classifieds.links)
    if action == "split" and listings:
        return None  # its property is named, known, or looked up before it is sent
    return "too_few_targets" if len(properties.ids) + listings < 2 else None


def _one_home(properties: Targets, classifieds: Targets, findings: Findings) -> bool:
    """Whether several were named and all are one property already."""
    if properties.links or classifieds.links:
        return False
    homes = set(properties.ids)
    for one in classifieds.ids:
        homes.add(findings.listings[one].property_id if one in findings.listings else one)
    return len(homes) == 1 and len(properties.ids) + len(classifieds.ids) > 1


def _listed(values: Sequence[str]) -> str:
    """The first ten; a receipt is no place for hundreds."""
    more = f" + {len(values) - 10}" if len(values) > 10 else ""
    return ", ".join(values[:10]) + more


def _joined(answers: Answers) -> tuple[str, str]:
    """Both comment fields as one, and the field that a complaint about its length belongs to."""
    first, second = (
        "" if is_blank(answers.text(name)) else answers.text(name).strip()
        for name in ("comment", "comment.more")
    )
    if first and second:
        return f"{first}\n{second}", "comment.more"
    return first or second, "comment.more" if second else "comment"
