"""What a kernel and an app need to find beside them: written into files that Jupyter reads itself."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from kit.files import write_whole
from kit.house import home

TEMPLATE = "kit"  # the name Voilà knows our page by

LAB_SETTINGS = {
    # A news pop-up asks the internet, and covers the notebook.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # Cells that are drawn only when they come into view leave a white screen after "Run All Cells",
    # and neither the browser's search nor a screen reader finds them.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none", "scrollPastEnd": False},
}
_KERNEL = {"InteractiveShellApp": {"extra_extensions": ["kit.room"]}}
# Python, because a hook cannot be named in JSON.
_APP = f"""from kit.room.app import prepare

c.VoilaConfiguration.template = "{TEMPLATE}"
c.VoilaConfiguration.prelaunch_hook = prepare
# The text can be read while the cells run, and what they show comes one after the other.
c.VoilaConfiguration.progressive_rendering = True
c.VoilaConfiguration.strip_sources = True
c.VoilaConfiguration.show_tracebacks = False
# What a participant has made may be fetched; notebooks, code and progress may not.
c.VoilaConfiguration.file_allowlist = [
    r".*\\.(png|jpg|gif|svg)",
    r"(.*/)?artefacts/[^/]+\\.(html|md|pdf|csv|json|png|svg)",
]
# Notebook's own extension cannot be loaded there, and complains.
c.VoilaConfiguration.extension_denylist = ["@jupyter-notebook/lab-extension"]
"""


def furnish(prefix: Path | None = None) -> list[Path]:
    """Make every kernel and every Voilà below `prefix` ours.

    Kernels load :mod:`kit.room` when they start, so that a mistake made before the first cell has
    run is met too. Voilà, alone or inside a Jupyter server at ``/voila/render/<path>``, draws
    notebooks with ``templates/app``. Nothing else of Jupyter or IPython is changed, and what
    people keep in their own profiles still holds.

    Parameters
    ----------
    prefix : pathlib.Path, optional
        A Python environment; by default the one that runs.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    OSError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as prefix:
    ...     [path.relative_to(prefix).as_posix() for path in furnish(Path(prefix))]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['etc/ipython/ipython_kernel_config.json', 'etc/jupyter/voila.py',
     'share/jupyter/voila/templates/kit']
    """
    prefix = prefix or Path(sys.prefix)
    template = prefix / "share" / "jupyter" / "voila" / "templates" / TEMPLATE
    shutil.rmtree(template, ignore_errors=True)
    shutil.copytree(app_data() / "voila" / "templates" / TEMPLATE, template)
    return [
        _write(prefix / "etc" / "ipython" / "ipython_kernel_config.json", _KERNEL),
        _write(prefix / "etc" / "jupyter" / "voila.py", _APP),
        template,
    ]


def surround(folder: Path) -> dict[str, str]:
    """Make the same hold for one Jupyter that is started with these variables, and nowhere else.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files may lie.

    Returns
    -------
    dict of str to str
        What to add to the environment.

    Raises
    ------
    OSError
        If the files cannot be written.
    """
    _write(folder / "ipython" / "profile_default" / "ipython_kernel_config.json", _KERNEL)
    _write(folder / "jupyter" / "voila.py", _APP)
    settle(folder / "lab")
    return {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "lab"),
        "JUPYTER_PATH": _before("JUPYTER_PATH", app_data()),
        "JUPYTER_CONFIG_PATH": _before("JUPYTER_CONFIG_PATH", folder / "jupyter"),
    }


def settle(folder: Path) -> None:
    """Write what JupyterLab is to start with into `folder`, its ``JUPYTERLAB_SETTINGS_DIR``."""
    for plugin, settings in LAB_SETTINGS.items():
        package, _, name = plugin.partition(":")
        _write(folder / package / f"{name}.jupyterlab-settings", settings)


def app_data() -> Path:
    """Return the folder that is to Jupyter one more ``share/jupyter``."""
    return home() / "templates" / "app"


def _before(variable: str, folder: Path) -> str:
    """Return a search path with `folder` before what the machine's own setting names."""
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get(variable)])])


def _write(path: Path, content: object) -> Path:
    text = content if isinstance(content, str) else json.dumps(content, indent=2) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)
    return path
