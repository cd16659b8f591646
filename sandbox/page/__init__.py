"""The person's side of the sandbox with a face: a web page on loopback, drawn by the server.

What it stands on    desk (one sandbox, one bot), keeper (the bot's process), opening (what is said)
Where a browser is   tab (its address, what it was shown), act and acts (what it asks a Person)
What is drawn        document, rail, talk, modal, panel; blocks, elements, words; tongue (en, fr)
Behind the glass     glass (requests and answers), ledger (rows that changed), switches (trouble)
How it is served     server (the page, its live stream, its files); bell says that something changed

It adds no model of Slack: everything shown is in the workspace, the views and the API stand-ins.
It needs the extra `page`, and is imported by nothing but `constat try`.
"""
