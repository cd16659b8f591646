"""The form of `/report-issue`: a property-data issue for Immoteur's `POST /issues`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from blocks import ids, kit
from blocks.form import Answers, Complaints, Faulty, Meta, Value
from blocks.kit import Block
from blocks.modal import modal
from blocks.receipt import Summary
from blocks.text import MARK, cut, plain, split
from blocks.words import Words

IssueKind = Literal["data", "clustering", "other"]
ClusteringAction = Literal["merge", "split"]
IssueFacet = Literal[
    "attributes",
    "contact",
    "description",
    "link",
    "location",
    "media",
    "other",
    "price",
    "publisher",
    "status",
]

COMMENT_LIMIT = 4000
"""Immoteur's; one Slack field stops at 3,000, so a second one is joined by a line break."""
FIELD_LIMIT = 3000
SHOW_MORE = "comment.more.show"
"""action_id of the button that shows the second comment field."""


class IssueReport(BaseModel):
    """A valid body of `POST /issues`. Field names are the API's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    propertyIds: tuple[str, ...] = ()
    classifiedIds: tuple[str, ...] = ()
    issueKind: IssueKind
    clusteringAction: ClusteringAction | None = None
    issueFacets: tuple[IssueFacet, ...] = ()
    comment: str = Field("", max_length=COMMENT_LIMIT)

    def body(self) -> dict[str, Any]:
        """Keys without a value are left out: the API takes no null, "" or []."""
        return {name: value for name, value in self.model_dump(mode="json").items() if value}

    def targets(self) -> tuple[str, ...]:
        return self.propertyIds or self.classifiedIds


@dataclass(frozen=True)
class ReportIssueForm:
    """:param classifieds_alone: whether classifieds may be sent without a property"""

    classifieds_alone: bool = False
    callback_id: str = "report_issue"
    redraws_on: tuple[str, ...] = ("issueKind", SHOW_MORE)

    def pressed(
        self, meta: Meta, answers: Answers, action: Mapping[str, Any]
    ) -> tuple[Meta, Answers]:
        if action["action_id"] == SHOW_MORE:
            meta = meta.model_copy(update={"more": True})
        return meta, answers

    def from_words(self, text: str) -> Mapping[str, Value]:
        """`[kind] ids, links, words`: ids behind `classified:` are classifieds, the rest, links
        included, is the comment.
        """
        kind, text = _leading_kind(plain(text))
        values, comment = _sorted_out(text)
        return kind | values | _comment(comment)

    def from_message(self, message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
        """Ids from wherever they hide; the message's text and permalink are the comment."""
        text = plain(str(message.get("text") or ""))
        room = COMMENT_LIMIT - len(link or "") - 2
        comment = "\n".join(part for part in (cut(text, room), link) if part)
        return {"propertyIds": _lines(ids.in_message(message))} | _comment(comment)

    def draw(
        self,
        words: Words,
        meta: Meta,
        answers: Answers,
        *,
        now: float,  # noqa: ARG002 - nothing here has a default in time
        known: Any = None,  # noqa: ARG002 - shows only what was typed
        complaints: Complaints | None = None,
    ) -> Block:
        kind = answers.text("issueKind") or "data"
        return modal(
            self.callback_id,
            words,
            meta,
            self._fields(words, kind, meta, answers),
            heading=words("report_issue.heading"),
            complaints=complaints,
        )

    def _fields(self, words: Words, kind: str, meta: Meta, answers: Answers) -> Iterator[Block]:
        def field(name: str, element: Block, **more: Any) -> Block:
            label, hint = (words(f"report_issue.{name}.{part}") for part in ("label", "hint"))
            block_id = answers.block_id(name, meta)
            return kit.field(name, element, label=label, hint=hint, block_id=block_id, **more)

        def options(name: str, values: tuple[str, ...]) -> list[Block]:
            return [kit.option(words(f"report_issue.{name}.{one}"), one) for one in values]

        kinds = options("issueKind", get_args(IssueKind))
        yield field("issueKind", kit.radio_buttons(kinds, kind), redraws=True)
        if kind == "data":
            facets = options("issueFacets", get_args(IssueFacet))
            yield field("issueFacets", kit.checkboxes(facets, answers.several("issueFacets")))
        if kind == "clustering":
            ways = options("clusteringAction", get_args(ClusteringAction))
            chosen = answers.text("clusteringAction")
            yield field("clusteringAction", kit.radio_buttons(ways, chosen))
        for name in ("propertyIds", "classifiedIds"):
            text = answers.text(name)
            element = kit.text_input(initial=text, limit=FIELD_LIMIT, multiline=True)
            yield field(name, element, optional=True)
        first = kit.text_input(initial=answers.text("comment"), limit=FIELD_LIMIT, multiline=True)
        yield field("comment", first, optional=kind != "other")
        if meta.more or answers.text("comment.more"):
            second = kit.text_input(
                initial=answers.text("comment.more"), limit=FIELD_LIMIT, multiline=True
            )
            yield field("comment.more", second, optional=True)
        else:
            more = kit.button(SHOW_MORE, words("report_issue.comment.more.show"))
            yield kit.actions([more], block_id=SHOW_MORE)

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        report = IssueReport.model_validate(payload)
        return {
            "issueKind": report.issueKind,
            "clusteringAction": report.clusteringAction,
            "issueFacets": report.issueFacets,
            "propertyIds": "\n".join(report.propertyIds),
            "classifiedIds": "\n".join(report.classifiedIds),
        } | _comment(report.comment)

    def summary(self, words: Words, payload: Mapping[str, Any]) -> Summary:
        report = IssueReport.model_validate(payload)
        named = [("issueKind", words(f"report_issue.issueKind.{report.issueKind}"))]
        if report.clusteringAction:
            named.append(
                (
                    "clusteringAction",
                    words(f"report_issue.clusteringAction.{report.clusteringAction}"),
                )
            )
        facets = [words(f"report_issue.issueFacets.{one}") for one in report.issueFacets]
        lists = (
            ("issueFacets", facets),
            ("propertyIds", report.propertyIds),
            ("classifiedIds", report.classifiedIds),
        )
        named += [(name, _listed(values)) for name, values in lists if values]
        facts = tuple((words(f"report_issue.{name}.label"), text) for name, text in named)
        return Summary(facts, report.comment)

    def read(
        self,
        words: Words,
        answers: Answers,
        *,
        now: float,
        known: Any = None,  # noqa: ARG002 - asks only what was typed
    ) -> IssueReport:
        """:raises Faulty: with every fault, each on its own field"""
        kind = answers.text("issueKind")
        properties = ids.read(answers.text("propertyIds"))
        classifieds = ids.read(answers.text("classifiedIds"))
        comment, long_field = _joined(answers)
        complaints: dict[str, str] = {}

        def complain(name: str, sentence: str, **facts: object) -> None:
            complaints.setdefault(name, words(f"report_issue.faults.{sentence}", **facts))

        if kind not in get_args(IssueKind):
            complain("issueKind", "kind_missing")
        for name, read in (("propertyIds", properties), ("classifiedIds", classifieds)):
            if read.others:
                shown = ", ".join(cut(one, 40) for one in read.others[:3])
                n = len(read.others)
                complain(name, "not_ids", n=n, shown=shown + (", …" if n > 3 else ""))
        if not properties.found and not (self.classifieds_alone and classifieds.found):
            only = "only_classifieds" if classifieds.found else "no_property"
            complain("propertyIds", only)
        if kind == "data" and not answers.several("issueFacets"):
            complain("issueFacets", "facets_missing")
        if kind == "clustering":
            if answers.text("clusteringAction") not in get_args(ClusteringAction):
                complain("clusteringAction", "action_missing")
            if len({*properties.found, *classifieds.found}) < 2:
                complain("propertyIds", "too_few_targets")
        if kind == "other" and not comment:
            complain("comment", "comment_missing")
        if len(comment) > COMMENT_LIMIT:
            complain(long_field, "comment_too_long", n=len(comment))
        if complaints:
            raise Faulty(complaints)
        return IssueReport.model_validate(
            {
                "propertyIds": properties.found,
                "classifiedIds": classifieds.found,
                "issueKind": kind,
                "comment": comment,
                # What the last choice hid is not sent, whatever the state still holds.
                "issueFacets": answers.several("issueFacets") if kind == "data" else (),
                "clusteringAction": (
                    answers.text("clusteringAction") if kind == "clustering" else None
                ),
            }
        )


