"""What is served of the widget: one module, its hash, and the file that a page pins."""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from service.widget.joining import join_modules

SOURCES = Path(__file__).parent
ENTRY = "element-define.js"
_CLASS = "OnrampRecommendations"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedWidget:
    """The widget's one module.

    Attributes:
        version: the release that it belongs to.
        script: the text of the module, in UTF-8.
        zipped: the same, by gzip.
        integrity: what a page writes into ``integrity`` to take this text and no other.
    """

    version: str
    script: bytes
    zipped: bytes
    integrity: str

    @property
    def tag(self) -> str:
        """The entity tag of the script."""
        return f'"{self.integrity.removeprefix("sha384-")}"'


def load_widget() -> ServedWidget:
    """Return the widget of this release, joined from its modules.

    Raises:
        CannotJoin: if the modules cannot be joined.
    """
    modules = {path.name: path.read_text(encoding="utf-8") for path in SOURCES.glob("*.js")}
    release = version("onramp")
    head = f"// Onramp's widget, {release}. Apache-2.0.\n"
    text = head + join_modules(modules, entry=ENTRY) + f"\nexport {{ {_CLASS} }};\n"
    script = text.encode()
    digest = base64.b64encode(hashlib.sha384(script).digest()).decode()
    return ServedWidget(
        version=release,
        script=script,
        # The time of day is no part of it: the same text is the same bytes.
        zipped=gzip.compress(script, mtime=0),
        integrity=f"sha384-{digest}",
    )
