"""What to tell about any mistake at all: what happened, in one sentence, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kit.errors import KitError
from kit.language import say
from kit.room import names, values, writing
from kit.room.mistakes import Advice, Mistake, nearest


def advise(mistake: Mistake) -> Advice:
    """Return what to tell the person who met `mistake`; there is something for everything.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     advise(Mistake(ZeroDivisionError("division by zero"))).said
    '0 で割ろうとしました。'
    """
    for kind, answer in _ANSWERS:
        if isinstance(mistake.error, kind):
            found = answer(mistake)
            if found:
                return found
    return unexpected()


def unexpected() -> Advice:
    """Return what to say when nobody foresaw the error."""
    return Advice(
        say("思わぬエラーが起きました。あなたのせいとは限りません。"),
        (
            say("まず、このセルをもう一度実行してみてください。"),
            say(
                "同じことが起きたら、下の「くわしい記録」を開いて、進行役に見せてください。"
                "ほかのセルは、先に進められます。"
            ),
        ),
        "fault",
    )


def _file(mistake: Mistake) -> Advice | None:
    name = str(getattr(mistake.error, "filename", None) or "")
    if not name:
        return None
    path = Path(name)
    said = say("ファイル「{name}」が見つかりません。", name=path.name)
    if "artefacts" in path.parts:
        step = say(
            "artefacts の中のファイルは、保存のセルを実行するとできます。先にそのセルを実行してください。"
        )
        return Advice(said, (step,))
    steps = [say("名前のつづりと、ノートブックと同じフォルダーにあることを確かめてください。")]
    try:
        like = nearest(path.name, [one.name for one in path.parent.iterdir()])
    except OSError:
        like = None
    if like:
        steps.insert(0, say("「{name}」のことですか。", name=like))
    return Advice(said, tuple(steps))


def _refused(mistake: Mistake) -> Advice | None:
    name = str(getattr(mistake.error, "filename", None) or "")
    if not name:
        return None
    return Advice(
        say("ファイル「{name}」に書けません。", name=Path(name).name),
        (say("Excel などで開いたままなら、閉じてから、もう一度実行してください。"),),
    )


def _module(mistake: Mistake) -> Advice:
    name = str(getattr(mistake.error, "name", None) or mistake.error)
    here = ["kit", "pandas", "altair", "numpy", "scipy", "statsmodels", "math", "random"]
    like = nearest(name, here)
    steps = [say("{like} のことですか。", like=like)] if like else []
    steps.append(
        say(
            "つづりが合っていれば、この教室に入っていない部品です。"
            "ネットワークのない教室では自分で入れられないので、進行役に声をかけてください。"
        )
    )
    return Advice(say("「{name}」という部品が見つかりません。", name=name), tuple(steps))


def _stopped(_: Mistake) -> Advice:
    return Advice(
        say("計算を途中で止めました。"),
        (say("このセルをもう一度実行すると、はじめから計算します。ほかの結果は残っています。"),),
    )


def _memory(_: Mistake) -> Advice:
    return Advice(
        say("メモリーが足りなくなりました。"),
        (
            say("人数などの数を小さくして、もう一度実行してください。"),
            say(
                "なおらなければ、メニューの「Kernel」→「Restart Kernel…」のあと、はじめから実行します。"
                "選んだ答えや書いた文は残っています。"
            ),
        ),
    )


def _told(mistake: Mistake) -> Advice:
    error = mistake.error
    assert isinstance(error, KitError)
    message, where, hint = str(error.message), error.where, error.hint
    if type(error).__str__ is not KitError.__str__:
        message, where, hint = str(error), None, None  # several mistakes, told together
    steps = [say("場所: {where}", where=where)] if where else []
    return Advice(message, (*steps, hint) if hint else tuple(steps))


_ANSWERS: list[tuple[type[BaseException], Callable[[Mistake], Advice | None]]] = [
    (KitError, _told),
    (SyntaxError, writing.unreadable),
    (NameError, names.missing),
    (AttributeError, values.blank),
    (AttributeError, names.attribute),
    (TypeError, values.kind),
    (ValueError, values.number),
    (ZeroDivisionError, values.zero),
    (KeyError, values.key),
    (ModuleNotFoundError, _module),
    (FileNotFoundError, _file),
    (PermissionError, _refused),
    (KeyboardInterrupt, _stopped),
    (MemoryError, _memory),
]
