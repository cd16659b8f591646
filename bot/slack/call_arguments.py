"""The arguments of a call of Slack's Web API, with people as Slack has them."""

from collections.abc import Mapping
from typing import Any

from blocks.person import slack_id


def without_workspaces(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The same arguments, in which a person is `U…` and no longer `T…/U…`; see `blocks.person`.

    :param arguments: of slack_sdk's `api_call`
    """
    named = {"json", "params"} & arguments.keys()
    return {**arguments, **{name: _of_slack(arguments[name]) for name in named}}


def _of_slack(fields: Mapping[str, Any]) -> dict[str, Any]:
    people = {"channel", "user", "user_id"} & fields.keys()
    return {**fields, **{name: slack_id(str(fields[name])) for name in people}}
