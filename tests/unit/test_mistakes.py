"""What a participant is told about a mistake: cells run in a shell of this process, without a kernel."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from kit import course, errors, language, progress, room
from kit.room import card

HOSTILE = "<img src=x onerror=alert(1)>"


class Shell:
    """A shell as a kernel has it, and what it has shown."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.xmode = "Plain"  # quicker; the record is only passed on
        self.ip = InteractiveShell(config=config)
        self.ip.display_pub = self.published = CapturingDisplayPublisher(parent=self.ip)
        self.errors: list[tuple[str, str, list[str]]] = []
        self.ip._showtraceback = lambda kind, error, record: self.errors.append(
            (kind.__name__, str(error), record)
        )
        room.load_ipython_extension(self.ip)
        self.at_first = set(self.ip.user_ns)

    def run(self, code: str) -> str:
        """Run a cell that fails and return what is told about it, as text."""
        return self.shown(code).get("text/plain", "")

    def html(self, code: str) -> str:
        return self.shown(code).get("text/html", "")

    def shown(self, code: str) -> dict[str, str]:
        self.published.outputs.clear()
        result = self.ip.run_cell(code)
        assert not result.success, "the cell counts as failed"
        return dict(self.published.outputs[-1]["data"]) if self.published.outputs else {}


@pytest.fixture(scope="module")
def one_shell() -> Shell:
    return Shell()


