"""The App Home and the list of `mine`, which show a person's reports. The code is the same for all
kinds of report.
"""
