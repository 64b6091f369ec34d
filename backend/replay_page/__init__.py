"""A replay as one page that needs nothing else: the picture of it, and the same in text.

From the ground up: timescale, crowding, told, telling, picture, recorded_rows, rule_lanes, summary,
page; `templates/` holds how it looks.
"""
