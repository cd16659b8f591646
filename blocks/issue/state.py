"""The state of the form of `/report-issue`, which private_metadata keeps between two drawings."""

from blocks.form_state import FormMetadata, FormState

SKIPPED = "links.skipped"
"""How many links a message held beyond those that the form takes, among the values that it fills
in. It is no field, but the form shows it.
"""


class IssueState(FormState):
    more: bool = False
    """Whether the second comment field was asked for."""
    skipped_links: int = 0
    """As `SKIPPED`."""
    listed: tuple[str, ...] = ()
    """The classifieds that the fields of a split named when it was drawn last: those that come
    later are ticked too.
    """
    shows_results: bool = True
    """Whether the form showed results of look-ups when it was drawn last. A form of an earlier
    release may show them.
    """


IssueMetadata = FormMetadata[IssueState]
