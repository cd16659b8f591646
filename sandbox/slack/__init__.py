"""A stand-in for Slack, as strict as Slack: the workspace, the Web API, and people who use it.

What Slack holds     model, workspace, seed; views and form (modals, what is typed in them); tickets
What Slack refuses   blockkit and blockkit_*, in Slack's words; limits (how often an app may speak)
What an app calls    stand_in, its methods in api_*; hooks (response URLs); socket_mode; trouble
What a person does   person, at_modal, sight; hand and complaints are Slack's client; screen, reader
How the bot hears    payloads, messages (the bodies), link (the wire), outcome (its answers)
"""

from sandbox.slack.errors import NotOnScreen, SlackError
from sandbox.slack.link import Ack, BotLink
from sandbox.slack.model import App, Channel, Ephemeral, Message, Team, User
from sandbox.slack.outcome import TROUBLE, Outcome, Reply
from sandbox.slack.person import Person
from sandbox.slack.seed import seed
from sandbox.slack.stand_in import Slack
from sandbox.slack.trouble import Fault, Trouble
from sandbox.slack.view_on_screen import ViewOnScreen
from sandbox.slack.workspace import Workspace

__all__ = [
    "TROUBLE",
    "Ack",
    "App",
    "BotLink",
    "Channel",
    "Ephemeral",
    "Fault",
    "Message",
    "NotOnScreen",
    "Outcome",
    "Person",
    "Reply",
    "Slack",
    "SlackError",
    "Team",
    "Trouble",
    "User",
    "ViewOnScreen",
    "Workspace",
    "seed",
]
