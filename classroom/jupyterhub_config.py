"""A JupyterHub for a class, on one machine: README.md beside this file says how it is used.

The Littlest JupyterHub reads it from a folder of its own, and brings the login, the proxy, a system
user for each learner and the limits. A bare JupyterHub is started with it:

    jupyterhub -f classroom/jupyterhub_config.py

Where a class outgrows one machine, see kubernetes.md.
"""

import os
import pwd
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

c = get_config()  # noqa: F821

# --- What you may want to change ------------------------------------------------------------------
# On a bare JupyterHub each can also be set in the environment, with CLASSROOM_ before its name.


def setting(name: str, value: str) -> str:
    """What the environment says, or what stands here."""
    return os.environ.get(f"CLASSROOM_{name}", value)


#: Who sees the board, and may stop a learner's server: names, with commas between them. On The
#: Littlest JupyterHub let no name stand here that is not a person's: whoever logs in with it first
#: chooses its password.
TEACHERS = [name.strip() for name in setting("TEACHERS", "teacher").split(",") if name.strip()]
#: For each learner. Which spawner holds to them, README.md says.
MEMORY, CORES = setting("MEMORY", "1G"), float(setting("CORES", "1"))
#: Seconds without anything done, after which a learner's server ends. Their files stay.
IDLE = int(setting("IDLE", "3600"))
#: Whether there is a board for the teacher, and at which port of this machine.
BOARD, BOARD_PORT = setting("BOARD", "yes") == "yes", int(setting("BOARD_PORT", "10101"))
#: Whether all learners share one sandbox process, each with a part of their own, which spares
#: memory; and at which port.
SHARED_SANDBOX = setting("SHARED_SANDBOX", "yes") == "yes"
SANDBOX_PORT = int(setting("SANDBOX_PORT", "10102"))
#: Where the hub runs as root, as on The Littlest JupyterHub: as which user of the system its
#: services run. They write no file.
SERVICES_USER = setting("SERVICES_USER", "nobody")

#: Of a bare JupyterHub alone: where browsers find it; what learners and teachers type in to log in
#: (8 and 32 characters at least); and where the learners' files are.
ADDRESS = setting("ADDRESS", "http://127.0.0.1:8000")
PASSWORD = setting("PASSWORD", "")
TEACHERS_PASSWORD = setting("TEACHERS_PASSWORD", "")
HOMES = Path(setting("HOMES", "learners")).absolute()

# --- The same everywhere --------------------------------------------------------------------------

IS_TLJH = Path(sys.prefix) == Path("/opt/tljh/hub")

#: The Python that the course is installed in.
PYTHON = "/opt/tljh/user/bin/python" if IS_TLJH else sys.executable

# A learner's server lays the course into their home first, as that learner.
c.Spawner.cmd = [PYTHON, "-m", "lc_tutorial", "singleuser"]
c.Spawner.default_url = "/lab/tree/00_start_here.ipynb"
c.Spawner.mem_limit, c.Spawner.cpu_limit = MEMORY, CORES
# Thirty begin in the same minute: that is slow, and not wrong.
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
c.JupyterHub.concurrent_spawn_limit = 30


def callback_port(spawner: object) -> str:
    """Give each learner ten ports of their own: all of them share 127.0.0.1.

    Past a thousand learners somebody gets those of another one again.
    """
    return str(20_000 + 10 * (spawner.user.id % 1000))


c.Spawner.environment.update({"LC_TUTORIAL_CALLBACK_PORT": callback_port})

c.JupyterHub.load_groups = {"teachers": {"users": TEACHERS}}

services, roles = [], []


def not_root() -> str:
    """The user as whom services run where the hub is root's; empty where it is not."""
    if os.geteuid() != 0 or SERVICES_USER == "root":
        return ""
    try:
        who = {"user": SERVICES_USER, "group": pwd.getpwnam(SERVICES_USER).pw_gid}
        tried = [PYTHON, "-c", "import lc_tutorial"]
        subprocess.run(tried, **who, extra_groups=[], cwd="/", check=True)  # noqa: S603
    except (KeyError, OSError, subprocess.CalledProcessError):
        print(
            f"The board and the sandbox run as root: {SERVICES_USER} is no user of this system, or "
            f"may not run {PYTHON}. Install the course where others may read it, not in a home.",
            file=sys.stderr,
        )
        return ""
    return SERVICES_USER


