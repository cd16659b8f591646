"""How a submitted form of `/report-issue` is read, and what it is refused for."""

from collections.abc import Iterator, Mapping

from blocks.answers import Answers
from blocks.form import InvalidFormError
from blocks.issue import links, targets
from blocks.issue.listing import LookupResults
from blocks.issue.model import ACTIONS, COMMENT_LIMIT, KINDS, IssueReport
from blocks.mrkdwn import cut, is_blank
from blocks.words import Words

_LINK_FAULTS = {"private": "link_private", "too_long": "link_too_long"}


def read(
    words: Words,
    answers: Answers,
    *,
    now: float,  # noqa: ARG001 - nothing here has a default in time
    context: LookupResults | None = None,
) -> IssueReport:
    """:raises InvalidFormError: with every fault, each on its own field"""
    field_errors: dict[str, str] = {}
    for name, sentence, facts in _faults(answers, context or LookupResults()):
        field_errors.setdefault(name, words(f"report_issue.faults.{sentence}", **facts))
    if field_errors:
        raise InvalidFormError(field_errors)
    named, kind = targets.of(answers), answers.text("issueKind")
    return IssueReport.model_validate(
        {
            "propertyIds": named.properties.ids,
            "classifiedIds": named.classifieds.ids,
            "links": named.links,
            "issueKind": kind,
            "comment": _comment(answers)[0],
            # An answer that the last choice hid is not sent, though the state still holds it.
            "issueFacets": answers.several("issueFacets") if kind == "data" else (),
            "clusteringAction": answers.text("clusteringAction") if kind == "clustering" else None,
        }
    )


Fault = tuple[str, str, Mapping[str, object]]
"""A field, the key of the sentence that says what is wrong with it, and the facts in it."""


def _faults(answers: Answers, results: LookupResults) -> Iterator[Fault]:
    named, kind = targets.of(answers), answers.text("issueKind")
    if kind not in KINDS:
        yield "issueKind", "kind_missing", {}
    yield from _target_faults("propertyIds", named.properties)
    yield from _target_faults("classifiedIds", named.classifieds)
    if len(named.links) > links.MOST:
        yield "propertyIds", "too_many_links", {"n": len(named.links)}
    if not (named.properties.ids or named.classifieds.ids or named.links):
        yield "propertyIds", "no_property", {}
    if kind == "data" and not answers.several("issueFacets"):
        yield "issueFacets", "facets_missing", {}
    if kind == "clustering":
        action = answers.text("clusteringAction")
        if action not in ACTIONS:
            yield "clusteringAction", "action_missing", {}
        if sentence := _too_few(action, answers, results):
            yield "propertyIds", sentence, {}
    comment, last_field = _comment(answers)
    if kind == "other" and not comment:
        yield "comment", "comment_missing", {}
    if len(comment) > COMMENT_LIMIT:
        yield last_field, "comment_too_long", {"n": len(comment)}


def _target_faults(name: str, field: targets.FieldTargets) -> Iterator[Fault]:
    if field.others:
        shown = ", ".join(cut(word, 40) for word in field.others[:3])
        more = ", …" if len(field.others) > 3 else ""
        yield name, "not_ids", {"n": len(field.others), "shown": shown + more}
    for link in field.links:
        if why := links.fault(link):
            yield name, _LINK_FAULTS[why], {"shown": cut(link, 40)}


def _too_few(action: str, answers: Answers, results: LookupResults) -> str | None:
    """Why a merge or a split names too little: the key of a sentence; None when it does not.

    A classified and its own property count as one.
    """
    named = targets.of(answers)
    if action == "merge" and results.is_one_property(answers):
        return "one_home"
    listings = len(named.classifieds.ids) + len(named.links)
    if action == "split" and listings:
        return None  # its property is named, known, or looked up before it is sent
    return "too_few_targets" if len(named.properties.ids) + listings < 2 else None


def _comment(answers: Answers) -> tuple[str, str]:
    """Both comment fields as one text, and the last field that has a part of it."""
    texts = {
        name: answers.text(name).strip()
        for name in ("comment", "comment.more")
        if not is_blank(answers.text(name))
    }
    return "\n".join(texts.values()), next(reversed(texts), "comment")
