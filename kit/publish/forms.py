"""The forms of a run: which files there are, for whom, and what makes each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kit.language import say
from kit.publish import ruby
from kit.publish.compact import compact

if TYPE_CHECKING:
    from kit.publish.material import Material


@dataclass(frozen=True)
class Form:
    """One file of a run.

    Parameters
    ----------
    file : str
        Its name in the run's folder.
    edition : {"participant", "facilitator"}
        Whom it is for. What is the participant's holds no answer.
    kind : {"notebook", "page", "slides", "pdf"}
        What a batch file asks for under ``forms``.
    maker : str
        ``module:function`` inside ``kit.publish`` (or ``kit``), given the :class:`Material`.
    label : callable
        What a reader calls it, in the current language.
    """

    file: str
    edition: str
    kind: str
    maker: str
    label: Callable[[], str]

    def make(self, material: Material) -> bytes:
        """Return the file's content, in the language in use."""
        module, _, name = self.maker.partition(":")
        made: Any = getattr(import_module(module), name)(material)
        if isinstance(made, bytes):
            return made
        if self.kind not in ("page", "slides"):
            return str(made).encode()
        return ruby.over(compact(str(made)), material.spec.readings).encode()


FORMS = (
    Form("handout.html", "participant", "page", "kit.publish.page:handout", lambda: say("ページ")),
    Form(
        "slides.html", "participant", "slides", "kit.publish.slides:deck", lambda: say("スライド")
    ),
    Form(
        "worksheet.pdf",
        "participant",
        "pdf",
        "kit.publish.pdf:worksheet",
        lambda: say("ワークシート"),
    ),
    Form(
        "worksheet.html",
        "participant",
        "page",
        "kit.publish.worksheet:worksheet",
        lambda: say("書きこめるワークシート"),
    ),
    Form("handout.pdf", "participant", "pdf", "kit.publish.pdf:handout", lambda: say("配布資料")),
    Form(
        "memo-form.pdf", "participant", "pdf", "kit.publish.pdf:memo_form", lambda: say("根拠メモ")
    ),
    Form(
        "certificate.pdf",
        "participant",
        "pdf",
        "kit.publish.pdf:certificate",
        lambda: say("受講証"),
    ),
    Form(
        "participant.ipynb",
        "participant",
        "notebook",
        "kit.edition:participant_file",
        lambda: say("ノートブック"),
    ),
    Form(
        "facilitator.pdf",
        "facilitator",
        "pdf",
        "kit.publish.pdf:facilitator",
        lambda: say("進行役ガイド"),
    ),
    Form("runsheet.pdf", "facilitator", "pdf", "kit.publish.runsheet:sheet", lambda: say("進行表")),
    Form(
        "speaker.html",
        "facilitator",
        "slides",
        "kit.publish.speaker:view",
        lambda: say("スピーカービュー"),
    ),
    Form(
        "facilitator.html",
        "facilitator",
        "page",
        "kit.publish.page:facilitator",
        lambda: say("ページ"),
    ),
    Form(
        "facilitator.ipynb",
        "facilitator",
        "notebook",
        "kit.edition:facilitator_file",
        lambda: say("ノートブック（解答つき）"),
    ),
)


def asked(editions: tuple[str, ...], kinds: tuple[str, ...]) -> Iterator[Form]:
    """Yield the forms that a run asks for.

    Examples
    --------
    >>> [form.file for form in asked(("participant",), ("page", "slides"))]
    ['handout.html', 'slides.html', 'worksheet.html']
    """
    yield from (form for form in FORMS if form.edition in editions and form.kind in kinds)
