"""Opens the phone app; it must lie here, at the root, for the Android build."""

from mobile.main import main

main()
