"""The bot: listens to Slack, stores what was submitted, delivers it, tells what became of it."""
