"""Photos in a form: the field that takes files, and the photos of the message that a shortcut was
used on. Slack keeps the values of both fields.

Source: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from blocks import block_kit
from blocks.answers import Answers
from blocks.attachment import Attachment
from blocks.block_kit import Block
from blocks.mrkdwn import cut
from blocks.words import Words

UPLOADED, OF_MESSAGE = "photos", "message_photos"
"""The names of the two fields."""
FIELDS = (UPLOADED, OF_MESSAGE)
FILES_LIMIT = 10
"""Files in each of the fields. It is Slack's limit."""
SIZE_LIMIT = 25_000_000
"""Bytes of one file. Slack's own field takes 10 MB; the photos of a message can be larger."""
LABEL_LIMIT = 75
"""Characters of an option's text. It is Slack's limit."""
NAMED = 3
"""Files that an error names."""
IMAGES = ("jpg", "jpeg", "png", "gif", "heic", "heif", "webp")
FILETYPES = (*IMAGES, "svg", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx")
"""Endings of the files that the field takes. KARE takes these types; heic, heif and webp are
converted before they are sent.
"""
_OFFICE = "application/vnd.openxmlformats-officedocument."
MIMETYPES = frozenset(
    {
        *(f"image/{kind}" for kind in ("jpeg", "png", "gif", "heic", "heif", "webp", "svg+xml")),
        "application/pdf",
        *(f"application/{kind}" for kind in ("msword", "vnd.ms-excel", "vnd.ms-powerpoint")),
        f"{_OFFICE}wordprocessingml.document",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
    }
)


def of_message(message: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """The value of the field for the photos of a message: all of them, up to the limit of the
    field.
    """
    files = message.get("files")
    photos = [
        Attachment.of_slack(file).packed()
        for file in (files if isinstance(files, list) else ())
        if isinstance(file, Mapping) and isinstance(file.get("id"), str) and _is_photo(file)
    ]
    return {OF_MESSAGE: tuple(photos[:FILES_LIMIT])} if photos else {}


def _is_photo(file: Mapping[str, Any]) -> bool:
    """A file of another organization has no type before `files.info` was asked."""
    if file.get("mode") in {"tombstone", "hidden_by_limit"}:
        return False
    mimetype = file.get("mimetype") or ""
    return mimetype.startswith("image/") or file.get("mode") == "file_access"


def draw(words: Words, answers: Answers, block_id: Callable[[str], str]) -> Iterator[Block]:
    """The input blocks of photos.

    :param block_id: gives the block_id of a field
    """
    if options := _options(words, answers):
        chosen = {
            Attachment.model_validate_json(option).file for option in answers.several(OF_MESSAGE)
        }
        ticked = [
            option["value"]
            for option in options
            if Attachment.model_validate_json(option["value"]).file in chosen
        ]
        yield _field(words, OF_MESSAGE, block_kit.checkboxes(options, ticked), block_id)
    element: Block = {
        "type": "file_input",
        "filetypes": list(FILETYPES),
        "max_files": FILES_LIMIT,
    }
    yield _field(words, UPLOADED, element, block_id)


def _field(words: Words, name: str, element: Block, block_id: Callable[[str], str]) -> Block:
    return block_kit.field(
        name,
        element,
        label=words(f"photos.{name}.label"),
        hint=words(f"photos.{name}.hint"),
        optional=True,
        block_id=block_id(name),
    )


def _options(words: Words, answers: Answers) -> list[Block]:
    """The photos of the message: those on screen, or those that fill a form that opens."""
    if offered := answers.offered.get(OF_MESSAGE):
        return [block_kit.option(option["text"]["text"], option["value"]) for option in offered]
    photos = [Attachment.model_validate_json(option) for option in answers.several(OF_MESSAGE)]
    unnamed = words("photos.unnamed")
    return [
        block_kit.option(
            cut(" ".join(photo.name.split()) or unnamed, LABEL_LIMIT), photo.in_option()
        )
        for photo in photos
    ]


def read(answers: Answers) -> tuple[Attachment, ...]:
    """The photos that a form holds: first those of the message, then those that were uploaded.

    :raises pydantic.ValidationError: for values that Slack's own elements do not send
    """
    names = {
        option["value"]: option["text"]["text"] for option in answers.offered.get(OF_MESSAGE, ())
    }
    photos: dict[str, Attachment] = {}
    for field in (OF_MESSAGE, UPLOADED):
        for value in answers.several(field):
            photo = Attachment.model_validate_json(value)
            if not photo.name:
                photo = photo.model_copy(update={"name": names.get(value, "")})
            photos.setdefault(photo.file, photo)
    return tuple(photos.values())


def faults(words: Words, answers: Answers) -> dict[str, str]:
    """The errors of the files, by field. Slack's own check is a convenience only."""
    errors: dict[str, str] = {}
    photos = read(answers)
    if len(answers.several(UPLOADED)) > FILES_LIMIT:
        errors[UPLOADED] = words("photos.faults.too_many", n=FILES_LIMIT)
    for fault, is_wrong in _FAULTS.items():
        if wrong := [photo.name or photo.file for photo in photos if is_wrong(photo)]:
            names = ", ".join(cut(name, 40) for name in wrong[:NAMED])
            more = ", …" if len(wrong) > NAMED else ""
            facts = {"names": names + more, "limit": SIZE_LIMIT // 1_000_000}
            errors.setdefault(UPLOADED, words(f"photos.faults.{fault}", **facts))
    return errors


_FAULTS: Mapping[str, Callable[[Attachment], bool]] = {
    "type": lambda photo: bool(photo.mimetype) and photo.mimetype not in MIMETYPES,
    "too_large": lambda photo: photo.size > SIZE_LIMIT,
}