@pytest.fixture
def shell(one_shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell that nothing has been run in, with somebody in front of it, in no notebook."""
    monkeypatch.setenv(progress.SWITCH, "on")
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    monkeypatch.setattr(room._Held, "workshop", None)
    monkeypatch.setattr(room._Held, "reader_told", False)
    monkeypatch.setattr(room._Held, "language", "ja")
    for name in set(one_shell.ip.user_ns) - one_shell.at_first:
        del one_shell.ip.user_ns[name]
    one_shell.errors.clear()
    yield one_shell


def notebook(*parts: tuple[str, str] | str, **about: str) -> str:
    """Return a notebook: headings as text, code as pairs of id and source."""
    made: list[dict[str, Any]] = []
    for number, part in enumerate(parts):
        id, source = part if isinstance(part, tuple) else (f"text-{number}", part)
        kind = "code" if isinstance(part, tuple) else "markdown"
        made.append({"id": id, "cell_type": kind, "source": source, "metadata": {}})
    return json.dumps({"cells": made, "metadata": {"kit": about}})


@pytest.fixture
def in_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that puts the shell into a notebook, as Jupyter's server tells it."""

    def enter(*parts: tuple[str, str] | str, here: str = "", **about: str) -> Path:
        path = tmp_path / "mine.ipynb"
        path.write_text(notebook(*parts, **about), encoding="utf-8")
        monkeypatch.setenv("JPY_SESSION_NAME", str(path))
        monkeypatch.setattr(progress, "cell_here", lambda: here)
        return path

    return enter


# --- names ----------------------------------------------------------------------------------------

CLASS = (
    "# 題",
    ("set-up", "import pandas as pd\nlesson = 1"),
    "## 4. 差を測る\n\n### 差を手で計算する",
    ("the-difference", "difference = ..."),
    "### **どれくらい**確かか",
    ("result", "result = difference + 1"),
    ("show", "result"),
    "## おわりに",
    ("last", "memo = result"),
)


def test_a_cell_run_before_its_turn_is_told_which_cell_comes_first(
    shell: Shell, in_notebook: Callable[..., Path]
) -> None:
    in_notebook(*CLASS, here="show")
    shell.ip.run_cell("lesson = 1")
    told = shell.run("result")
    assert "「result」は、4 章「差を測る」の「どれくらい確かか」のセルで作られます。" in told
    assert "Run All Above Selected Cell" in told


def test_a_name_made_further_down_is_told_so(
    shell: Shell, in_notebook: Callable[..., Path]
) -> None:
    in_notebook(*CLASS, here="show")
    shell.ip.run_cell("lesson = 1")
    told = shell.run("memo")
    assert "ここより下の、「おわりに」のセル" in told and "Run All Above" not in told


def test_a_name_used_above_the_line_that_makes_it(
    shell: Shell, in_notebook: Callable[..., Path]
) -> None:
    in_notebook(*CLASS, here="result")
    shell.ip.run_cell("lesson = 1")
    assert "作る行より上" in shell.run("print(result)\nresult = 1")


@pytest.mark.parametrize("name", ["lesson", "pd", "result"])
def test_a_new_kernel_is_recognised(
    shell: Shell, in_notebook: Callable[..., Path], name: str
) -> None:
    in_notebook(*CLASS, here="last")
    told = shell.run(f"{name}.anything")
    assert "カーネル" in told and "残っています" in told and "Run All Above" in told


def test_a_deleted_cell_is_told_from_the_workshops_own_notebook(
    shell: Shell, in_notebook: Callable[..., Path]
) -> None:
    in_notebook(*CLASS[:2], workshop="rct-letters", language="ja")
    shell.ip.run_cell("lesson = 1")
    told = shell.run("adjusted")
    assert (
        "「adjusted」を作るセル（5 章「区間をせばめる」）が、このノートブックにありません" in told
    )
    assert "Undo" in told and "kit open" in told


def test_the_place_of_a_deleted_cell_is_told_in_the_readers_language(
    shell: Shell, in_notebook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_notebook(*CLASS[:2])
    room.welcome(course.workshop("rct-letters"), "en")
    shell.ip.run_cell("lesson = 1")
    told = shell.run("adjusted")
    assert "narrower" in told and "区間" not in told


@pytest.mark.parametrize(
    ("typed", "meant"), [("differnce", "difference"), ("Result", "result"), ("true", "True")]
)
def test_a_slip_of_the_pen_is_recognised(
    shell: Shell, in_notebook: Callable[..., Path], typed: str, meant: str
) -> None:
    in_notebook(*CLASS)
    shell.ip.run_cell("lesson = 1; difference = 0.1")
    assert f"{meant} のことですか" in shell.run(f"x = {typed}")


def test_text_without_quotes_is_recognised(shell: Shell) -> None:
    assert '"健康推進課" と書きます' in shell.run("team = 健康推進課")


def test_a_name_nobody_knows_is_not_guessed(shell: Shell) -> None:
    told = shell.run("qqqzzz")
    assert "「qqqzzz」という名前は、まだありません" in told and "ことですか" not in told


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', '{"cells": [{"id": "a"}]}'])
def test_a_damaged_notebook_is_no_reason_to_say_nothing(
    shell: Shell, in_notebook: Callable[..., Path], content: str
) -> None:
    in_notebook().write_text(content, encoding="utf-8")
    assert "まだありません" in shell.run("qqqzzz")


def test_a_misspelt_method_of_a_table_is_recognised(shell: Shell) -> None:
    shell.ip.run_cell("import pandas as pd\ntable = pd.DataFrame({'a': [1]})")
    assert "groupby のことですか" in shell.run("table.groupbyy('a')")
    assert "思わぬ" in shell.run("table.zzzzqqq()")


# --- writing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x = １", "１ → 1"),
        ("print(「はい」)", '「 → "'),
        ("x = 1　+ 2", "全角の空白 → 半角の空白"),
        ("print(“a”)", '“ → "'),
        ("print('a'，'b')", "， → ,"),
        ("print（1)", "（ → ("),
        ("x = 3 × 4", "× → *"),
        ('print("全角、の”)', '” → "'),
        ("x = [1, 2", "「[」が閉じられていません"),
        ("print((1)\ny = 2", "「(」が閉じられていません"),
        ("x = (1]", "「(」を「]」で閉じています"),
        ("x = 1)", "「)」が 1 つ多い"),
        ("x = 'abc", "閉じられていません"),
        ("x = '''abc", '"""'),
        ("if True\n    x = 1", "「:」がぬけています"),
        ("x = [1 2]", "「,」か、計算の記号"),
        ("if x = 1:\n    pass", "= ではなく =="),
        ("0.05 = worthwhile", "= の左に書けるのは、名前だけ"),
        ("f(1) = 2", "= の左に書けるのは、名前だけ"),
        ("for i in [1]:\nprint(i)", "右に下げて"),
        ("x = 1\n  y = 2", "そろっていません"),
        ("if True:\n    x = 1\n  y = 2", "そろっていません"),
        ("x = 30%", "「%」は付けられません"),
        ("x = 4,050 人", "「,」は書けません"),
        ("x = 12通", "文字が続いています"),
        ("x = = 2", "文として読めません"),
    ],
)
def test_code_that_cannot_be_read(shell: Shell, code: str, told: str) -> None:
    assert told in shell.run(code)
    assert shell.errors[-1][0] in ("SyntaxError", "IndentationError")


