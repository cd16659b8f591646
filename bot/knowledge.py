"""What a form shows that was typed by nobody: looked up, remembered, or kept for the person."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from blocks.form import Answers, Meta, Report


class Knowledge(Protocol):
    """One kind of report's knowledge. Each form says what its `known` is."""

    def ready(self, user: str, meta: Meta, answers: Answers) -> Answers:
        """At once, before a form is drawn or read: what memory knows takes the place of what was
        typed for it. What it does not know may be asked for from now on.
        """

    def known(self, user: str, meta: Meta, answers: Answers) -> Any:
        """What is known at once, from memory: nobody waits for anything here."""

    async def look(
        self, user: str, meta: Meta, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Ask whom it takes, within a budget of seconds.

        :returns: what it changes in the answers; None when the form is right as it is
        """

    def sent(self, user: str, meta: Meta, report: Report) -> Coroutine[Any, Any, object] | None:
        """A form was sent and its report stored: remember what the next one may offer.

        :returns: what is left to be done beside the answer
        """


class NoKnowledge:
    """A form that shows only what was typed."""

    def ready(self, user: str, meta: Meta, answers: Answers) -> Answers:
        del user, meta
        return answers

    def known(self, user: str, meta: Meta, answers: Answers) -> None:
        del user, meta, answers

    async def look(
        self, user: str, meta: Meta, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        del user, meta, answers
        return None

    def sent(self, user: str, meta: Meta, report: Report) -> None:
        del user, meta, report
