"""The bot. It receives Slack's requests, stores submitted reports, delivers them, and shows their
state.
"""
