"""The compose files: valid by the specification's schema, and saying what they are meant to say.

No engine is asked. What ``up`` starts follows from the specification's rule for profiles; the two
shell scripts in the file are run as they stand there.
"""

import base64
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final

import plain_image
import pytest
from compose_model import MissingVariableError, Model, Mount, Service, load, merged
from plain_image import IS_ROOT
from proxied_portal import PATIENCE, PROJECT, free_port, program

from app.settings import Settings, is_loopback, unknown_names
from cluster.distribution import VERSION

OWN: Final = PROJECT / "docker-compose.yml"
OVERLAY: Final = PROJECT / "docker-compose.external.yml"
CLUSTER: Final = {"PORTAL_SEARCH_URL": "https://search.example.com:9200/portal"}
PORTALS: Final = ("portal", "portal-elasticsearch")
MAKER: Final = "elasticsearch-password"
READERS: Final = {"elasticsearch": (1000, 0), "portal": (10001, 10001)}
"""Each copy of the password with the user and group of whom it is for."""
LONGEST_END: Final = 15
"""Seconds that the portal takes at most to end in order."""


@pytest.fixture(name="own")
def _own() -> Model:
    return load({}, OWN)


@pytest.fixture(name="external")
def _external() -> Model:
    return load(CLUSTER, OWN, OVERLAY)


def faults(tree: dict[str, Any], folder: Path) -> str:
    """What the specification's schema finds wrong; empty for nothing."""
    file = folder / "compose.json"
    file.write_text(json.dumps(tree), "utf-8")
    return check(file)


def check(file: Path) -> str:
    """What the schema finds wrong in a file."""
    schema = ("--builtin-schema", "vendor.compose-spec")
    said = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema, str(file)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return "" if said.returncode == 0 else said.stdout + said.stderr


def settings_of(service: Service, folder: Path) -> Settings:
    """The settings with which a service starts the portal."""
    (folder / "portal").write_text("secret\n", "ascii")
    (folder / "ca.pem").touch()
    of_image = {
        name: value
        for one in plain_image.read(PROJECT / "Dockerfile")
        if one.word == "ENV"
        for name, _, value in [word.partition("=") for word in one.words]
    }
    given = {
        name: value.replace("/secrets", str(folder)).replace("/search-ca.pem", f"{folder}/ca.pem")
        for name, value in {**of_image, **service.environment}.items()
    }
    return Settings.from_environment(given)


def mebibytes(size: str) -> int:
    """A size as Java and Docker write it."""
    factor = {"m": 1, "g": 1024}[size[-1]]
    return int(size[:-1]) * factor


def test_the_file_is_valid(tmp_path: Path) -> None:
    assert check(OWN) == ""
    assert faults(merged({}, OWN), tmp_path) == ""


def test_the_file_with_the_overlay_is_valid(tmp_path: Path) -> None:
    assert faults(merged(CLUSTER, OVERLAY), tmp_path) == ""
    assert faults(merged(CLUSTER, OWN, OVERLAY), tmp_path) == ""


def test_the_schema_finds_a_word_that_there_is_not(tmp_path: Path) -> None:
    tree = merged({}, OWN)
    tree["services"]["portal"]["read_onyl"] = True
    assert "read_onyl" in faults(tree, tmp_path)


def test_up_starts_the_portal_and_elasticsearch(own: Model) -> None:
    assert own.started() == {"portal-elasticsearch", "elasticsearch", MAKER}


def test_up_portal_starts_the_portal_alone(own: Model) -> None:
    assert own.started("portal") == {"portal"}


@pytest.mark.parametrize("named", [(), ("portal",)])
def test_with_the_overlay_only_the_portal_starts(external: Model, named: tuple[str, ...]) -> None:
    assert external.started(*named) == {"portal"}


def test_the_portal_waits_until_elasticsearch_works(own: Model) -> None:
    waits = own.services["portal-elasticsearch"].depends_on
    assert waits["elasticsearch"].condition == "service_healthy"
    assert waits[MAKER].condition == "service_completed_successfully"
    waits = own.services["elasticsearch"].depends_on
    assert waits[MAKER].condition == "service_completed_successfully"
    assert own.services["elasticsearch"].healthcheck is not None


def test_elasticsearch_is_the_official_image_of_the_version_that_is_tested(own: Model) -> None:
    assert own.services["elasticsearch"].image == f"elasticsearch:{VERSION}"
    assert own.services[MAKER].image == own.services["elasticsearch"].image


def test_elasticsearch_is_one_node_with_a_bounded_heap(own: Model) -> None:
    service = own.services["elasticsearch"]
    assert service.environment["discovery.type"] == "single-node"
    heap = re.fullmatch(r"-Xms(\w+) -Xmx(\w+)", service.environment["ES_JAVA_OPTS"])
    assert heap is not None
    assert heap[1] == heap[2]
    assert mebibytes(heap[2]) * 2 <= mebibytes(service.mem_limit)
    assert service.memswap_limit == service.mem_limit, "a heap that is swapped out is no heap"


