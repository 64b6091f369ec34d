"""Lives to be killed: each life is the real app in a forked process, answering at random.

A line on standard input, `HOME SEED`, starts a life. A life writes JSON lists, one a line: its pid,
"answering", and for every touch ["tap", question, value] before it and ["saved", question, value]
once the screen shows that it is saved.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

# What a life needs, short of the window, is imported once: forks begin with it in memory.
import mobile.main
import mobile.phone
import mobile.practice
import shared.engine  # noqa: F401

LEAVING = "Before leaving"


def tell(word: str, *values: object) -> None:
    """One whole line, in one write, so that a kill never leaves half of one."""
    os.write(1, (json.dumps([word, *values]) + "\n").encode())


def live(home: str, seed: int) -> None:
    """Unlock, go on with the visit, and answer until the end comes."""
    # Only now: importing it opens the window, which cannot be shared by forked processes.
    from mobile.driver import Driver

    chance = random.Random(seed)
    driver = Driver.start(Path(home))
    driver.enter_pin(mobile.practice.PIN)
    driver.on("families")
    driver.tap("Visit not finished")
    driver.on("section")
    screen = driver.app.screens.current_screen
    driver.wait(lambda: screen.rows and screen.draft is not None, "the questions")
    tell("answering")
    while True:
        if driver.app.screen_name == "families":
            driver.tap("Visit not finished")
            driver.on("section")
        elif chance.random() < 0.15:
            driver.tap_icon("Page before")
        elif chance.random() < 0.15 and screen.next_words != LEAVING:
            driver.tap(screen.next_words)
        else:
            answer_one(driver, screen, chance)


def answer_one(driver: Any, screen: Any, chance: random.Random) -> None:
    """Touch one of the answers on the page and wait until it is shown as saved."""
    options = [row for row in screen.rows if row.get("act") == screen.choose]
    row = chance.choice(options) if options else None
    if row is None:
        return
    key, code = row["payload"]
    driver.wait(lambda: view_of(driver, screen, (key, code)), "the answer in sight")
    asked = screen.draft.row(*key)
    from mobile.screens.questions import toggled

    value = toggled(asked, code) or None if asked.item.kind == "multi" else code
    if value == asked.given.value:
        return
    tell("tap", key, value)
    driver.tap(view_of(driver, screen, (key, code)))
    driver.wait(lambda: shows_saved(screen, key), "the words that say it is saved")
    if screen.draft.row(*key).given.value != value:
        raise AssertionError(f"{value!r} was touched on the screen, and another one was chosen")
    tell("saved", key, value)


def view_of(driver: Any, screen: Any, payload: tuple[Any, str]) -> Any:
    """The widget of an answer; None until it was scrolled to and made."""
    made = [w for w in driver.widgets(screen) if getattr(w, "payload", None) == payload]
    rows = screen.ids.list
    if made and driver.in_sight(made[0], rows):
        return made[0]
    number = next((n for n, row in enumerate(rows.data) if row["payload"] == payload), None)
    if number is not None:
        rows.show_row(number, above=60)
    return None


def shows_saved(screen: Any, key: tuple[str, str | None]) -> bool:
    """Whether the row of this question says 'Saved', not 'Saving'."""
    rows = [row for row in screen.rows if row.get("key") == key]
    said = [line.text for row in rows for line in row.get("lines", ())]
    return any(words.startswith("Saved ") for words in said)


def main() -> None:
    """Fork one life for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        home, seed = line.rsplit(" ", 1)
        if os.fork() == 0:
            tell("pid", os.getpid())
            try:
                live(home, int(seed))
            except BaseException:  # not swallowed: told, and this life ends at once
                traceback.print_exc()
            finally:
                os._exit(1)


if __name__ == "__main__":
    main()
