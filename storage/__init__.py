"""All SQL, on one SQLite file: reports and their history, API calls, receipts, drafts, people's
languages, and copies of the lists to choose from.

It imports nothing of `bot` or `blocks`. The kind of a report, its payload and its channel are text
here; `catalogue` alone has the shape of one API's lists.
"""
