"""What a teacher copies: the hub's configuration for one machine, values for Kubernetes, the pages.

`tests/classroom` starts a hub with the configuration. No registry that this project uses has the
schema of the chart, so the values are looked at by shape; against the schema of version 4.4 they
have been held by hand.
"""

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
CLASSROOM = ROOT / "classroom"
PAGE = (CLASSROOM / "README.md").read_text(encoding="utf-8")

PASSWORDS = {
    "CLASSROOM_PASSWORD": "not-a-real-one",
    "CLASSROOM_TEACHERS_PASSWORD": "not-a-real-one-of-thirty-two-characters",
    "CLASSROOM_AS_ROOT": "yes",
}


class Hub:
    """Reads the configuration as a hub does.

    Attributes:
        before: what a hub has set before, as The Littlest JupyterHub does.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.before = Config()
        for name, value in PASSWORDS.items():
            monkeypatch.setenv(name, value)

    def be_the_littlest(self) -> None:
        self._patch.setattr(sys, "prefix", "/opt/tljh/hub")
        for name in PASSWORDS:
            self._patch.delenv(name)
        self.before.JupyterHub.services = [{"name": "cull-idle"}]

    def read(self, **settings: str) -> Any:
        for name, value in settings.items():
            self._patch.setenv(f"CLASSROOM_{name}", value)
        path = CLASSROOM / "jupyterhub_config.py"
        code = compile(path.read_text(encoding="utf-8"), path, "exec")
        exec(code, {"get_config": lambda: self.before, "__file__": str(path)})
        return self.before


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    return Hub(monkeypatch)


def environment(config: Any, user: int) -> dict[str, str]:
    """What a learner's server is told."""
    told = config.Spawner.environment.to_dict()["update"]
    spawner = SimpleNamespace(user=SimpleNamespace(id=user))
    return {name: value(spawner) if callable(value) else value for name, value in told.items()}


# --- One machine ----------------------------------------------------------------------------------


def test_each_learner_has_ten_ports(hub: Hub) -> None:
    config = hub.read()
    ports = [int(environment(config, user)["LC_TUTORIAL_CALLBACK_PORT"]) for user in range(1, 31)]
    assert ports == list(range(20_010, 20_310, 10))
    # Below those that Linux hands out to whoever asks for a free one.
    assert int(environment(config, 999)["LC_TUTORIAL_CALLBACK_PORT"]) + 9 < 32_768


@pytest.mark.parametrize(
    ("settings", "named", "told"),
    [
        (
            {"SHARED_SANDBOX": "no"},
            {"board"},
            {"LC_TUTORIAL_BOARD": "http://127.0.0.1:10101/services/board/"},
        ),
        ({"BOARD": "no", "SHARED_SANDBOX": "no"}, set(), {}),
        (
            {},
            {"board", "sandbox"},
            {
                "LC_TUTORIAL_BOARD": "http://127.0.0.1:10101/services/board/",
                "LC_TUTORIAL_SANDBOX": "http://127.0.0.1:10102",
            },
        ),
        (
            {"SANDBOX_PORT": "7", "BOARD_PORT": "8"},
            {"board", "sandbox"},
            {
                "LC_TUTORIAL_BOARD": "http://127.0.0.1:8/services/board/",
                "LC_TUTORIAL_SANDBOX": "http://127.0.0.1:7",
            },
        ),
    ],
)
def test_the_kernels_are_told_of_the_services_that_there_are(
    hub: Hub, settings: dict[str, str], named: set[str], told: dict[str, str]
) -> None:
    config = hub.read(**settings)
    services = {each["name"]: each for each in config.JupyterHub.services}
    assert set(services) - {"idle-culler"} == named
    for name in named:
        assert services[name]["command"][:3] == [sys.executable, "-m", "lc_tutorial"]
    given = environment(config, 1)
    del given["LC_TUTORIAL_CALLBACK_PORT"]
    assert given == told
    roles = {role["name"]: role["scopes"] for role in config.JupyterHub.load_roles}
    if "board" in named:
        assert services["board"]["url"].startswith("http://127.0.0.1:")
    for role in ("user", "server"):
        has_access = "access:services!service=board" in roles.get(role, [])
        assert has_access is ("board" in named)


@pytest.mark.parametrize("there", [True, False])
def test_what_is_idle_ends_where_something_ends_it(
    hub: Hub, there: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: there or None)
    config = hub.read(IDLE="1800")
    commands = {each["name"]: each["command"] for each in config.JupyterHub.services}
    roles = {role["name"]: role for role in config.JupyterHub.load_roles}
    assert ("idle-culler" in commands) is ("idle-culler" in roles) is there
    if there:
        assert commands["idle-culler"][-1] == "--timeout=1800"
        assert config.JupyterHub.last_activity_interval == 300
        assert roles["idle-culler"]["services"] == ["idle-culler"]
    assert ("pip install jupyterhub-idle-culler" in capsys.readouterr().err) is not there