def _listed(values: Sequence[str]) -> str:
    """The first ten; a receipt is no place for hundreds."""
    more = f" + {len(values) - 10}" if len(values) > 10 else ""
    return ", ".join(values[:10]) + more


def _joined(answers: Answers) -> tuple[str, str]:
    """Both comment fields as one, and the field that a complaint about its length belongs to."""
    first, second = (answers.text(name).strip() for name in ("comment", "comment.more"))
    if first and second:
        return f"{first}\n{second}", "comment.more"
    return first or second, "comment.more" if second else "comment"


def _comment(text: str) -> dict[str, Value]:
    """Fill the first field, and where that is too short the second."""
    text = text.strip()
    if not text:
        return {}
    if len(text) <= FIELD_LIMIT:
        return {"comment": text}
    piece = split(text, FIELD_LIMIT)[0]
    first, rest = piece.rstrip(), text[len(piece) :].strip()
    room = min(FIELD_LIMIT, COMMENT_LIMIT - len(first) - 1)
    return {"comment": first, "comment.more": cut(rest, room)}


def _lines(found: Sequence[str]) -> str:
    """A line for each id; where the field ends, a mark that must be taken away to send the form."""
    fitting = FIELD_LIMIT // (ids.LENGTH + 1)
    shown = [*found[:fitting], MARK] if len(found) > fitting else found
    return "\n".join(shown)


