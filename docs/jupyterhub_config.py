"""JupyterHub on one machine, for one class of up to thirty people and one day.

Everybody has a seat, not an account: ``seat01`` … ``seat30`` and one word for the whole class. The
seats' folders are made when they are first taken, with the class's notebooks in them, and thrown
away afterwards. How to start it, and how much memory it takes, is in classroom.md.

Whoever runs this sets, in the environment:

CLASS_WORD      the word of the class, eight characters or more
CLASS_FOLDER    where desk/ (from ``kit desk``) lies and the seats will lie
CLASS_ADDRESS   where to listen; by default only this machine hears
CLASS_SEATS     how many seats; 30
CLASS_CERT, CLASS_KEY   certificate and key of this machine, for https
CLASS_AS_ROOT   "yes" where there is no other user, as in a container
"""

import os
import resource
import shutil
import sys
from pathlib import Path

from kit.room.furnishing import settle

c = get_config()  # noqa: F821  (JupyterHub defines it)

ROOM = Path(os.environ["CLASS_FOLDER"]).resolve()
SEATS = [f"seat{n:02}" for n in range(1, int(os.environ.get("CLASS_SEATS", "30")) + 1)]
GIGABYTE = 1024**3

# ---- the door ---------------------------------------------------------------------------------

c.JupyterHub.bind_url = os.environ.get("CLASS_ADDRESS", "http://127.0.0.1:8000")
if "CLASS_CERT" in os.environ:
    c.JupyterHub.ssl_cert = os.environ["CLASS_CERT"]
    c.JupyterHub.ssl_key = os.environ["CLASS_KEY"]

# One word for all, and only these names: no account, no mail address, no personal name.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["CLASS_WORD"]
c.Authenticator.allowed_users = set(SEATS)

c.JupyterHub.template_vars = {
    "announcement_login": "Username には席の番号（例: seat07）、Password にはクラスの合言葉を"
    "入れてください。 / Enter your seat as the username, and the word of the class."
}

# Who came from which address at what time is nobody's business: only trouble is written down.
c.JupyterHub.log_level = "WARN"

# What the hub itself remembers lies beside the seats, and goes with them.
c.JupyterHub.db_url = f"sqlite:///{ROOM / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(ROOM / "jupyterhub_cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(ROOM / "jupyterhub-proxy.pid")
c.ConfigurableHTTPProxy.command = [
    shutil.which(
        "configurable-http-proxy", path=os.environ["PATH"] + f":{ROOM / 'node_modules/.bin'}"
    )
    or "configurable-http-proxy"
]

# ---- the seats --------------------------------------------------------------------------------

# All servers run as the user who started the hub: they are not walled off from each other. That
# is enough for a class whose folders hold exercises only; it is not for personal data.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(ROOM / "seats" / "{username}")
c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
c.Spawner.default_url = "/lab/tree/desk"
c.Spawner.start_timeout = 300  # thirty at once on two cores take their time
c.Spawner.http_timeout = 300


def lay_desk(spawner):
    """Put the class's notebooks on a seat's desk; what is there already is somebody's work."""
    desk = ROOM / "seats" / spawner.user.name / "desk"
    if (ROOM / "desk").is_dir() and not desk.exists():
        shutil.copytree(ROOM / "desk", desk)


c.Spawner.pre_spawn_hook = lay_desk

# ---- enough for everybody ---------------------------------------------------------------------

# A cell that eats memory ends in a MemoryError of its own instead of taking the machine with it.
resource.setrlimit(resource.RLIMIT_DATA, (2 * GIGABYTE, 2 * GIGABYTE))

c.Spawner.environment = {
    # One thread a seat: thirty kernels that each want every core only stand in each other's way.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    # Nobody asks the internet for news, nothing covers the notebook, and all of it can be found.
    "JUPYTERLAB_SETTINGS_DIR": str(ROOM / "settings"),
}
settle(ROOM / "settings")

c.Spawner.args = [
    "--ServerApp.log_level=WARN",
    # A kernel nobody has used for an hour goes; the answers are in a file beside the notebook.
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--MappingKernelManager.cull_interval=300",
    "--MappingKernelManager.cull_connected=True",
    # A seat without a kernel for two hours gives back the rest.
    "--ServerApp.shutdown_no_activity_timeout=7200",
    "--LabApp.extension_manager=readonly",
    # Nobody needs a shell on this machine for a class, nor a search for language servers.
    "--ServerApp.terminals_enabled=False",
    "--LanguageServerManager.autodetect=False",
]
if os.geteuid() == 0:
    if os.environ.get("CLASS_AS_ROOT") != "yes":
        raise SystemExit(
            "Start the hub as an ordinary user made for the class: whoever has a seat can do what"
            " that user can. (In a container of its own: CLASS_AS_ROOT=yes.)"
        )
    c.Spawner.args.append("--allow-root")
