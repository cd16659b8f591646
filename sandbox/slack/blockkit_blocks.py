"""Layout blocks, the view, and which blocks each surface takes.

Source: https://docs.slack.dev/reference/block-kit/blocks and .../reference/views.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from sandbox.slack.blockkit_elements import (
    Accessory,
    ActionElement,
    Button,
    Image,
    InputElement,
)
from sandbox.slack.blockkit_objects import (
    Any150,
    Any200,
    Any2000,
    Any3000,
    AnyText,
    Id,
    Mrkdwn,
    Plain24,
    Plain150,
    Plain2000,
    PlainText,
    SlackFile,
    Strict,
    Url,
    refusal,
)
from sandbox.slack.blockkit_rich_text import RichTextPart


class Block(Strict):
    block_id: Id | None = None


class Actions(Block):
    type: Literal["actions"]
    elements: Annotated[list[ActionElement], Field(min_length=1, max_length=25)]

    @model_validator(mode="after")
    def _action_ids(self) -> Self:
        ids = [element.action_id for element in self.elements if element.action_id is not None]
        if len(set(ids)) < len(ids):
            raise refusal("`action_id` must be unique in a block", "/elements")
        return self


class Alert(Block):
    type: Literal["alert"]
    text: Any200
    level: Literal["default", "info", "warning", "error", "success"] | None = None


class Card(Block):
    type: Literal["card"]
    hero_image: Image | None = None
    icon: Image | None = None
    title: Any150 | None = None
    subtitle: Any150 | None = None
    body: Any200 | None = None
    subtext: Any200 | None = None
    actions: Annotated[list[Button], Field(min_length=1, max_length=3)] | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if not (self.hero_image or self.title or self.body or self.actions):
            raise refusal("must define one of `hero_image`, `title`, `body` and `actions`")
        return self


class Context(Block):
    type: Literal["context"]
    elements: Annotated[
        list[Annotated[Image | PlainText | Mrkdwn, Field(discriminator="type")]],
        Field(min_length=1, max_length=10),
    ]


class Divider(Block):
    type: Literal["divider"]


class Header(Block):
    type: Literal["header"]
    text: Plain150


class ImageBlock(Block):
    type: Literal["image"]
    alt_text: Annotated[str, StringConstraints(max_length=2000)]
    image_url: Url | None = None
    slack_file: SlackFile | None = None
    title: Plain2000 | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.image_url is None) == (self.slack_file is None):
            raise refusal("must define exactly one of `image_url` and `slack_file`")
        return self


class Input(Block):
    type: Literal["input"]
    label: Plain2000
    element: InputElement
    hint: Plain2000 | None = None
    optional: bool | None = None
    dispatch_action: bool | None = None

    @model_validator(mode="after")
    def _no_action_of_files(self) -> Self:
        if self.dispatch_action and self.element.type == "file_input":
            raise refusal("`file_input` does not support `dispatch_action`", "/dispatch_action")
        return self


class Markdown(Block):
    type: Literal["markdown"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=12_000)]


class RichText(Block):
    type: Literal["rich_text"]
    elements: list[RichTextPart]


class Section(Block):
    type: Literal["section"]
    text: Any3000 | None = None
    fields: Annotated[list[Any2000], Field(min_length=1, max_length=10)] | None = None
    accessory: Accessory | None = None
    expand: bool | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if self.text is None and self.fields is None:
            raise refusal("must define either `text` or `fields`")
        return self


class Video(Block):
    type: Literal["video"]
    alt_text: str
    title: PlainText
    thumbnail_url: Url
    video_url: Url
    author_name: Annotated[str, StringConstraints(max_length=50)] | None = None
    description: AnyText | None = None
    provider_icon_url: Url | None = None
    provider_name: str | None = None
    title_url: Url | None = None


AnySurface = Actions | Context | Divider | Header | ImageBlock | Input | RichText | Section | Video
# A card is documented for modals, but Slack fails to render it there.
ModalBlock = Annotated[AnySurface | Alert, Field(discriminator="type")]
MessageBlock = Annotated[AnySurface | Card | Markdown, Field(discriminator="type")]
HomeBlock = Annotated[AnySurface | Card, Field(discriminator="type")]


class Modal(Strict):
    type: Literal["modal"]
    title: Plain24
    blocks: Annotated[list[ModalBlock], Field(max_length=100)]
    submit: Plain24 | None = None
    close: Plain24 | None = None
    private_metadata: Annotated[str, StringConstraints(max_length=3000)] | None = None
    callback_id: Annotated[str, StringConstraints(max_length=255)] | None = None
    external_id: Annotated[str, StringConstraints(max_length=255)] | None = None
    clear_on_close: bool | None = None
    notify_on_close: bool | None = None


class HomeTab(Strict):
    """An App Home. It has no title and no buttons of its own, and Slack refuses these keys."""

    type: Literal["home"]
    blocks: Annotated[list[HomeBlock], Field(min_length=1, max_length=100)]
    private_metadata: Annotated[str, StringConstraints(max_length=3000)] | None = None
    callback_id: Annotated[str, StringConstraints(max_length=255)] | None = None
    external_id: Annotated[str, StringConstraints(max_length=255)] | None = None


MessageBlocks: TypeAdapter[list[Any]] = TypeAdapter(
    Annotated[list[MessageBlock], Field(max_length=50)]
)
