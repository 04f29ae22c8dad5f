"""A canvas for a logic model: boxes in five columns, arrows with reasons, a picture below."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from html import escape
from typing import Any

from kit.ask.draft import Draft
from kit.design import logic
from kit.language import say
from kit.progress import Progress


class LogicModel(Draft):
    """Boxes to write, move and join; what is worth another thought and a picture stand below.

    Parameters
    ----------
    id : str
        Under which it is kept.
    progress : kit.progress.Progress
        Where it is kept.
    title : str
        What the model is about.
    start : kit.design.LogicModel or mapping, optional
        What stands there at first: an example to be rewritten, or a beginning.
    read_only : bool
        Show what is kept under `id`, or `start`, without a way to change it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     canvas = LogicModel("m", progress=Progress("w", Path(folder)))
    >>> canvas.set(logic.LogicModel.sketch(outcomes=["予約できる人がふえる"]))
    >>> [box.text for box in canvas.model.of("outcomes")]
    ['予約できる人がふえる']
    """

    def __init__(
        self,
        id: str,
        *,
        progress: Progress,
        title: str = "",
        start: logic.LogicModel | Mapping[str, Any] | None = None,
        read_only: bool = False,
    ) -> None:
        begun = start if isinstance(start, logic.LogicModel) else logic.LogicModel.read(start)
        self.model = dataclasses.replace(begun, title=title or begun.title)
        self.read_only = read_only
        self._drawn: tuple[logic.LogicModel, str] | None = None
        self._open("logic_model", id, words=_words(self.model.title), progress=progress)

    def problems(self) -> list[str]:
        """Return what is worth another thought: see :meth:`kit.design.LogicModel.problems`."""
        return self.model.problems()

    def picture(self) -> Any:
        """Draw the model as it is now."""
        return self.model.picture()

    def markdown(self) -> str:
        """Return the model as it is now as Markdown, for a memo."""
        return self.model.markdown()

    def set(self, model: logic.LogicModel) -> None:
        """Put `model` on the canvas, as somebody would draw it."""
        self.put(model.plain())

    # --- draft --------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any]:
        return self.model.plain()

    def take(self, draft: object) -> None:
        self.model = dataclasses.replace(logic.LogicModel.read(draft), title=self.model.title)

    def shown(self) -> dict[str, Any]:
        return {"problems": self.problems(), "picture": self._svg()}

    def _svg(self) -> str:
        from kit.chart import svg

        if self._drawn is None or self._drawn[0] != self.model:
            self._drawn = (self.model, svg(self.picture()))
        return self._drawn[1]

    # --- on paper -----------------------------------------------------------------------------

    def static(self) -> str:
        from kit.table import html_table

        titles = (say("箱"), say("矢印と、そう言える理由"))
        tables = "".join(
            html_table(frame, caption=caption)._repr_html_()
            for frame, caption in zip(self.model.tables(), titles, strict=True)
            if len(frame)
        )
        if not self.model.boxes:
            meanings = "".join(
                f"<li><strong>{escape(name)}</strong>: {escape(meaning)}</li>"
                for name, meaning in logic.columns().values()
            )
            tables = f"<ul>{meanings}</ul>"
        note = say("ノートブックでは、箱を足したり、矢印を引いたりできます。")
        shown = "" if self.read_only else f'<p class="kit-note">{escape(note)}</p>'
        return (
            f'<div class="kit-logic-model" style="margin:1em 0">{self._svg()}{tables}{shown}</div>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if self.read_only:
            return {"text/html": self.static(), "text/plain": repr(self)}
        return super()._repr_mimebundle_(include, exclude)

    def __repr__(self) -> str:
        lines = [self.model.title] if self.model.title else []
        for column, (name, _) in logic.columns().items():
            texts = ", ".join(" ".join(box.text.split()) for box in self.model.of(column))
            lines.append(f"{name}: {texts or '—'}")
        return "\n".join(lines)


def _words(title: str) -> dict[str, Any]:
    return {
        "title": title or say("ロジックモデル"),
        "help": say(
            "箱を押すと、書きなおせます。箱の中で、続く先への矢印も引けます。書いたものは、そのつど残ります。"
        ),
        "columns": [[key, name, meaning] for key, (name, meaning) in logic.columns().items()],
        "limits": {
            "text": logic.TEXT_LIMIT,
            "reason": logic.REASON_LIMIT,
            "boxes": logic.BOX_LIMIT,
            "arrows": logic.ARROW_LIMIT,
        },
        "add": say("＋ 箱を足す"),
        "add_to": say("「{column}」に箱を足す"),
        "added": say("「{column}」に箱を足しました。言葉を入れてください。"),
        "full": say("これ以上は足せません。いらないものを消してください。"),
        "blank": say("（まだ言葉がありません）"),
        "measured": say("指標：{indicator}"),
        "editing": say("「{name}」を書きなおす"),
        "text": say("箱の内容"),
        "indicator": say("指標（何で測るか）"),
        "source": say("データの出どころ"),
        "column": say("列"),
        "placed": say("「{name}」を「{column}」に移しました。"),
        "arrows": say("ここから続く先"),
        "reason": say("「{name}」へ続くと言える理由"),
        "target": say("続く先の箱"),
        "no_target": say("ほかに箱がありません。先の列に箱を足すと、矢印を引けます。"),
        "draw": say("矢印を引く"),
        "drawn": say("「{name}」への矢印を引きました。そう言える理由を書いてください。"),
        "erase": say("「{name}」への矢印を消す"),
        "erased": say("「{name}」への矢印を消しました。"),
        "delete": say("この箱を消す"),
        "deleted": say("「{name}」と、その矢印を消しました。"),
        "close": say("閉じる"),
        "restart": say("はじめの形に戻す"),
        "restarted": say("はじめの形に戻しました。"),
        "looks": say("もう一度考えたいところ（{count}）"),
        "fine": say(
            "機械に見える範囲では、気になるところはありません。理由がほんとうかどうかは、となりの人と確かめてください。"
        ),
        "picture": say("ロジックモデルの図"),
    }
