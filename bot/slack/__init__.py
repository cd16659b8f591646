"""Slack's Web API, and the bot's copies of Slack's data: open views and users' languages."""