def test_full_width_text_inside_quotes_is_no_mistake(shell: Shell) -> None:
    told = shell.run('x = ["全角、（です）" "次" 1 = 2]')
    assert "全角の文字" not in told


def test_the_line_is_shown(shell: Shell) -> None:
    assert "2 行目:" in shell.html("a = 1\nb = １") and "b = １" in shell.html("a = 1\nb = １")


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "difference + 1",
        "round(difference)",
        "f'{difference:.2f}'",
        "difference.mean()",
        "difference[0]",
    ],
)
def test_a_stub_that_is_used_is_not_a_mistake_but_not_written_yet(
    shell: Shell, in_notebook: Callable[..., Path], code: str
) -> None:
    in_notebook(*CLASS, here="show")
    shell.ip.run_cell("lesson = 1; difference = ...")
    told = shell.run(code)
    assert "「difference」は「...」のままで、まだ書かれていません" in told
    assert "4 章「差を測る」の「差を手で計算する」のセルにある difference = ..." in told


def test_a_bare_stub(shell: Shell) -> None:
    assert "まだ書かれていません" in shell.run("1 + ...")


def test_a_column_that_is_not_there_names_those_that_are(shell: Shell) -> None:
    shell.ip.run_cell(
        "import pandas as pd\ndata = pd.DataFrame({'attended': [1], 'letter': [0], 3: [1]})"
    )
    for code in ("data['atended']", "data.groupby('letter')\ndata.loc[:, 'atended']"):
        told = shell.run(code)
        assert "data に「atended」という列はありません" in told
        assert "「attended」のことですか" in told and '"letter", "3"' in told


def test_many_columns_are_not_all_named(shell: Shell) -> None:
    shell.ip.run_cell(
        "import pandas as pd\nwide = pd.DataFrame(0, [0], [f'c{i}' for i in range(99)])"
    )
    assert '"c11" …' in shell.run("wide['zz']")


def test_a_key_of_a_dictionary(shell: Shell) -> None:
    shell.ip.run_cell("truth = {'ate': 0.04}")
    told = shell.run("truth['ATE']")
    assert "「ate」のことですか" in told
    assert "思わぬ" in shell.run("{}[3]")


@pytest.mark.filterwarnings("ignore:.*perhaps you missed a comma:SyntaxWarning")
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("'5' + 1", "文字と数は"),
        ("1 + '5'", "文字と数は"),
        ("'5' < 1", "文字と数は"),
        ("sum(['1', '2'])", "文字と数は"),
        ("2 (3 + 4)", "かけ算の * がぬけていませんか"),
        ("float('1,000')", "「1,000」は、数として読めません"),
        ("int('３０％')", "「３０％」は、数として読めません"),
        ("(lambda x: x)()", "渡すものが"),
        ("n = 0\n3 / n", "n が 0 です"),
        ("3 / (1 - 1)", "0 で割ろうとしました"),
        ("open('artefacts/memo.md')", "保存のセルを実行すると"),
        ("open('nowhere/memo.md')", "「memo.md」が見つかりません"),
        ("import pandass", "pandas のことですか"),
        ("import nosuchpart", "進行役に声をかけて"),
        ("raise KeyboardInterrupt", "計算を途中で止めました"),
        ("raise MemoryError", "メモリーが足りなく"),
        ("raise PermissionError(13, 'no', 'artefacts/memo.csv')", "Excel"),
        ("raise RuntimeError('boo')", "あなたのせいとは限りません"),
        ("assert False", "あなたのせいとは限りません"),
        ("import kit\nkit.language.known('xx')", "言語「xx」はありません"),
    ],
)
def test_each_mistake_has_its_own_sentence_and_a_next_step(
    shell: Shell, code: str, told: str
) -> None:
    text = shell.run(code)
    assert told in text and "\n→ " in text
    assert "KeyError" not in text and "Traceback" not in text


def test_a_file_with_a_name_nearly_the_same(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "counter.csv").write_text("")
    assert "「counter.csv」のことですか" in shell.run("open('countr.csv')")


