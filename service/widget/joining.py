"""Joins ES modules into one, for a page that loads a single script.

Only what our modules use is understood: ``import { a, b } from "./file.js";`` on one line, and
``export`` in front of a declaration. Whatever else begins with one of these words is refused.
"""

import re
from collections.abc import Iterator, Mapping

_IMPORT = re.compile(r'import \{ ([\w, ]+) \} from "\./([\w.-]+)";')
_EXPORTED = re.compile(r"export (?=(?:async function|function|class|const) (\w+))")
_DECLARED = re.compile(
    r"^(?:async function|function|class|const|let) (?:(\w+)|\{ [^}]* \})", re.MULTILINE
)
_MODULE_WORD = re.compile(r"^(?:import|export)\b", re.MULTILINE)


class CannotJoin(ValueError):
    """The modules say something that joining does not understand, or that it would change."""


def join_modules(modules: Mapping[str, str], *, entry: str) -> str:
    """Return one module with what an entry needs, each module after those that it imports.

    Args:
        modules: the text of each module by its file name.
        entry: the module that a page would load.

    Raises:
        CannotJoin: if a module or a name is missing, modules import each other in a circle, two
            declare the same name at their top, or an import or export has another form.
    """
    ordered = list(_in_order(modules, entry, ()))
    taken: dict[str, str] = {}
    for name in dict.fromkeys(ordered):
        for declared in _declared(_bare(name, modules[name])):
            if declared in taken:
                raise CannotJoin(f"{taken[declared]} and {name} both declare {declared}.")
            taken[declared] = name
    return "\n".join(_bare(name, modules[name]) for name in dict.fromkeys(ordered))


def _in_order(modules: Mapping[str, str], name: str, above: tuple[str, ...]) -> Iterator[str]:
    if name in above:
        raise CannotJoin(f"These import each other in a circle: {', '.join((*above, name))}.")
    if name not in modules:
        raise CannotJoin(f"{above[-1] if above else 'The page'} imports {name}, which is missing.")
    for names, imported in _IMPORT.findall(modules[name]):
        yield from _in_order(modules, imported, (*above, name))
        exported = {match[1] for match in _EXPORTED.finditer(modules[imported])}
        missing = set(names.split(", ")) - exported
        if missing:
            raise CannotJoin(f"{imported} does not export {', '.join(sorted(missing))}.")
    yield name


def _bare(name: str, text: str) -> str:
    """Return a module without its imports and without the word ``export``."""
    without = re.sub(rf"^{_IMPORT.pattern}\n", "", text, flags=re.MULTILINE)
    bare = re.sub(rf"^{_EXPORTED.pattern}", "", without, flags=re.MULTILINE)
    if (left := _MODULE_WORD.search(bare)) is not None:
        line = bare[left.start() :].splitlines()[0]
        raise CannotJoin(f"{name} has a line that joining does not understand: {line}")
    return bare.strip() + "\n"


def _declared(text: str) -> Iterator[str]:
    for match in _DECLARED.finditer(text):
        if match[1] is None:
            raise CannotJoin(f"Take names apart below the top of a module: {match[0]}")
        yield match[1]
