"""The practitioner's app. Everything but the screens runs without a window.

From the ground up, a file importing only those before it: ports, vault, store, wording, outbox,
caseload, asked, draft, drafts, plans, todo, chronicle, families, guidance, transport, planning,
sync, status, courier, phone, enrol; then the screens. It meets the office only over
the network, as `shared/wire.py` says.
"""
