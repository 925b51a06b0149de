"""The process that runs Keras: jobs in, messages out, and the client that starts, watches and stops it.

`protocol` defines every line; `process` is the worker with its `pipes`, `inbox` and `jobs` (one module a job); `client`,
`mailbox` and `spare` are the other end, free of Qt, for window, command line and tests; `ending` says how a worker ended.
"""
