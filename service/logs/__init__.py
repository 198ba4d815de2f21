"""The program's log: one line an event, made of allowed fields alone, so that it names nobody.

Whatever logs does so with the standard library; what a line may say is decided here.
"""

from service.logs.lines import FIELDS
from service.logs.requests import RequestNote, current_request, during
from service.logs.telling import OwnWords
from service.logs.writing import logging_to

__all__ = ["FIELDS", "OwnWords", "RequestNote", "current_request", "during", "logging_to"]
