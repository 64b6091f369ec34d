"""The office: takes events in, judges them, tells people, and shows them what needs a decision.

From the ground up; a file imports only those above it: config, problems, tables, db, logs, audit,
throttle, identity, left_open, caseload, migrations, held, fitting, judging, readings, intake,
shown, escalations, chronology, feed, access, api, web, app, worker, serving, rebuild, casefiles,
progress, simulation, simulate, replaying, replay_words, replay_table, replay_page, replay,
alarm_counts, alarm_table, alarms,
cluster, backtesting, backtest_totals, backtest_words, backtest_table, backtest_page,
backtest, rules_command, demo, cli, demo_run.
"""
