"""How reading and writing files says no."""

from __future__ import annotations


class FileProblem(Exception):
    """A file cannot be read or written. `str()` is the whole message; `what` says it, `where` is the place inside the file.

    `hint` says what to do, `file` is the file's name when there is one.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "", file: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.hint, self.file = what, where, hint, file

    def of(self, file: str) -> FileProblem:
        """The same problem, naming the file."""
        return FileProblem(self.what, where=self.where, hint=self.hint, file=file)

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"“{self.file}”" if self.file else "", self.where) if part)
        return " ".join(part for part in (f"{place}:" if place else "", self.what, self.hint) if part)
