"""What the form of `/report-issue` remembers between two drawings."""

from blocks.form_state import FormMetadata, FormState


class IssueState(FormState):
    more: bool = False
    """Whether the second comment field was asked for."""
    skipped_links: int = 0
    """How many links a message held beyond those that the form takes."""


IssueMetadata = FormMetadata[IssueState]
