"""What a form shows that was typed by nobody: looked up, remembered, or kept for the person."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from blocks.form import Answers, FormMetadata, Report


class FormData(Protocol):
    """One kind of report's form_data. Each form says what its `known` is."""

    def ready(self, user: str, metadata: FormMetadata, answers: Answers) -> Answers:
        """At once, before a form is drawn or read: what memory knows takes the place of what was
        typed for it. What it does not know may be asked for from now on.
        """

    def known(self, user: str, metadata: FormMetadata, answers: Answers) -> Any:
        """What is known at once, from memory: nobody waits for anything here."""

    async def look(
        self, user: str, metadata: FormMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Ask whom it takes, within a budget of seconds.

        :returns: what it changes in the answers; None when the form is right as it is
        """

    def sent(
        self, user: str, metadata: FormMetadata, report: Report
    ) -> Coroutine[Any, Any, object] | None:
        """A form was sent and its report stored: remember what the next one may offer.

        :returns: what is left to be done beside the answer
        """


class NoFormData:
    """A form that shows only what was typed."""

    def ready(self, user: str, metadata: FormMetadata, answers: Answers) -> Answers:
        del user, metadata
        return answers

    def known(self, user: str, metadata: FormMetadata, answers: Answers) -> None:
        del user, metadata, answers

    async def look(
        self, user: str, metadata: FormMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        del user, metadata, answers
        return None

    def sent(self, user: str, metadata: FormMetadata, report: Report) -> None:
        del user, metadata, report
