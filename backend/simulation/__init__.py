"""Invented families with known truth: which are quiet, and which hold a planted pattern.

A **quiet** family is one where a careful supervisor, reading all of it, would say that nobody
needed to be alerted. It is not an empty one: it has the visits that every family has, for some
many more, and the small things that ordinary life brings: a messy kitchen once, a visit moved, a
warm room in July. How often each happens is in `rates`, as assumptions. Nobody in a quiet family
answers an alert, so what a rule then asks for is never done: how often the rules speak on such
families is what is measured, and not how an office copes with it.

A **planted** pattern is a few events added to a quiet family, which a rule must notice by a known
moment. A **near miss** is the same, one day or one answer short: that rule must stay silent.

All is drawn from a seed and the family's number, and from nothing else: no clock, no other chance.

From the ground up: chance, rates, answering, family, people, quiet, planting, patterns_single,
patterns_repeated, patterns_standing, stories, near_misses, making.
"""
