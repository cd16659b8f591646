"""Stand-ins for Slack, Immoteur and KARE, as strict as the real services.

The bot does not import this package.
"""
