"""Templates: one frozen page value in, HTML out. Escaping is always on; missing names fail."""

import hashlib
import re
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from msgspec import Struct

from app.language import gettext, ngettext

ROOT: Final = Path(__file__).parents[2]
TEMPLATES: Final = ROOT / "templates"
STATIC: Final = ROOT / "static"
_INDENTATION = re.compile(r"(?m)^[ \t]+")


class Unindented(Extension):
    """Takes the indentation of templates away when they are compiled: people need it, pages not."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """The template without white space at the beginning of its lines."""
        return _INDENTATION.sub("", source)


class Templates:
    """The templates of the portal, compiled once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", Unindented],
        )
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]
            gettext, ngettext, newstyle=True
        )
        versions = {
            path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in STATIC.rglob("*")
            if path.is_file()
        }
        self._environment.globals["asset"] = lambda name: f"/static/{name}?v={versions[name]}"
        for name in self._environment.list_templates(extensions=["html"]):
            self._environment.get_template(name)

    def render(self, name: str, page: Struct) -> str:
        """The HTML of a page; the template sees ``page`` and nothing else."""
        return self._environment.get_template(name).render(page=page)
