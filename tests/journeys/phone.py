"""The real app in a process of its own, touched as told line by line on standard input.

A line is a JSON list: a method of `mobile.driver.Driver`, then its arguments. The reply is a
JSON object with `value`, or `wrong` in words. Between lines the app goes on running.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
from pathlib import Path

from mobile.driver import Driver


def reply_to(driver: Driver, line: str) -> dict[str, object]:
    """Do one thing and say what came of it."""
    name, *words = json.loads(line)
    if name == "shot":
        words = [Path(word) for word in words]
    try:
        value = getattr(driver, name)(*words)
    except AssertionError as wrong:
        return {"wrong": str(wrong)}
    return {"value": value if isinstance(value, bool | str | int | None) else None}


def main(home: str) -> None:
    """Open the app on the store in `home` and do as told until standard input ends."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    with contextlib.redirect_stdout(sys.stderr):
        driver = Driver.start(Path(home))
        replies.write(json.dumps({"value": "open"}) + "\n")
        lines = os.fdopen(sys.stdin.fileno(), "rb", buffering=0)
        while True:
            driver.frames()
            if not select.select([lines], [], [], 0.005)[0]:
                continue
            line = lines.readline()
            if not line:
                break
            replies.write(json.dumps(reply_to(driver, line.decode())) + "\n")
        driver.close()


if __name__ == "__main__":
    main(sys.argv[1])