_KIND_WORDS = {
    "data": {"issueKind": "data"},
    "clustering": {"issueKind": "clustering"},
    "merge": {"issueKind": "clustering", "clusteringAction": "merge"},
    "split": {"issueKind": "clustering", "clusteringAction": "split"},
    "other": {"issueKind": "other"},
}


def _leading_kind(text: str) -> tuple[dict[str, Value], str]:
    first, *rest = text.split(maxsplit=1) or [""]
    kind = _KIND_WORDS.get(first.lower().rstrip(":,"))
    return (dict(kind), "".join(rest)) if kind else ({}, text)


def _sorted_out(text: str) -> tuple[dict[str, Value], str]:
    """Ids by list, and what is left of the text."""
    classifieds: list[str] = []

    def take(run: re.Match[str]) -> str:
        classifieds.extend(ids.in_text(run[1]))
        return " "

    properties: list[str] = []
    left: list[str] = []
    for piece in re.split(r"(\s+)", _CLASSIFIEDS.sub(take, text)):
        word, named = piece, properties
        if piece.lower().startswith(_MARKED):
            word, named = piece.partition(":")[2], classifieds
        if found := _ids_alone(word):
            named.extend(found)
        else:
            named.extend(ids.in_text(word))  # a link stays in the comment and gives its id
            left.append("" if piece and not piece.strip(",;|") else piece)
    lists = {"propertyIds": ids.once(properties), "classifiedIds": ids.once(classifieds)}
    values: dict[str, Value] = {name: _lines(found) for name, found in lists.items() if found}
    return values, re.sub(r"[ \t]{2,}", " ", "".join(left))


_MARKED = ("classified:", "classifieds:")
_CLASSIFIEDS = re.compile(rf"(?i)\bclassifieds?:\s*((?:{ids.UUID.pattern}[\s,;|]*)+)")


def _ids_alone(piece: str) -> list[str]:
    """The ids of a word that is made of nothing else, such as `id,id`."""
    found = [ids.alone(part) for part in re.split(r"[,;|]", piece) if part]
    return [one for one in found if one] if found and all(found) else []
