"""The photos in the form of `/anomaly`, with the anomaly that each shows."""

from collections.abc import Sequence

from blocks import photos
from blocks.anomaly.context import AnomalyContext
from blocks.answers import Answers
from storage.photos import NewPhoto


def photos_to_send(answers: Answers, context: AnomalyContext | None) -> Sequence[NewPhoto]:
    """The photos in the form show the anomaly in its fields."""
    context = context or AnomalyContext()
    numbers = sorted(context.draft)
    number = context.anomaly_number
    thing = numbers.index(number) if number in numbers else len(numbers)
    return [
        NewPhoto(photo.file, photo.name, photo.mimetype, photo.size, thing)
        for photo in photos.read(answers)
    ]
