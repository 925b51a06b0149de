"""The command line, one module a command. Each has `add(commands)`, which declares it, and `command(options)`, which does it.

Nothing here imports Qt, so that all commands but the window's work where Qt cannot.
"""

COMMANDS = ("templates", "check", "run", "predict", "export", "verify", "shot", "doctor")
