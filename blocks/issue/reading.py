"""Reads a submitted form of `/report-issue`, and finds its errors."""

from collections.abc import Iterator, Mapping
from itertools import chain

from blocks.answers import Answers
from blocks.form import InvalidFormError
from blocks.issue import field, resolution
from blocks.issue.field import APART, MAIN, FieldTargets
from blocks.issue.listing import LookupResults
from blocks.issue.model import ACTIONS, COMMENT_LIMIT, KINDS, IssueReport
from blocks.issue.resolution import CHOICE, Resolved
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
    results = context or LookupResults()
    targets = resolution.resolved(answers, results)
    comment, last_comment_field = _comment(answers)
    field_errors: dict[str, str] = {}
    faults = chain(
        _faults(answers, targets, results),
        _comment_faults(answers, comment, last_comment_field),
    )
    for name, sentence, facts in faults:
        field_errors.setdefault(name, words(f"report_issue.faults.{sentence}", **facts))
    if field_errors:
        raise InvalidFormError(field_errors)
    kind = answers.text("issueKind")
    return IssueReport.model_validate(
        {
            "propertyIds": targets.properties,
            "classifiedIds": targets.classifieds,
            "links": targets.links,
            "splitFrom": targets.split_from,
            "issueKind": kind,
            "comment": comment,
            # An answer that the last choice hid is not sent, though the state still holds it.
            "issueFacets": answers.several("issueFacets") if kind == "data" else (),
            "clusteringAction": answers.text("clusteringAction") if kind == "clustering" else None,
        }
    )


def wrong_so_far(words: Words, answers: Answers) -> dict[str, str]:
    """The errors of the answers, by field, whether other fields are blank or not."""
    fields, errors = field.of(answers), dict[str, str]()
    for name, targets in ((MAIN, fields.main), (APART, fields.apart)):
        for place, sentence, facts in _target_faults(name, targets):
            errors.setdefault(place, words(f"report_issue.faults.{sentence}", **facts))
    return errors


Fault = tuple[str, str, Mapping[str, object]]
"""A field, the key of the sentence about its error, and the facts in the sentence."""


def _faults(answers: Answers, targets: Resolved, results: LookupResults) -> Iterator[Fault]:
    """All errors but those of the comment, so that a person corrects them in one round."""
    fields, kind = field.of(answers), answers.text("issueKind")
    if kind not in KINDS:
        yield "issueKind", "kind_missing", {}
    yield from _target_faults(MAIN, fields.main)
    yield from _target_faults(APART, fields.apart)
    if len(fields.links) > field.LINKS_MOST:
        yield MAIN, "too_many_links", {"n": len(fields.links)}
    if not (targets.properties or targets.classifieds or targets.links):
        yield MAIN, "no_property", {}
    if kind == "data" and not answers.several("issueFacets"):
        yield "issueFacets", "facets_missing", {}
    if kind == "clustering":
        action = answers.text("clusteringAction")
        if action not in ACTIONS:
            yield "clusteringAction", "action_missing", {}
        yield from _too_few(action, answers, targets, results)


def _comment_faults(answers: Answers, comment: str, last_field: str) -> Iterator[Fault]:
    """:param last_field: the last of the comment's fields that has a part of it"""
    if answers.text("issueKind") == "other" and not comment:
        yield "comment", "comment_missing", {}
    if len(comment) > COMMENT_LIMIT:
        yield last_field, "comment_too_long", {"n": len(comment)}


def _target_faults(name: str, targets: FieldTargets) -> Iterator[Fault]:
    if targets.others:
        examples = ", ".join(cut(word, 40) for word in targets.others[:3])
        more = ", …" if len(targets.others) > 3 else ""
        yield name, "not_ids", {"n": len(targets.others), "shown": examples + more}
    for link, why in targets.faults:
        yield name, _LINK_FAULTS[why], {"shown": cut(link, 40)}


def _too_few(
    action: str, answers: Answers, targets: Resolved, results: LookupResults
) -> Iterator[Fault]:
    """A merge or a split that names too little. A classified and its own property count as one."""
    if action == "split":
        apart = {*targets.classifieds, *targets.links} - {*targets.split_from}
        if not apart and len(targets.properties) < 2:
            place = next((name for name in (CHOICE, APART) if name in answers.blocks), MAIN)
            yield place, "split_missing", {}
    elif action == "merge" and resolution.is_one_property(targets, results):
        yield MAIN, "one_home", {}
    elif targets.count < 2:
        yield MAIN, "too_few_targets", {}


def _comment(answers: Answers) -> tuple[str, str]:
    """Both comment fields as one text, and the last field that has a part of it."""
    texts = {
        name: answers.text(name).strip()
        for name in ("comment", "comment.more")
        if not is_blank(answers.text(name))
    }
    return "\n".join(texts.values()), next(reversed(texts), "comment")
