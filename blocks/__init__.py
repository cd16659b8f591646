"""What a person sees in Slack: forms, receipts and the words in them.

Nothing here posts, stores or asks: it turns values into Block Kit and form answers into values.
"""
