"""What is kept, in one SQLite file: reports, their history, API calls, receipts and people; drafts
that become reports, and copies of lists to choose from.

It knows nothing of Slack, Immoteur or KARE: a kind of report, its payload and its place are text.
"""
