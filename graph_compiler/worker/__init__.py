"""The process that runs Keras: jobs in, messages out, and the client that starts, watches and stops it.

`protocol` defines every message; `__main__` is the process; `client` is Qt-free and serves window, command line and tests.
"""
