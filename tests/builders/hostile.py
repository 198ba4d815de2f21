"""Texts that would like to be something else: markup, scripts, addresses, directions."""

from itertools import islice, product

_PAYLOADS = (
    "<script>ran()</script>",
    "<img src=x onerror=ran()>",
    "<svg onload=ran()>",
    "<iframe srcdoc='<script>parent.ran()</script>'></iframe>",
    "<a href='javascript:ran()'>here</a>",
    "<body onload=ran()>",
    "<details open ontoggle=ran()>",
    "<style>@import 'javascript:ran()';</style>",
    "<math><mi xlink:href='javascript:ran()'>x</mi></math>",
    "<object data='javascript:ran()'></object>",
    "<input autofocus onfocus=ran()>",
    "<slot name=x onslotchange=ran()></slot>",
    "<template><script>ran()</script></template>",
    "javascript:ran()",
    "data:text/html,<script>ran()</script>",
    "{{constructor.constructor('ran()')()}}",
    "${ran()}",
    "&lt;script&gt;ran()&lt;/script&gt;",
    "\\u003cscript\\u003eran()\\u003c/script\\u003e",
    "%3Cscript%3Eran()%3C/script%3E",
)
_AROUND = (
    "{}", '"{}', "'{}", '">{}', "'>{}", "`{}`", "-->{}<!--", "]]>{}", "</title>{}", "</style>{}",
    "</textarea>{}", "</script>{}", "x\u202e{}\u202c", "\u2066{}\u2069", "{}\u200b\u200d",
    "\U0001f984 {}", "ﷺ{}", "{}" + "w" * 300, "a\u0301\u0327\u0489{}", "<{}", "{}>", "\\{}",
    "__proto__ {}", "onclick={}", "{} {}",
)  # fmt: skip


def hostile_strings(count: int) -> list[str]:
    """Return so many different hostile texts, always the same."""
    made = (around.replace("{}", text) for around, text in product(_AROUND, _PAYLOADS))
    return list(islice(dict.fromkeys(made), count))
