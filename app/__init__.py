"""The program put together: window, actions, files and sessions, runs, settings, and the command line.

Only `window`, `shot` and what they use import Qt; the command line works where Qt cannot.
"""
