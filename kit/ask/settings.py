"""A panel of the workshop's own parameters: another town, fewer letters, one's own office."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from kit import places
from kit.ask import controls
from kit.errors import KitError, Problems
from kit.language import say, spaced
from kit.progress import in_the_app
from kit.spec import TEXT_LIMIT, Parameter

if TYPE_CHECKING:
    from kit.lessons import Lesson

DRAFT = "parameters"  # under which what was chosen is kept
_WIDE = 200_000  # a wider range is typed, not slid over
_STEPS = 100  # about as many steps has a slider


class Controls:
    """Fields for the parameters of a lesson; what is chosen holds for the cells below.

    Parameters
    ----------
    lesson : kit.lessons.Lesson
        Whose parameters they are.
    names : sequence of str
        Which of them; all if there are none.

    Notes
    -----
    What a person chooses is checked by the workshop's own rules. Until all of it will do together
    (a village has fewer people to write to) nothing changes, and the sentence of each mistake
    stands beside its field. Then :meth:`kit.lessons.Lesson.set` is told, and it is kept: when the
    cell is run again after a restart, it holds again. While nobody is there, nothing is applied.

    Raises
    ------
    ParameterError
        If the workshop has no such parameter.

    Examples
    --------
    >>> import kit
    >>> lesson = kit.lesson("rct-letters")
    >>> panel = Controls(lesson, ["municipality", "letters"])
    >>> panel.choose(letters=2000)
    >>> lesson.letters
    2000
    >>> panel.choose(municipality="檜原村")
    >>> lesson.municipality.name_ja, list(panel.troubles)
    ('八王子市', ['letters'])
    """

    def __init__(self, lesson: Lesson, names: Iterable[str] = ()) -> None:
        from kit.ask.live import Live

        self.lesson = lesson
        every = lesson.workshop.localised(lesson.language).parameter
        chosen = [lesson.workshop.parameter(name).name for name in names]
        self._shown = [p for p in every if p.name in chosen or not chosen]
        self._every = {parameter.name: parameter for parameter in every}
        self._dropped = self._again() if lesson.progress.writes else []
        self._at_first = dict(lesson.parameters)
        self._draft = dict(lesson.parameters)
        self.troubles: dict[str, str] = {}
        self._live = Live(
            "settings",
            state=self._state(),
            words=_words(),
            on=self._on,
            progress=lesson.progress,
            parts=("fields",),
        )

    def choose(self, **values: Any) -> None:
        """Choose values, as a person would: those of this panel only."""
        allowed = {parameter.name for parameter in self._shown}
        touched = {name: value for name, value in values.items() if name in allowed}
        if not touched:
            return
        self._draft.update(touched)
        self.troubles = self._wrong(self._draft, next(reversed(touched)))
        if not self.troubles:
            self.lesson.set(**self._draft)
            self._draft = dict(self.lesson.parameters)
            self._keep()
        self._live.redraw(**self._state())

    def reset(self) -> None:
        """Go back to the values the class was opened with."""
        self.choose(**{p.name: self.lesson.given[p.name] for p in self._shown})

    def _on(self, message: Mapping[str, Any]) -> None:
        if message["kind"] == "reset":
            self.reset()
        name = message.get("name")
        if message["kind"] == "set" and isinstance(name, str) and name in self._every:
            value = _heard(self._every[name], message.get("value"))
            if value is not None:
                self.choose(**{name: value})

    def _wrong(self, values: Mapping[str, Any], touched: str) -> dict[str, str]:
        """Return what is wrong with `values`, by the field to say it at."""
        try:
            self.lesson.workshop.validate(values, language=self.lesson.language)
        except Problems as found:
            told: dict[str, str] = {}
            for problem in found.problems:
                name = (problem.where or "").partition(" ")[0]
                shown = any(parameter.name == name for parameter in self._shown)
                told[name if shown else touched] = _sentence(problem)
            return told
        return {}

    # --- what is kept -------------------------------------------------------------------------

    def _keep(self) -> None:
        given, now = self.lesson.given, self.lesson.parameters
        differing = {name: value for name, value in now.items() if value != given[name]}
        if differing:
            self.lesson.progress.keep(DRAFT, differing)
        else:
            self.lesson.progress.forget(DRAFT)

    def _again(self) -> list[str]:
        """Apply what was kept; return a sentence for each value that will no longer do."""
        kept = self.lesson.progress.kept(DRAFT, {})
        wanted = dict(kept) if isinstance(kept, dict) else {}
        wanted = {name: wanted[name] for name in wanted if name in self._every}
        dropped: list[str] = []
        while wanted:
            try:
                self.lesson.set(**{**self.lesson.given, **wanted})
                break
            except Problems as found:
                for problem in found.problems:
                    name = (problem.where or "").partition(" ")[0]
                    # A limit may name what nobody chose: then the choice that set it must go.
                    gone = name if name in wanted else next(iter(wanted), None)
                    if gone is not None:
                        del wanted[gone]
                        dropped.append(_no_longer(self._every[gone], problem))
        if dropped:
            self._keep()
        return dropped

    # --- what is shown ------------------------------------------------------------------------

    def _state(self) -> dict[str, Any]:
        now = self.lesson.parameters
        return {
            "fields": [
                {"name": p.name, "strict": True, **_field(p, self._draft[p.name], now[p.name])}
                for p in self._shown
            ],
            "troubles": self.troubles,
            "changed": [
                say("{label}: {before} → {after}", label=p.label, before=before, after=after)
                for p, before, after in self._differing()
            ],
            "stale": dict(now) != self._at_first,
            "dropped": self._dropped,
            "kept": self.lesson.progress.trouble,
        }

    def _differing(self) -> list[tuple[Parameter, str, str]]:
        given, now = self.lesson.given, self.lesson.parameters
        return [
            (p, p.shown(given[p.name]), p.shown(now[p.name]))
            for p in self._every.values()
            if now[p.name] != given[p.name]
        ]

    def static(self) -> str:
        """Return the parameters as a table of plain HTML."""
        from kit.table import Table

        rows = tuple(
            (p.label, p.shown(self.lesson.parameters[p.name]), _choices(p), p.help)
            for p in self._shown
        )
        table = Table(
            caption=say("このワークショップの設定"),
            columns=(say("項目"), say("いまの値"), say("選べる値"), say("説明")),
            rows=rows,
            numeric=(False,) * 4,
        )
        note = say("ノートブックでは、ここで値を変えて試せます。")
        return f'{table._repr_html_()}<p class="kit-note">{escape(note)}</p>'

    def __repr__(self) -> str:
        now = self.lesson.parameters
        return "\n".join(f"{p.label}: {p.shown(now[p.name])}" for p in self._shown)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        return bundle(self._live, self.static(), repr(self))


def _choices(parameter: Parameter) -> str:
    """Return what a reader may choose: of a choice its names, not the words that code uses."""
    if parameter.type != "choice":
        return parameter.allowed()
    return (", " if spaced() else "、").join(map(parameter.shown, parameter.choices))


def _words() -> dict[str, str]:
    app = in_the_app()
    return {
        **controls.words(),
        "title": say("ワークショップの設定"),
        "same": say("はじめの値のままです。"),
        "changed": say("はじめの値から変えたところ"),
        "reset": say("はじめの値にもどす"),
        "wrong": say("まだ変えていません。印の付いた項目を直すと、まとめて反映します。"),
        "next": say("この値で見るには、ページを計算し直します。")
        if app
        else say(
            "メニューの Run → Run Selected Cell and All Below で、下のセルを実行し直してください。"
            "この値で計算し直します。"
        ),
        "reload": say("この値で計算し直す") if app else "",
        "search": say("{label}をさがす（名前、かな、ローマ字）"),
        "found": say("{count} 件。Enter キーで選べます。"),
        "none": say("あてはまるものがありません。"),
    }


def _sentence(problem: KitError) -> str:
    return " ".join(part for part in (problem.message, problem.hint) if part)


def _no_longer(parameter: Parameter, problem: KitError) -> str:
    told = say(
        "前に選んだ「{label}」の値は、いまは使えないので、はじめの値にもどしました。",
        label=parameter.label,
    )
    return f"{told} {_sentence(problem)}"


def _heard(parameter: Parameter, raw: Any) -> str | int | float | None:
    """Return what a browser sent for a parameter, fit for its rules; None if it is nonsense."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    if isinstance(raw, float) and not math.isfinite(raw):
        return None
    if parameter.type in ("municipality", "choice"):
        return controls.choice(parameter.label, _options(parameter)).read(raw, "") or None
    if not isinstance(raw, str):
        return raw if parameter.type != "text" else None
    text = raw[: 4 * TEXT_LIMIT].encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    if parameter.type == "text":
        return text
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain.removesuffix(parameter.unit).replace(",", "").replace("−", "-").strip()


