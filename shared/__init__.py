"""The part of Threshold that phone and office share: pure functions over a family's history.

Nothing here imports `mobile` or `backend`, a framework, a file, a socket, a wall clock or a
random source: time and ids come in as arguments. `shared/packs/__init__.py` alone reads files,
its own bundled data. `tests/test_architecture.py` holds all of this.

From the ground up; a file imports only those above it:
ids, facts, spelling, clocks, english, items, checklist, reading, entries, planruns, worries,
asking, history, looking, conditions, counts, patterns, waking, proofreading, rules, basing,
remarks, misfits, rulebook, packs, escalation, because, quoting, clauses, saying, explaining, seen,
gate, judging, ladder, record, answering, timed, unknowns, engine, shapes, documents, wire,
caseproblems, caseevents, casefile, sealing.
"""
