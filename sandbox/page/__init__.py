"""A web page like Slack for the sandbox, drawn by the server and served on loopback.

It has no model of Slack of its own: it shows the workspace, the views and the API stand-ins.
It needs the extra `page`. Only `constat try` imports it.
"""
