"""Django's SQLite, with writers of this process standing in line.

SQLite lets one writer in and lets the others poll; the poll is unfair, so with eight clients one
of them can wait most of a second. A lock in front of each writing transaction makes it a queue
(figures in docs/decisions).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from django.db.backends.sqlite3 import base

_line = threading.Lock()

if TYPE_CHECKING:

    class Wrapper(base.DatabaseWrapper):
        """The four hooks that Django's stubs leave out."""

        def _start_transaction_under_autocommit(self) -> None: ...
        def _commit(self) -> Any: ...
        def _rollback(self) -> Any: ...
        def _close(self) -> Any: ...

else:
    Wrapper = base.DatabaseWrapper


class DatabaseWrapper(Wrapper):
    """Takes the process's write lock with the transaction and gives it back at its end."""

    _holds_line = False

    def _start_transaction_under_autocommit(self) -> None:
        _line.acquire()
        self._holds_line = True
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_line()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()
        finally:
            self._leave_line()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()
        finally:
            self._leave_line()

    def _close(self) -> Any:
        try:
            return super()._close()
        finally:
            self._leave_line()

    def _leave_line(self) -> None:
        if self._holds_line:
            self._holds_line = False
            _line.release()
