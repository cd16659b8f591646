"""`make bench`: constat and its yardsticks, measured side by side on this machine.

Requests          forms (as Slack sends them, signed), line and load (the lean sender)
Servers           servers (constat, and the bare apps of bare.py and bare.js), watched (constat with
                  a watch on its event loop), standins (Slack and Immoteur for the bot)
Measurements      turns (each figure), disk, million (a file full of reports)
Output            results (samples, medians), goals, table
"""
