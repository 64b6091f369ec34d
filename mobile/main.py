"""The entry of the phone app: settles Kivy's environment before Kivy is first imported."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
import tempfile

PHONE = (412, 860)  # dp, the middle of today's cheap phones; a window of this shape on a desktop


def window_size() -> tuple[int, int]:
    """Width and height of the window in pixels, from THRESHOLD_WINDOW such as '412x860'."""
    chosen = os.environ.get("THRESHOLD_WINDOW", "")
    width, _, height = chosen.partition("x")
    if width.isdecimal() and height.isdecimal():
        return int(width), int(height)
    return PHONE


def prepare(size: tuple[int, int] | None = None, *, unhurried: bool = True) -> None:
    """Set what Kivy reads when it is imported; must be called before that.

    Without a display, pixels are drawn offscreen by Mesa. `unhurried` keeps to the screen's
    rate; tests do without.
    """
    if "kivy" in sys.modules:
        return
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_FILELOG", "1")  # a log would hold what people said
    os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")
    os.environ.setdefault("KIVY_LOG_MODE", "PYTHON")  # else tracebacks are swallowed
    os.environ.setdefault("KIVY_NO_ENV_CONFIG", "1")
    if "ANDROID_ARGUMENT" not in os.environ:
        _prepare_desktop()
    logging.getLogger("kivy").addFilter(_is_news)
    from kivy.config import Config

    width, height = size or window_size()
    Config.set("graphics", "width", str(width))
    Config.set("graphics", "height", str(height))
    Config.set("graphics", "multisamples", "0")  # our shapes smooth their own edges
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("input", "mouse", "mouse,disable_multitouch")
    if not unhurried:
        Config.set("graphics", "maxfps", "0")
        Config.set("graphics", "vsync", "0")


def _is_news(record: logging.LogRecord) -> bool:
    """Not that our empty settings folder is empty, nor that X's cut buffer has no program."""
    said = record.getMessage()
    return not said.startswith("Config: ") and "utbuffer" not in said


def _prepare_desktop() -> None:
    """A folder for Kivy's own settings that holds nothing of ours, and a scale of 1."""
    if "KIVY_HOME" not in os.environ:
        folder = tempfile.mkdtemp(prefix="threshold-kivy-")
        os.environ["KIVY_HOME"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("KIVY_METRICS_DENSITY", "1")
    os.environ.setdefault("KIVY_DPI", "96")
    os.environ.setdefault("KIVY_CLIPBOARD", "sdl2")  # else it starts programs to look for one
    if sys.platform == "linux" and not _has_display():
        os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> None:
    """Open the app and stay until it is closed."""
    prepare()
    from mobile.app import ThresholdApp
    from mobile.ports import DesktopDevice

    ThresholdApp(DesktopDevice()).run()
