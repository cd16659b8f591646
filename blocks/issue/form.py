"""The form of `/report-issue`: a property-data issue for Immoteur.

It is filled in `prefill`, drawn in `view` and read in `reading`.
"""

from dataclasses import dataclass

from blocks.issue import filling, inputs, prefill, reading, sent_again, view
from blocks.issue.state import IssueMetadata


@dataclass(frozen=True)
class ReportIssueForm:
    callback_id: str = view.CALLBACK_ID
    redraws_on: tuple[str, ...] = inputs.REDRAWS_ON
    heard_in: tuple[str, ...] = inputs.HEARD_IN
    searched_in: tuple[str, ...] = ()
    metadata_type: type[IssueMetadata] = IssueMetadata

    from_words = staticmethod(prefill.from_words)
    from_message = staticmethod(prefill.from_message)
    from_payload = staticmethod(filling.from_payload)
    pressed = staticmethod(inputs.pressed)
    draw = staticmethod(view.draw)
    read = staticmethod(reading.read)
    is_sent_again = staticmethod(sent_again.is_sent_again)
