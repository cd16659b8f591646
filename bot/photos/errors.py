"""Why a photo is not sent."""


class PhotoRefusedError(Exception):
    """The photo cannot be sent, and another try changes nothing."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        """A key of the words' `receipt.photos.why`."""


class PhotoDelayedError(Exception):
    """The photo cannot be sent now."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        """:param seconds: until the next try at least"""
        super().__init__(why)
        self.why, self.seconds = why, seconds
