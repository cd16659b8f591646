"""What is kept, in one SQLite file: reports, their history, API calls, receipts and people.

It knows nothing of Slack, Immoteur or KARE: a kind of report, its payload and its place are text.
"""
