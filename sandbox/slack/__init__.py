"""A stand-in for Slack, as strict as Slack: the workspace, the Web API, and people who use it.

Slack's server   model, workspace, seed; views, homes, form; triggers; blockkit*, limits; stand_in,
                 api_*, hooks (response URLs), socket_mode, events, unfurls, faults
Slack's client   person, home_driver, modal_driver, client; input_rules, client_validation,
                 composer; screen, reader, view_on_screen
To the bot       payloads, messages (bodies), link (transport), outcome (the bot's answers)
"""

from sandbox.slack.errors import NotOnScreenError, SlackError
from sandbox.slack.faults import SlackFault, SlackFaults
from sandbox.slack.link import Ack, BotLink, Retry
from sandbox.slack.model import App, Channel, Ephemeral, Message, Team, User
from sandbox.slack.outcome import CONNECTION_NOTICE, Outcome, Reply
from sandbox.slack.person import Person
from sandbox.slack.seed import seed
from sandbox.slack.stand_in import Slack
from sandbox.slack.view_on_screen import ViewOnScreen
from sandbox.slack.workspace import Workspace

__all__ = [
    "CONNECTION_NOTICE",
    "Ack",
    "App",
    "BotLink",
    "Channel",
    "Ephemeral",
    "Message",
    "NotOnScreenError",
    "Outcome",
    "Person",
    "Reply",
    "Retry",
    "Slack",
    "SlackError",
    "SlackFault",
    "SlackFaults",
    "Team",
    "User",
    "ViewOnScreen",
    "Workspace",
    "seed",
]
