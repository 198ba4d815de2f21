"""The widget: plain ES modules, and the one module that they are served as."""

from service.widget.joining import CannotJoin, join_modules
from service.widget.served import SOURCES, ServedWidget, load_widget

__all__ = ["SOURCES", "CannotJoin", "ServedWidget", "join_modules", "load_widget"]
