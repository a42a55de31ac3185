"""Keeps what is personal out of the logs, whatever a library or a careless line puts into a message."""

import logging
import re

# Identity numbers, credit codes, bank cards, telephone numbers: any run that long is masked (security.md).
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?[0-9Xx]){10,18}(?![0-9A-Za-z])")
_CREDIT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_SECRET = re.compile(r"(?i)\b(password|passwd|secret|token|code|session(?:id)?|key)=([^\s&,;'\"]+)")


def redact(text: str) -> str:
    """`text` with long numbers, credit codes, mail addresses and secrets replaced by marks."""
    text = _LONG_NUMBER.sub("[number]", text)
    text = _CREDIT_CODE.sub("[code]", text)
    text = _ADDRESS.sub("[mail]", text)
    return _SECRET.sub(r"\1=[secret]", text)


class PrivateFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