def test_a_kit_error_keeps_its_own_words_and_has_no_record(shell: Shell) -> None:
    shell.ip.user_ns["error"] = errors.ParameterError(
        "数が大きすぎます。", where="letters", hint="4000"
    )
    told = shell.html("raise error")
    assert "数が大きすぎます。" in told and "場所: letters" in told and "<li>4000</li>" in told
    assert "<details" not in told
    several = errors.Problems(
        "直すところがあります。", [errors.KitError("一つ"), errors.KitError("二つ")]
    )
    shell.ip.user_ns["error"] = several
    assert "一つ" in shell.html("raise error") and "二つ" in shell.html("raise error")


def test_an_error_inside_a_librarys_code_is_not_blamed_on_a_name(shell: Shell) -> None:
    shell.ip.user_ns["broken"] = eval("lambda: nosuchname", {})
    assert "思わぬエラー" in shell.run("broken()")


# --- how it is shown ------------------------------------------------------------------------------


def test_the_traceback_is_folded_and_one_quiet_line_is_left(shell: Shell) -> None:
    told = shell.html("1 / 0")
    assert told.index("<details") < told.index("Traceback") and "\x1b" not in told
    assert 'role="status"' in told and 'lang="ja"' in told
    assert shell.errors[-1] == (
        "ZeroDivisionError",
        "division by zero",
        ["ZeroDivisionError: division by zero"],
    )


@pytest.mark.parametrize(
    "code",
    [
        f"raise RuntimeError('{HOSTILE}')",
        f"open('{HOSTILE}')",
        f"{{'a': 1}}['{HOSTILE}']",
        f"table['{HOSTILE}']",
        f"float('{HOSTILE}')",
        f"raise errors.KitError('{HOSTILE}', where='{HOSTILE}', hint='{HOSTILE}')",
        f"x = １ # {HOSTILE}</script>",
        f"raise ModuleNotFoundError(name='{HOSTILE}')",
        f"raise RuntimeError('{'あ' * 10_000}😀')",
    ],
)
def test_hostile_text_stays_text(shell: Shell, code: str) -> None:
    shell.ip.user_ns["errors"] = errors
    shell.ip.run_cell(f"import pandas as pd\ntable = pd.DataFrame({{'{HOSTILE}x': [1]}})")
    told = shell.html(code)
    assert told.startswith("<div") and "<img" not in told and "</script" not in told
    assert len(told) < 40_000


def test_in_english(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room._Held, "language", "en")
    told = shell.html("1 / 0")
    assert 'lang="en"' in told and not any("ぁ" <= letter <= "ん" for letter in told)
    assert language.current() == "ja", "what was spoken before is spoken again"


def test_before_a_lesson_the_notebook_says_the_language(
    shell: Shell, in_notebook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room._Held, "language", "")
    in_notebook(*CLASS, language="en")
    assert 'lang="en"' in shell.html("1 / 0")
    in_notebook(*CLASS, language="xx")
    monkeypatch.setenv("KIT_LANG", "ja")
    assert 'lang="ja"' in shell.html("1 / 0")


def test_nobody_there_reads_ipythons_own_traceback(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(progress.SWITCH)
    assert shell.shown("1 / 0") == {}
    assert len(shell.errors[-1][2]) > 1 and "Traceback" in "".join(shell.errors[-1][2])


def test_a_fault_of_our_own_leaves_ipythons_traceback(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("ours")

    monkeypatch.setattr(card, "html", broken)
    assert shell.shown("1 / 0") == {}
    assert shell.errors[-1][0] == "ZeroDivisionError" and len(shell.errors[-1][2]) > 1


def test_a_reader_without_code_is_told_no_name_of_an_error(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    monkeypatch.delenv(progress.SWITCH)
    told = shell.html("1 / 0")
    assert "読み込みなおして" in told and "<details" not in told and "Zero" not in told
    assert "セル" not in told and "1 / 0" not in told
    assert shell.shown("nosuchname") == {}, "one fault is told once"


def test_loaded_twice_it_tells_once_and_can_be_unloaded(shell: Shell) -> None:
    ours = shell.ip._showtraceback
    room.load_ipython_extension(shell.ip)
    assert shell.ip._showtraceback is ours
    room.unload_ipython_extension(shell.ip)
    assert shell.shown("1 / 0") == {}
    room.load_ipython_extension(shell.ip)
    assert shell.run("1 / 0")


def test_a_lesson_welcomes_also_without_a_shell() -> None:
    room.welcome(course.workshop("rct-letters"), "ja")
    assert room._Held.workshop is not None and room._Held.workshop.id == "rct-letters"
