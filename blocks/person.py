"""The ids of people.

A person of the workspace that constat was installed in first has the Slack user id alone: `U…`. A
person of any other workspace, who came in through a shared channel, has that workspace in front:
`T…/U…`. So equal user ids of two workspaces are two people.
"""


def slack_id(person: str) -> str:
    """The id that Slack's API takes: without the workspace. A channel's id stays as it is."""
    return person.rpartition("/")[2]


def mention(person: str) -> str:
    """A mention in a message."""
    return f"<@{slack_id(person)}>"