SERVED_AS = {"user": user} if (user := not_root()) else {}


def serve(name: str, command: list[str], **more: object) -> None:
    """Let the hub run one more service: of what is installed, wherever the hub is started."""
    services.append({"name": name, "command": command, "cwd": "/", **SERVED_AS, **more})


# --- The board ------------------------------------------------------------------------------------

if BOARD:
    at = f"http://127.0.0.1:{BOARD_PORT}"
    command = [PYTHON, "-m", "lc_tutorial", "board", "--hub"]
    serve("board", command, url=at, oauth_no_confirm=True)
    c.Spawner.environment.update({"LC_TUTORIAL_BOARD": f"{at}/services/board/"})
    # Learners' browsers and kernels may come to it; what each sees there, it decides.
    access = "access:services!service=board"
    roles.append({"name": "user", "scopes": ["self", access]})
    server = ["users:activity!user", "access:servers!server", access]
    roles.append({"name": "server", "scopes": server})

# --- One sandbox for all --------------------------------------------------------------------------

if SHARED_SANDBOX:
    # Without a url: browsers reach it through their learner's own server, which asks who they are.
    command = [PYTHON, "-m", "lc_tutorial", "sandbox", "--class", f"--port={SANDBOX_PORT}"]
    serve("sandbox", command)
    c.Spawner.environment.update({"LC_TUTORIAL_SANDBOX": f"http://127.0.0.1:{SANDBOX_PORT}"})

# --- What is idle ends ----------------------------------------------------------------------------

# The Littlest JupyterHub does that by itself: tljh-config set services.cull.timeout 3600
if not IS_TLJH and find_spec("jupyterhub_idle_culler"):
    command = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}"]
    serve("idle-culler", command)
    scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
    roles.append({"name": "idle-culler", "scopes": scopes, "services": ["idle-culler"]})
    # It looks every half of that time at what the hub knows. The hub asks in its own time what was
    # done lately, every 300 seconds: who is at work must not look idle meanwhile.
    c.JupyterHub.last_activity_interval = max(1, min(300, IDLE // 4))
elif not IS_TLJH:
    print("Idle servers will not be ended: pip install jupyterhub-idle-culler", file=sys.stderr)

c.JupyterHub.services = [*(c.JupyterHub.get("services") or []), *services]
c.JupyterHub.load_roles = [*(c.JupyterHub.get("load_roles") or []), *roles]

# --- A bare JupyterHub ----------------------------------------------------------------------------

if not IS_TLJH:
    if not PASSWORD or not TEACHERS_PASSWORD:
        sys.exit("Set CLASSROOM_PASSWORD and CLASSROOM_TEACHERS_PASSWORD: see classroom/README.md.")
    if os.geteuid() == 0 and "CLASSROOM_AS_ROOT" not in os.environ:
        sys.exit(
            "All learners' servers would run as root. Start the hub as a user made for it; or, in "
            "a container that holds nothing else, set CLASSROOM_AS_ROOT=yes."
        )
    c.JupyterHub.bind_url = ADDRESS
    c.JupyterHub.hub_ip = "127.0.0.1"
    c.JupyterHub.cleanup_servers = True

    # One password for a class: whoever has it can log in under any name but a teacher's.
    c.JupyterHub.authenticator_class = "shared-password"
    c.SharedPasswordAuthenticator.user_password = PASSWORD
    c.SharedPasswordAuthenticator.admin_password = TEACHERS_PASSWORD
    c.Authenticator.allow_all = True
    c.Authenticator.admin_users = set(TEACHERS)

    # All servers run as the hub's own user: no learner is kept from another one's files.
    c.JupyterHub.spawner_class = "simple"
    c.SimpleLocalProcessSpawner.home_dir_template = f"{HOMES}/{{username}}"
    if os.geteuid() == 0:
        c.Spawner.args = ["--allow-root"]