def _field(parameter: Parameter, draft: Any, now: Any) -> dict[str, Any]:
    """Return what the script draws for a parameter: at the draft, or what holds if that is wrong."""
    try:
        value = parameter.validate_value(draft)
    except KitError:
        value = now
    if parameter.type in ("municipality", "choice"):
        menu = controls.choice(parameter.label, _options(parameter), value, help=parameter.help)
        return {**menu.field(value), **(_towns() if parameter.type == "municipality" else {})}
    if parameter.type == "text":
        most = max(TEXT_LIMIT, len(str(value)))
        words = controls.text(parameter.label, str(value), help=parameter.help, most=most)
        return words.field(value)
    return _number(parameter, float(value))


def _number(parameter: Parameter, value: float) -> dict[str, Any]:
    low = -math.inf if parameter.minimum is None else parameter.minimum
    high = math.inf if parameter.maximum is None else parameter.maximum
    whole = parameter.type == "int"
    boxed = not high - low <= _WIDE
    # A power of ten: about a hundred steps, more for whole numbers, where small ones matter too.
    size = 0.0 if boxed else math.log10((high - low) / _STEPS)
    power = max(0, math.floor(size)) if whole else round(size)
    step = 10.0**power
    digits = 0 if whole else max(-power, controls.decimals(value), 2)
    return {
        "kind": "slider",
        "label": parameter.label,
        "help": parameter.help,
        "unit": parameter.unit,
        "value": value,
        "low": max(low, -1e15),
        "high": min(high, 1e15),
        "from": 0 if boxed else round(math.floor(low / step + 1e-9) * step, 10),
        "step": step,
        "whole": whole,
        "digits": digits,
        "comma": True,
        "sign": False,
        "boxed": boxed,
    }


def _options(parameter: Parameter) -> dict[str, str]:
    if parameter.type == "municipality":
        return {town.name: town.code for town in _in_order()}
    return {parameter.labels.get(key, key): key for key in parameter.choices}


def _in_order() -> list[places.Municipality]:
    """Return the towns as people look them up: wards, cities, towns and villages, by their sound."""
    kinds = {"ward": 0, "city": 1}

    def order(town: places.Municipality) -> tuple[int, str]:
        sound = town.name_en if spaced() else town.kana
        return kinds.get(town.kind, 2), sound

    return sorted(places.all_(), key=order)


def _towns() -> dict[str, Any]:
    towns = _in_order()
    names = {"ward": say("区"), "city": say("市"), "town": say("町と村"), "village": say("町と村")}
    groups: dict[str, list[int]] = {}
    for index, town in enumerate(towns):
        groups.setdefault(names[town.kind], []).append(index)
    spoken = [f"{t.name_ja} {t.kana} {t.name_en} {t.code}".casefold() for t in towns]
    return {"groups": list(groups.items()), "spoken": spoken}
