"""Select menus: their options, and the limits of each.

Source: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.slack.blockkit_objects import (
    Confirm,
    ConversationFilter,
    Focusable,
    Option,
    OptionGroup,
    Plain150,
    Strict,
    initial_among,
    refusal,
)

Ids = Annotated[list[str], Field(min_length=1)]
AtLeastOne = Annotated[int, Field(ge=1)]


class Select(Focusable):
    placeholder: Plain150 | None = None
    confirm: Confirm | None = None


class MultiSelect(Select):
    max_selected_items: AtLeastOne | None = None


class OffersOptions(Strict):
    """1 to 100 options, or 1 to 100 groups of them, never both."""

    options: Annotated[list[Option], Field(min_length=1, max_length=100)] | None = None
    option_groups: Annotated[list[OptionGroup], Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if (self.options is None) == (self.option_groups is None):
            raise refusal("must define exactly one of `options` and `option_groups`")
        return self

    def offered_options(self) -> list[Option]:
        groups = self.option_groups or []
        return [*(self.options or []), *(option for group in groups for option in group.options)]


class StaticSelect(Select, OffersOptions):
    type: Literal["static_select"]
    initial_option: Option | None = None

    @model_validator(mode="after")
    def _initial(self) -> Self:
        initial_among(self.initial_option, self.offered_options(), "/initial_option")
        return self


class MultiStaticSelect(MultiSelect, OffersOptions):
    type: Literal["multi_static_select"]
    initial_options: Annotated[list[Option], Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _initial(self) -> Self:
        initial_among(self.initial_options, self.offered_options(), "/initial_options")
        return self


class ExternalSelect(Select):
    type: Literal["external_select"]
    min_query_length: Annotated[int, Field(ge=0)] | None = None
    initial_option: Option | None = None


class MultiExternalSelect(MultiSelect):
    type: Literal["multi_external_select"]
    min_query_length: Annotated[int, Field(ge=0)] | None = None
    initial_options: Annotated[list[Option], Field(min_length=1, max_length=100)] | None = None


class UsersSelect(Select):
    type: Literal["users_select"]
    initial_user: str | None = None


class MultiUsersSelect(MultiSelect):
    type: Literal["multi_users_select"]
    initial_users: Ids | None = None


class ChannelsSelect(Select):
    type: Literal["channels_select"]
    initial_channel: str | None = None
    response_url_enabled: bool | None = None


class MultiChannelsSelect(MultiSelect):
    type: Literal["multi_channels_select"]
    initial_channels: Ids | None = None


class ConversationsSelect(Select):
    type: Literal["conversations_select"]
    initial_conversation: str | None = None
    default_to_current_conversation: bool | None = None
    response_url_enabled: bool | None = None
    filter: ConversationFilter | None = None


class MultiConversationsSelect(MultiSelect):
    type: Literal["multi_conversations_select"]
    initial_conversations: Ids | None = None
    default_to_current_conversation: bool | None = None
    filter: ConversationFilter | None = None


SelectMenu = (
    StaticSelect
    | MultiStaticSelect
    | ExternalSelect
    | MultiExternalSelect
    | UsersSelect
    | MultiUsersSelect
    | ChannelsSelect
    | MultiChannelsSelect
    | ConversationsSelect
    | MultiConversationsSelect
)