@pytest.mark.parametrize(("idle", "interval"), [(3600, 300), (1200, 300), (600, 150), (2, 1)])
def test_who_is_at_work_does_not_look_idle(hub: Hub, idle: int, interval: int) -> None:
    # What the hub knows of them is as old as that, and the limit is longer.
    config = hub.read(IDLE=str(idle))
    assert config.JupyterHub.last_activity_interval == interval < idle


def run_as_root(monkeypatch: pytest.MonkeyPatch, may_run: bool) -> list[dict[str, Any]]:
    """A hub of root's, whose Python others may run or not; gives what was tried as whom."""
    tried: list[dict[str, Any]] = []

    def run(command: list[str], **how: Any) -> None:
        tried.append(how)
        if not may_run:
            raise PermissionError

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("subprocess.run", run)
    return tried


def users_of(config: Any) -> set[str | None]:
    """As whom the services run that the configuration adds."""
    added = [each for each in config.JupyterHub.services if each["name"] != "cull-idle"]
    assert len(added) >= 2
    assert {each["cwd"] for each in added} == {"/"}
    return {each.get("user") for each in added}


@pytest.mark.parametrize("is_the_littlest", [True, False])
def test_where_the_hub_is_roots_its_services_are_not(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, is_the_littlest: bool
) -> None:
    if is_the_littlest:
        hub.be_the_littlest()
    tried = run_as_root(monkeypatch, may_run=True)
    assert users_of(hub.read()) == {"nobody"}
    # As a service has it: none of root's groups either.
    assert [(how["user"], how["extra_groups"]) for how in tried] == [("nobody", [])]


@pytest.mark.parametrize(
    ("may_run", "user", "said"),
    [
        (False, "nobody", "The board and the sandbox run as root: nobody is no user"),
        (True, "no-such-user", "The board and the sandbox run as root: no-such-user is no user"),
        # Who asks for it knows it.
        (True, "root", ""),
    ],
)
def test_where_they_have_to_be_roots_it_is_said(
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    may_run: bool,
    user: str,
    said: str,
) -> None:
    run_as_root(monkeypatch, may_run)
    assert users_of(hub.read(SERVICES_USER=user)) == {None}
    told = capsys.readouterr().err
    assert (said in told) if said else ("as root" not in told)


def test_a_users_hub_runs_its_services_as_that_user(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert users_of(hub.read()) == {None}


def test_the_littlest_keeps_its_own_login_and_spawner(hub: Hub) -> None:
    hub.be_the_littlest()
    config = hub.read()
    assert config.Spawner.cmd[:3] == ["/opt/tljh/user/bin/python", "-m", "lc_tutorial"]
    services = config.JupyterHub.services
    assert [each["name"] for each in services] == ["cull-idle", "board", "sandbox"]
    assert {each["command"][0] for each in services[1:]} == {"/opt/tljh/user/bin/python"}
    for trait in ("authenticator_class", "spawner_class", "bind_url"):
        assert trait not in config.JupyterHub
    assert config.Spawner.mem_limit == "1G"


@pytest.mark.parametrize("told", ["tess,ben", "tess, ben", " tess ,ben,"])
def test_teachers_are_named_as_people_write_lists(hub: Hub, told: str) -> None:
    config = hub.read(TEACHERS=told)
    assert config.JupyterHub.load_groups == {"teachers": {"users": ["tess", "ben"]}}
    assert config.Authenticator.admin_users == {"tess", "ben"}


@pytest.mark.parametrize("missing", ["CLASSROOM_PASSWORD", "CLASSROOM_TEACHERS_PASSWORD"])
def test_without_a_password_it_does_not_start(
    hub: Hub, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SystemExit, match=r"see classroom/README\.md"):
        hub.read()


def test_nobody_runs_everything_as_root_unawares(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.delenv("CLASSROOM_AS_ROOT")
    with pytest.raises(SystemExit, match="as root"):
        hub.read()


def test_the_page_names_every_setting(hub: Hub) -> None:
    text = (CLASSROOM / "jupyterhub_config.py").read_text(encoding="utf-8")
    there = dict(re.findall(r'setting\("(\w+)", "([^"]*)"\)', text))
    assert "AS_ROOT" not in there
    rows = re.findall(r"(?m)^\| `CLASSROOM_(\w+)` \| .+ \| (.+) \|$", PAGE)
    assert {name for name, _ in rows} == {*there, "AS_ROOT"}
    for name, default in rows:
        if there.get(name):
            assert default == f"`{there[name]}`", name


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("Set CLASSROOM_PASSWORD", "classroom/jupyterhub_config.py"),
        ("The board and the sandbox run as root", "classroom/jupyterhub_config.py"),
        ("is taken", "lc_tutorial/sandbox/web/process.py"),
        ("The sandbox that your class shares does not answer", "lc_tutorial/platforms/shared.py"),
        ("This is another sandbox than before", "lc_tutorial/platforms/shared.py"),
    ],
)
def test_what_the_page_says_of_troubles_is_said_there(said: str, where: str) -> None:
    assert said in PAGE
    assert said in (ROOT / where).read_text(encoding="utf-8")


