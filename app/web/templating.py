"""Templates: one frozen page value in, HTML out. Escaping is always on; missing names fail."""

import hashlib
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

ROOT: Final = Path(__file__).parents[2]
TEMPLATES: Final = ROOT / "templates"
STATIC: Final = ROOT / "static"


class Templates:
    """The templates of the portal, compiled once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
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
