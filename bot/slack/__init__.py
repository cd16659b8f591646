"""Slack's Web API, and what the bot keeps of Slack: open views and users' languages."""