def test_elasticsearch_asks_for_a_password_that_stands_in_no_file_of_ours(own: Model) -> None:
    service = own.services["elasticsearch"]
    assert service.environment["xpack.security.enabled"] == "true"
    passwords = {name: one for name, one in service.environment.items() if "PASSWORD" in name}
    assert passwords == {"ELASTIC_PASSWORD_FILE": "/secrets/elasticsearch"}
    assert "search-password:/secrets:ro" in service.volumes


def test_elasticsearch_is_reached_by_the_portal_alone(own: Model) -> None:
    service = own.services["elasticsearch"]
    assert service.ports == ()
    assert service.networks == ("search",)
    assert own.networks["search"].internal
    others = {name for name, one in own.services.items() if "search" in one.networks}
    assert others == {"elasticsearch", "portal-elasticsearch"}


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_is_walled_in(own: Model, name: str) -> None:
    service = own.services[name]
    assert service.read_only
    assert service.tmpfs == ("/tmp",)  # noqa: S108 — a file system of its own
    assert service.cap_drop == ("ALL",)
    assert service.cap_add == ()
    assert service.security_opt == ("no-new-privileges:true",)
    assert service.user == "", "the image says who it is"
    assert service.restart == "unless-stopped"
    assert int(service.stop_grace_period.removesuffix("s")) >= 2 * LONGEST_END


@pytest.mark.parametrize("name", PORTALS)
@pytest.mark.parametrize("port", ["8000", "8123"])
def test_a_portal_is_published_on_this_machine_where_it_listens(
    tmp_path: Path, name: str, port: str
) -> None:
    given = {} if port == "8000" else {"PORTAL_PORT": port}
    service = load(given, OWN).services[name]
    assert service.ports == (f"127.0.0.1:{port}:{port}",)
    settings = settings_of(service, tmp_path)
    assert (settings.host, settings.port) == ("0.0.0.0", int(port))  # noqa: S104
    assert settings.base_url == f"http://localhost:{port}"
    assert not is_loopback(settings.host), "so it makes a password at its first start"


def test_both_portals_have_the_same_archive(own: Model, tmp_path: Path) -> None:
    for name in PORTALS:
        assert "archive:/data" in own.services[name].volumes
        assert settings_of(own.services[name], tmp_path).data_dir == Path("/data")


def test_one_portal_searches_by_itself_and_the_other_on_elasticsearch(
    own: Model, tmp_path: Path
) -> None:
    assert settings_of(own.services["portal"], tmp_path).search_url is None
    settings = settings_of(own.services["portal-elasticsearch"], tmp_path)
    assert settings.search_url is not None
    assert settings.search_url.hosts == ("http://elasticsearch:9200",)
    assert settings.search_url.user == "elastic"
    assert settings.search_password == "secret"  # noqa: S105 — of this test


def test_what_is_set_around_the_files_reaches_the_portal(tmp_path: Path) -> None:
    given = {"PORTAL_PUBLIC_URL": "https://chats.example.com", "PORTAL_TIME_ZONE": "Europe/Prague"}
    for name in PORTALS:
        settings = settings_of(load(given, OWN).services[name], tmp_path)
        assert settings.public_url == "https://chats.example.com"
        assert settings.time_zone.key == "Europe/Prague"


@pytest.mark.parametrize("file", [OWN, OVERLAY])
def test_every_setting_in_the_files_is_one(file: Path) -> None:
    named = set(re.findall(r"PORTAL_[A-Z_]+", file.read_text("utf-8")))
    assert named
    assert unknown_names(dict.fromkeys(named, "")) == ()


def test_the_overlay_demands_the_address_of_the_cluster() -> None:
    with pytest.raises(MissingVariableError, match="PORTAL_SEARCH_URL"):
        load({}, OWN, OVERLAY)


def test_the_overlay_passes_on_what_is_set_for_the_cluster(tmp_path: Path) -> None:
    given = {
        **CLUSTER,
        "PORTAL_SEARCH_API_KEY": "key",
        "PORTAL_SEARCH_FINGERPRINT": "ab" * 32,
        "PORTAL_SEARCH_SHARDS": "3",
        "PORTAL_SEARCH_REPLICAS": "2",
        "PORTAL_SEARCH_REFRESH": "5",
        "PORTAL_SEARCH_READABLE": "off",
    }
    settings = settings_of(load(given, OWN, OVERLAY).services["portal"], tmp_path)
    assert settings.search_url is not None
    assert settings.search_url.hosts == ("https://search.example.com:9200",)
    assert settings.search_api_key == "key"
    assert settings.search_fingerprint == "ab" * 32
    assert (settings.search_shards, settings.search_replicas) == (3, 2)
    assert (settings.search_refresh, settings.search_readable) == (5.0, False)


