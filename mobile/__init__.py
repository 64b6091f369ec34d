"""The practitioner's app. Everything but the screens runs without a window.

It meets the office only over the network, as `shared/wire.py` says. From the ground up; a file
imports only those above it: ports, vault, store, wording, outbox, caseload, given, asked, draft,
drafts, plans, todo, cannot_tell, chronicle, families, guidance, transport, planning, sync, status,
courier, salvage, phone, enrol, practice, theme, widgets, screens, app, main, driver,
demonstration, screens_gallery.
"""
