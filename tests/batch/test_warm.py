"""Warm kernels: the same kernel as a cold one, sooner; nothing shared, nothing left behind."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from kit import engine, warm
from kit.warm import protocol

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="a fork server needs Linux"
)


@pytest.fixture(scope="module")
def nursery() -> Iterator[None]:
    with warm.kept() as there:
        assert there
        yield


def notebook(*cells: str) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


def execute(folder: Path, *cells: str, **how: Any) -> nbformat.NotebookNode:
    made = copy.deepcopy(notebook(*cells))
    client = NotebookClient(made, **{"timeout": 60, **how})
    client.execute(cwd=str(folder), env=engine.environment(folder), stderr=subprocess.DEVNULL)
    return made


def said(made: nbformat.NotebookNode, cell: int = 0) -> str:
    return "".join(output.get("text", "") for output in made.cells[cell].outputs)


WARM = "import sys; print('statsmodels.api' in sys.modules)"


def test_a_kernel_comes_from_the_nursery(nursery: None, tmp_path: Path) -> None:
    assert said(execute(tmp_path, WARM)) == "True\n"


@pytest.mark.parametrize(
    "cell",
    [
        "import sys; print('out'); print('err', file=sys.stderr)",
        "import pandas; pandas.DataFrame({'年': [2020], '人': [1.5]})",
        "from IPython.display import display, HTML, update_display\n"
        "h = display(HTML('<b>甲</b>'), display_id='one'); update_display(HTML('乙'), display_id='one')",
        "import sys, os; print(sys.argv[0], __name__, os.getcwd(), sys.path[0] == '', sys.flags)",
        "import os; print(sorted(k for k in os.environ if k.startswith(('PYTHON', 'OMP', 'IPY'))))",
        "import signal; print([str(signal.getsignal(s)).split(' at ')[0] for s in "
        "(signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)])",
        "import sys; print(sorted(vars()) == sorted(globals()), hasattr(sys, 'last_value'))",
        "print(hash('東京'), [*{'a', 'b', 'c'}])",
        "import ipywidgets; ipywidgets.IntSlider(3).value",
        "import multiprocessing, threading; print(multiprocessing.current_process().name, "
        "threading.current_thread() is threading.main_thread())",
    ],
)
def test_it_puts_out_what_a_cold_one_does(
    nursery: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    fromwarm = execute(tmp_path, cell)
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    monkeypatch.setattr(
        KernelProvisionerFactory.instance(), "default_provisioner_name", "local-provisioner"
    )
    cold = execute(tmp_path, WARM, cell)
    assert said(cold) == "False\n"
    assert [dict(o, execution_count=0) for o in fromwarm.cells[0].outputs] == [
        dict(o, execution_count=0) for o in cold.cells[1].outputs
    ]


def test_errors_and_questions_end_as_ever(nursery: None, tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError) as found:
        execute(tmp_path, "1/0")
    assert found.value.ename == "ZeroDivisionError"
    with pytest.raises(CellExecutionError) as found:
        execute(tmp_path, "input()")
    assert found.value.ename == "StdinNotImplementedError"


def test_a_cell_without_end_is_stopped(nursery: None, tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError):
        execute(tmp_path, "while True: pass", timeout=2)


def test_an_interrupted_cell_leaves_the_kernel_alive(nursery: None, tmp_path: Path) -> None:
    made = execute(
        tmp_path,
        "while True: pass",
        "print('on')",
        timeout=2,
        interrupt_on_timeout=True,
        allow_errors=True,
    )
    assert made.cells[0].outputs[-1]["ename"] == "KeyboardInterrupt"
    assert said(made, 1) == "on\n"


def test_a_kernel_that_dies_is_told(nursery: None, tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        execute(tmp_path, "import os; os._exit(3)")
    assert said(execute(tmp_path, WARM)) == "True\n"


def test_no_run_sees_what_another_left(nursery: None, tmp_path: Path) -> None:
    leave = "import pandas, os; pandas.left = 1; os.environ['LEFT'] = '1'; print(1)"
    look = (
        "import pandas, os; print(hasattr(pandas, 'left'), 'LEFT' in os.environ, 'leave' in dir())"
    )
    assert said(execute(tmp_path, leave)) == "1\n"
    assert said(execute(tmp_path, look)) == "False False False\n"


def test_random_numbers_are_each_kernels_own(nursery: None, tmp_path: Path) -> None:
    draw = "import random, numpy; print(random.random(), numpy.random.rand())"
    first, second = said(execute(tmp_path, draw)), said(execute(tmp_path, draw))
    assert set(first.split()).isdisjoint(second.split())


def test_what_a_kernel_started_ends_with_it(nursery: None, tmp_path: Path) -> None:
    cell = "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"
    assert gone(int(said(execute(tmp_path, cell))))


def test_threads_and_drawing_work_in_a_child(nursery: None, tmp_path: Path) -> None:
    cell = (
        "import kit.chart as c, statsmodels.api as sm, numpy as np\n"
        "svg = c.svg(c.bars({'a': ['甲'], 'b': [1]}, category='a', value='b', title='題', source='模'))\n"
        "x = np.arange(200.).reshape(100, 2); x[:, 1] **= 2\n"
        "print(len(svg) > 500, sm.OLS(x[:, 0], sm.add_constant(x[:, 1])).fit().nobs)"
    )
    for _ in range(3):
        assert said(execute(tmp_path, cell)) == "True 100.0\n"


def test_a_kernel_that_needs_other_imports_starts_cold(nursery: None, tmp_path: Path) -> None:
    made = notebook(WARM)
    environment = engine.environment(tmp_path) | {"OMP_NUM_THREADS": "2"}
    NotebookClient(made).execute(env=environment, stderr=subprocess.DEVNULL)
    assert said(made) == "False\n"


def test_nothing_outlives_the_one_who_asked(nursery: None, tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from test_warm import execute\nfrom pathlib import Path\n"
        'execute(Path(sys.argv[1]), \'import os; open("pid", "w").write(str(os.getpid()))\','
        " 'import time; time.sleep(600)')"
    )
    asked = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), str(Path(__file__).parent)]
    )
    pid = tmp_path / "pid"
    assert soon(lambda: pid.is_file() and pid.read_text() != "", 40)
    asked.kill()
    asked.wait()
    assert gone(int(pid.read_text()))


def test_a_nursery_ends_with_its_keeper(tmp_path: Path) -> None:
    code = (
        "from kit import engine, warm\nimport os, sys, time\n"
        "with warm.kept():\n    print(os.environ['KIT_WARM'], flush=True)\n    time.sleep(600)"
    )
    environment = {k: v for k, v in os.environ.items() if k != protocol.SOCKET}
    keeper = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert keeper.stdout and keeper.stdout.readline().strip()
    [nursery] = psutil.Process(keeper.pid).children()
    keeper.kill()
    keeper.wait()
    assert gone(nursery.pid)


def test_it_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(protocol.SOCKET, "off")
    assert warm.reason_for_cold()
    with warm.kept() as there:
        assert not there


def soon(true: Any, seconds: float = 10) -> bool:
    ends = time.monotonic() + seconds
    while not true() and time.monotonic() < ends:
        time.sleep(0.05)
    return bool(true())


def gone(pid: int) -> bool:
    def over() -> bool:
        try:
            return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return soon(over)
