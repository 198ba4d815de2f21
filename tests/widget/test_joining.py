"""The widget is one module, made of small ones, and nothing of it is lost or mixed up."""

import re

import pytest

from service.widget import SOURCES, CannotJoin, join_modules, load_widget


def test_a_module_comes_after_those_that_it_imports_and_each_comes_once() -> None:
    modules = {
        "top.js": 'import { b } from "./b.js";\nimport { c } from "./c.js";\nb(c);\n',
        "b.js": 'import { c } from "./c.js";\nexport function b(x) { return c + x; }\n',
        "c.js": "export const c = 1;\n",
        "unused.js": "export const d = 2;\n",
    }

    joined = join_modules(modules, entry="top.js")

    assert joined == "const c = 1;\n\nfunction b(x) { return c + x; }\n\nb(c);\n"


@pytest.mark.parametrize(
    ("modules", "says"),
    [
        ({"top.js": 'import { a } from "./a.js";\n'}, "top.js imports a.js, which is missing"),
        (
            {"top.js": 'import { a } from "./a.js";\n', "a.js": "const a = 1;\n"},
            "a.js does not export a",
        ),
        (
            {
                "top.js": 'import { a } from "./a.js";\nconst shared = 1;\n',
                "a.js": "const shared = 2;\nexport const a = shared;\n",
            },
            "a.js and top.js both declare shared",
        ),
        (
            {
                "top.js": 'import { a } from "./a.js";\nexport const t = a;\n',
                "a.js": 'import { t } from "./top.js";\nexport const a = t;\n',
            },
            "in a circle: top.js, a.js, top.js",
        ),
        ({"top.js": 'import * as a from "./a.js";\n'}, "does not understand: import"),
        ({"top.js": "export default 1;\n"}, "does not understand: export default"),
        ({"top.js": "const { a } = window;\n"}, "Take names apart below the top"),
    ],
)
def test_what_joining_would_change_is_refused(modules: dict[str, str], says: str) -> None:
    with pytest.raises(CannotJoin, match=re.escape(says)):
        join_modules(modules, entry="top.js")


def test_every_module_of_the_widget_is_in_what_is_served_word_for_word() -> None:
    script = load_widget().script.decode()

    for path in SOURCES.glob("*.js"):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("import ")]
        for line in lines:
            assert line.removeprefix("export ") in script, f"{path.name}: {line}"
    assert re.findall(r"^export .*", script, re.MULTILINE) == ["export { OnrampRecommendations };"]
    assert "import " not in re.sub(r"//.*", "", script).replace("import.meta", "")


def test_the_same_release_is_the_same_bytes_and_the_same_hash() -> None:
    first, second = load_widget(), load_widget()

    assert first == second
    assert first.integrity.startswith("sha384-")
