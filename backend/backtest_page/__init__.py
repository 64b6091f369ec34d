"""A back-test as one page that needs nothing else: plots, and tables of the same numbers.

From the ground up: plotting, page.
"""
