"""`make bench`: constat and its yardsticks, measured side by side on this machine.

What is sent      forms (as Slack sends them, signed), line and load (who sends, as lean as can be)
Who answers       servers (constat, and the bare apps of bare.py and bare.js), watched (constat with
                  a watch on its event loop), standins (Slack and Immoteur for the bot)
What is measured  turns (each figure), disk, million (a file full of reports)
What is said      results (samples, medians), goals, table
"""
