"""The photos in the form of `/anomaly` and in its draft, with the anomaly that each shows."""

from collections.abc import Mapping, Sequence

from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.form import AnomalyForm
from blocks.answers import Answers
from blocks.attachment import Attachment
from storage.photos import NewPhoto


def photos_to_send(answers: Answers, context: AnomalyContext | None) -> Sequence[NewPhoto]:
    """The photos of the draft's anomalies, and those in the fields. An anomaly's place is that of
    its number among the numbers of the report.
    """
    context = context or AnomalyContext()
    numbers = sorted(context.draft)
    edited = context.anomaly_number
    place = numbers.index(edited) if edited in numbers else len(numbers)
    of_draft = [
        _photo(packed, numbers.index(number))
        for number, photos in context.photos.items()
        for packed in photos
        if number in numbers
    ]
    return [
        *of_draft,
        *(_photo(photo, place) for photo in AnomalyForm.new_photos(answers, context)),
    ]


def places(context: AnomalyContext | None) -> Mapping[int, int] | None:
    """The new place of each anomaly by the old one, after an edit of a report of several: these
    were numbered from 1 on.
    """
    if context is None or not context.draft:
        return None
    return {number - 1: place for place, number in enumerate(sorted(context.draft))}


def _photo(packed: str, place: int) -> NewPhoto:
    photo = Attachment.model_validate_json(packed)
    return NewPhoto(photo.file, photo.name, photo.mimetype, photo.size, place)
