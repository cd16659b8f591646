"""Photos of an issue: Immoteur takes no files, so their addresses in Slack go into the comment."""

from blocks import photos
from blocks.answers import Answers
from blocks.form import InvalidFormError
from blocks.issue.model import COMMENT_LIMIT, IssueReport
from blocks.words import Words


def with_links(words: Words, answers: Answers, report: IssueReport) -> IssueReport:
    """The report with the addresses below its comment, and a line that says who can open them.

    :raises InvalidFormError: when the comment has no room for them
    """
    links = [photo.permalink for photo in photos.read(answers) if photo.permalink]
    if not links:
        return report
    parts = (report.comment, words("photos.in_comment"), *links)
    comment = "\n".join(part for part in parts if part)
    if len(comment) > COMMENT_LIMIT:
        sentence = words("photos.faults.no_room", limit=COMMENT_LIMIT)
        raise InvalidFormError({photos.UPLOADED: sentence})
    return report.model_copy(update={"comment": comment})