# --- Kubernetes -----------------------------------------------------------------------------------

VALUES = yaml.safe_load((CLASSROOM / "values.yaml").read_text(encoding="utf-8"))

#: Of the chart's schema, what these values use, and the type that each has there.
SHAPE = {
    "singleuser.image.name": str,
    "singleuser.image.tag": str,
    "singleuser.cmd": list,
    "singleuser.defaultUrl": str,
    "singleuser.startTimeout": int,
    "singleuser.memory.limit": str,
    "singleuser.memory.guarantee": str,
    "singleuser.cpu.limit": int,
    "singleuser.cpu.guarantee": float,
    "singleuser.storage.capacity": str,
    "singleuser.extraEnv": dict,
    "singleuser.networkPolicy.egress": list,
    "hub.config": dict,
    "hub.concurrentSpawnLimit": int,
    "hub.services": dict,
    "hub.loadRoles": dict,
    "hub.service.extraPorts": list,
    "hub.networkPolicy.allowedIngressPorts": list,
    "hub.extraContainers": list,
    "cull.enabled": bool,
    "cull.timeout": int,
    "cull.every": int,
    "prePuller.hook.enabled": bool,
    "prePuller.continuous.enabled": bool,
}


def leaves(values: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Each value of the chart by its name; what is free in the schema is not looked into."""
    found = {}
    for key, value in values.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and SHAPE.get(name) is not dict:
            found |= leaves(value, f"{name}.")
        else:
            found[name] = value
    return found


def test_the_values_have_the_shape_of_the_charts() -> None:
    assert {name: type(value) for name, value in leaves(VALUES).items()} == SHAPE


def test_the_values_say_what_the_configuration_says(hub: Hub) -> None:
    # There each learner has a sandbox of their own: webhooks are for its own machine.
    config, singleuser = hub.read(SHARED_SANDBOX="no"), VALUES["singleuser"]
    assert singleuser["cmd"][1:] == config.Spawner.cmd[1:]
    assert singleuser["defaultUrl"] == config.Spawner.default_url
    assert singleuser["memory"]["limit"] == config.Spawner.mem_limit
    assert singleuser["cpu"]["limit"] == config.Spawner.cpu_limit
    assert set(singleuser["extraEnv"]) == set(environment(config, 1))
    roles = {role["name"]: role["scopes"] for role in config.JupyterHub.load_roles}
    for name, role in VALUES["hub"]["loadRoles"].items():
        assert role["scopes"] == roles[name]
    (board,) = (each for each in config.JupyterHub.services if each["name"] == "board")
    (container,) = VALUES["hub"]["extraContainers"]
    assert container["args"][1:] == board["command"][1:]
    class_ = VALUES["hub"]["config"]["JupyterHub"]
    assert class_["authenticator_class"] == config.JupyterHub.authenticator_class
    assert set(class_["load_groups"]) == set(config.JupyterHub.load_groups)


def test_the_board_of_the_values_is_where_everybody_looks_for_it() -> None:
    hub_values = VALUES["hub"]
    (container,) = hub_values["extraContainers"]
    told = {each["name"]: each.get("value") for each in container["env"]}
    port = container["ports"][0]["containerPort"]
    address = hub_values["services"]["board"]["url"]
    assert address == f"http://hub:{port}"
    assert VALUES["singleuser"]["extraEnv"]["LC_TUTORIAL_BOARD"] == (
        f"{address}{told['JUPYTERHUB_SERVICE_PREFIX']}"
    )
    assert told["JUPYTERHUB_SERVICE_URL"].endswith(f":{port}")
    assert [each["targetPort"] for each in hub_values["service"]["extraPorts"]] == [port]
    assert hub_values["networkPolicy"]["allowedIngressPorts"] == [port]
    (egress,) = VALUES["singleuser"]["networkPolicy"]["egress"]
    assert egress["ports"] == [{"port": port}]
    image = VALUES["singleuser"]["image"]
    assert container["image"] == f"{image['name']}:{image['tag']}"