@pytest.mark.parametrize(("file", "setting"), [("", ""), ("ca.pem", "/search-ca.pem")])
def test_the_overlay_brings_certificates_where_there_are_some(file: str, setting: str) -> None:
    service = load({**CLUSTER, "PORTAL_SEARCH_CA_FILE": file}, OWN, OVERLAY).services["portal"]
    (mount,) = [one for one in service.volumes if isinstance(one, Mount)]
    assert mount == Mount("bind", file or "/dev/null", "/search-ca.pem", read_only=True)
    assert service.environment["PORTAL_SEARCH_CA_FILE"] == setting


def test_the_page_about_containers_names_every_service_file_and_volume(own: Model) -> None:
    page = (PROJECT / "docs" / "container.md").read_text("utf-8")
    for name in (*own.services, *own.volumes, OWN.name, OVERLAY.name):
        assert f"`{name}`" in page, name
    assert "docker compose up\n" in page
    assert "docker compose up portal\n" in page


class Secrets:
    """The one-shot service, run on a folder with the rights that it has there."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.folder = folder
        self._command = [*service.entrypoint, *service.command]
        self._granted = ",".join(["-all", *(f"+{one.lower()}" for one in service.cap_add)])

    def make(self) -> None:
        """Run it once; it must end well."""
        command = [word.replace("/secrets", str(self.folder)) for word in self._command]
        if IS_ROOT:
            command = [program("setpriv"), f"--bounding-set={self._granted}", *command]
        else:
            command[-1] = re.sub(r"\b(0:0|1000:0|10001:10001)\b", '"$(id -u)"', command[-1])
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)

    def held(self) -> dict[str, tuple[str, int]]:
        """Every file with its text and the time at which it was written."""
        return {
            path.name: (path.read_text("ascii"), path.stat().st_mtime_ns)
            for path in self.folder.iterdir()
        }


@pytest.fixture(name="secrets")
def _secrets(own: Model, tmp_path: Path) -> Secrets:
    return Secrets(own.services[MAKER], tmp_path)


def test_the_password_is_made_for_each_of_its_readers_alone(secrets: Secrets) -> None:
    secrets.make()
    assert set(secrets.held()) == {"password", *READERS}
    (text,) = {text for text, _ in secrets.held().values()}
    assert re.fullmatch(r"[\w-]{32}\n", text)
    for path in secrets.folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o400
        if IS_ROOT:
            owner = READERS.get(path.name, (0, 0))
            assert (path.stat().st_uid, path.stat().st_gid) == owner


def test_made_again_it_stays_as_it_was(secrets: Secrets) -> None:
    secrets.make()
    before = secrets.held()
    secrets.make()
    assert secrets.held() == before


def test_two_volumes_have_two_passwords(own: Model, tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        secrets = Secrets(own.services[MAKER], tmp_path / name)
        secrets.make()
        made.append(secrets.held()["password"][0])
    assert made[0] != made[1]


def test_what_an_interruption_left_is_made_good(secrets: Secrets) -> None:
    secrets.make()
    before = secrets.held()
    (secrets.folder / "portal").rename(secrets.folder / "portal.new")
    secrets.make()
    after = secrets.held()
    assert set(after) == {"password", *READERS}
    assert after["portal"][0] == before["password"][0]


def test_the_maker_of_the_password_can_do_nothing_else(own: Model) -> None:
    service = own.services[MAKER]
    assert service.network_mode == "none"
    assert service.read_only
    assert (service.cap_drop, service.cap_add) == (("ALL",), ("CHOWN",))
    assert service.volumes == ("search-password:/secrets",)
    assert service.restart == "no"


@contextmanager
def elasticsearch(password: str, status: int) -> Iterator[int]:
    """Something that answers as Elasticsearch does when it is asked for its health."""
    known = f"Basic {base64.b64encode(f'elastic:{password}'.encode()).decode()}"

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            may = self.headers["Authorization"] == known
            asked = self.path.startswith("/_cluster/health?wait_for_status=yellow&")
            self.send_response((status if asked else 404) if may else 401)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def health(own: Model, folder: Path, port: int) -> int:
    """How the health check of Elasticsearch ends, asked on a port of ours."""
    program("curl")
    check = own.services["elasticsearch"].healthcheck
    assert check is not None
    kind, script = check.test
    assert kind == "CMD-SHELL"
    script = script.replace("/secrets", str(folder)).replace(":9200/", f":{port}/")
    command = ["/bin/sh", "-c", script]
    return subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False).returncode


@pytest.mark.parametrize("status", [200, 408, 503])
def test_the_health_check_of_elasticsearch_tells_whether_it_works(
    own: Model, secrets: Secrets, status: int
) -> None:
    secrets.make()
    password = secrets.held()["elasticsearch"][0].strip()
    with elasticsearch(password, status) as port:
        assert (health(own, secrets.folder, port) == 0) is (status == 200)


def test_the_health_check_of_elasticsearch_fails_without_it_or_its_password(
    own: Model, secrets: Secrets
) -> None:
    secrets.make()
    with elasticsearch("another", 200) as port:
        assert health(own, secrets.folder, port) != 0
    assert health(own, secrets.folder, free_port()) != 0
