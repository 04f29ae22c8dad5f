"""A workshop as a page without code: what Voilà asks for before it draws a notebook.

Voilà reads ``voila.py`` (see :mod:`kit.room.furnishing`), which names :func:`prepare`. The page itself
is ``templates/app``.
"""

from __future__ import annotations

from typing import Any

from kit.language import from_environment, is_known, say, using

NOT_HERE = frozenset(("no-app", "facilitator", "solution", "slides"))


def prepare(handler: Any, notebook: Any, cwd: str) -> Any:
    """Return `notebook` with the words of the page around it, in its own language.

    Cells tagged ``no-app``, which speak of code that is not on the page, are left out.

    Parameters
    ----------
    handler : tornado.web.RequestHandler
        Of the request.
    notebook : nbformat.NotebookNode
        As it lies on disk.
    cwd : str
        Its folder.
    """
    about = notebook.metadata.get("kit", {})
    language = about.get("language") if isinstance(about, dict) else None
    if not is_known(language):
        language = from_environment()
    notebook.cells = [
        cell for cell in notebook.cells if not NOT_HERE & set(cell.metadata.get("tags", ()))
    ]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []  # what was shown another day
    # Whoever leaves asks for the kernel to be ended; without this Voilà's server refuses, and every
    # visit leaves one behind. Asking the handler for it also sets the cookie it is compared with.
    token = getattr(handler, "xsrf_token", b"")
    with using(language):
        notebook.metadata["kit_app"] = {
            "language": language,
            "words": words(),
            "xsrf": token.decode() if isinstance(token, bytes) else str(token),
        }
    return notebook


def words() -> dict[str, str]:
    """Return what the page says around the notebook, in the current language.

    Examples
    --------
    >>> with using("ja"):
    ...     words()["reload"]
    '読み込みなおす'
    """
    return {
        "skip": say("本文へ"),
        "preparing": say("準備しています。"),
        "readable": say("文章は、もう読めます。図や質問は、これから順に出ます。"),
        "making": say("図や質問を準備しています（{done}／{total}）。"),
        "ready": say("準備ができました。"),
        "broken": say(
            "このページの一部を表示できませんでした。読み込みなおしてください。"
            "同じことが起きたら、進行役に知らせてください。"
        ),
        "lost": say(
            "しばらく使わなかったので、接続が切れました。読み込みなおすと、続きから始められます。"
        ),
        "reload": say("読み込みなおす"),
        "scripts": say("このページを使うには、ブラウザーの JavaScript をオンにしてください。"),
    }
