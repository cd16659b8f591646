"""What a person sees in Slack: forms, receipts and the words in them.

This package turns values into Block Kit, and the answers of forms into values. It makes no request
and stores nothing.
"""
