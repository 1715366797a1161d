"""Log lines: one JSON object a line, control characters escaped, nothing of a conversation."""

import logging
from datetime import UTC, datetime

import msgspec


class JsonLines(logging.Formatter):
    """Time, level, logger and message of a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; the traceback of an error stands in it without the error's own words."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            trace = record.exc_info[2]
            entry["error"] = record.exc_info[0].__name__
            entry["at"] = ""
            while trace is not None:
                code = trace.tb_frame.f_code
                entry["at"] = f"{code.co_filename}:{trace.tb_lineno} {code.co_name}"
                trace = trace.tb_next
        return msgspec.json.encode(entry).decode()
