"""What a room learned, counted so that no figure points at anybody.

The files carry no names, but a room is small: a figure about two people is a figure about the two
who sat by the window. These rules hold for everything shown, here and on the case card.

1. *Small groups.* Of fewer than :data:`FEWEST` answer sheets nothing is shown, and no question,
   exercise, section or prompt that fewer people dealt with; not even how many there were.
2. *One question, one group.* Every figure about a question rests on the same people, those who
   answered it both times. Were its share also shown among all six who answered the first time,
   and among the five who answered twice, the difference would be the sixth person's answer.
3. *Totals of what is shown.* Class means and the gain are pooled over the shown questions only,
   so what is hidden cannot be had by subtraction; being sums of shown cells they add nothing.
4. *No extremes.* Times have a median and a middle half: the shortest and the longest are one
   person's each. No figure crosses two others (who was wrong here *and* slow there).
5. *Words.* Reflections are shown only where enough people wrote, by prompt, in an order that
   depends on the words alone; nothing ties two of one person's together.

What remains: where all answered alike, the share tells what each answered, as a show of hands
would; and two summaries, made before and after one more file came, differ by that one person.
The page therefore asks to be made once, when all files are in.
"""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kit import places
from kit.course import Workshop
from kit.errors import ParameterError
from kit.evidence.learning import ItemChange, LearningGain, learning_gain
from kit.language import say, using
from kit.results.answers import RESULTS, LeftOut, Sheet
from kit.results.contents import Contents, contents
from kit.spec import Option, Quiz

FEWEST = 5  # people in a group that may be shown
PATTERN = 2  # people who chose a wrong option before it is called the class's misconception


@dataclass(frozen=True)
class Wrong:
    """A wrong option that several chose: its words, what answers it, and how many chose it."""

    text: str
    feedback: str
    people: int


@dataclass(frozen=True)
class Question:
    """One quiz item. ``n`` is None where too few answered: then every figure is empty.

    Parameters
    ----------
    number : int
        Its place in ``workshop.toml``, from 1.
    when : str
        ``both``, ``before`` or ``after``.
    n, missing : int or None
        People it is counted among (for ``both``: who answered it twice), and the others.
    before, after : float or None
        Shares right.
    change : ItemChange or None
        Who changed, for ``both``.
    wrong_before, wrong_after : tuple of Wrong
        The most chosen wrong option; more than one where they tie.
    """

    id: str
    number: int
    prompt: str
    right: str
    when: str
    n: int | None = None
    missing: int | None = None
    before: float | None = None
    after: float | None = None
    change: ItemChange | None = None
    wrong_before: tuple[Wrong, ...] = ()
    wrong_after: tuple[Wrong, ...] = ()

    @property
    def last(self) -> float | None:
        """The share right the last time it was asked."""
        return self.before if self.when == "before" else self.after


@dataclass(frozen=True)
class Exercise:
    """One exercise among the ``n`` people who touched it; None where they are too few."""

    name: str
    title: str
    n: int | None = None
    missing: int | None = None
    right: float | None = None
    tries: float | None = None
    hints: float | None = None
    solution: float | None = None

    @property
    def stuck(self) -> bool:
        """Whether many did not get through, or only after several tries."""
        return (self.right is not None and self.right < 0.8) or (self.tries or 0) >= 3


@dataclass(frozen=True)
class Time:
    """Minutes in one section: planned, the median, and the ends of the middle half."""

    title: str
    planned: int
    n: int | None = None
    missing: int | None = None
    median: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def over(self) -> bool:
        """Whether half the class needed a fifth more than was planned, and 2 minutes at least."""
        return self.median is not None and self.median > max(self.planned * 1.2, self.planned + 2)


@dataclass(frozen=True)
class Voices:
    """What people wrote under one prompt; empty where fewer than :data:`FEWEST` did."""

    prompt: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """What one room learned in one workshop; ``people`` is None where they are too few to show."""

    workshop: str
    title: str
    language: str
    people: int | None
    versions: tuple[str, ...] = ()
    place: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    gain: LearningGain | None = None
    questions: tuple[Question, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    times: tuple[Time, ...] = ()
    voices: tuple[Voices, ...] = ()
    left_out: Mapping[str, int] | None = None

    @property
    def shown(self) -> bool:
        """Whether there is anything to show."""
        return self.people is not None

    @property
    def hardest(self) -> list[Question]:
        """Questions somebody still had wrong, the most often wrong first."""
        wrong = [(one.last, one) for one in self.questions if one.last is not None and one.last < 1]
        return [one for _, one in sorted(wrong, key=lambda pair: (pair[0], pair[1].number))]

    @property
    def stuck(self) -> list[Exercise]:
        """Exercises where many were stuck, the worst first."""
        found = [one for one in self.exercises if one.n is not None and one.stuck]
        return sorted(found, key=lambda one: (one.right, -(one.tries or 0)))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that :mod:`json` can write; None is not shown."""
        whole = asdict(self)
        whole["gain"] = self.gain.to_dict() if self.gain else None
        return {"format": RESULTS, "fewest": FEWEST, **whole}


def summarise(
    workshop: Workshop, sheets: Sequence[Sheet], language: str, left_out: Sequence[LeftOut] = ()
) -> Summary:
    """Count the sheets of one workshop.

    Parameters
    ----------
    workshop : Workshop
        What they answer.
    sheets : sequence of Sheet
        As :func:`kit.results.answers.read` returns them.
    language : str
        Of titles and sentences.
    left_out : sequence of LeftOut
        Files that did not count; only how many, and why, is kept.

    Raises
    ------
    CourseError, LanguageError
        If the notebook cannot be read, or the workshop is not written in `language`.
    """
    with using(language):
        spec = workshop.localised(language)
        reasons: dict[str, int] = dict(Counter(one.reason for one in left_out))
        if len(sheets) < FEWEST:
            return Summary(workshop.id, spec.title, language, None, left_out=reasons)
        held = contents(workshop, language)
        questions = tuple(_question(*pair, sheets) for pair in enumerate(spec.quiz, start=1))
        return Summary(
            workshop.id,
            spec.title,
            language,
            len(sheets),
            versions=tuple(sorted({sheet.version for sheet in sheets if sheet.version})),
            place=_place(workshop, sheets),
            settings=tuple(_settings(workshop, language, sheets)),
            gain=_gain(spec.quiz, questions, sheets),
            questions=questions,
            exercises=tuple(_exercise(*pair, sheets) for pair in held.exercises.items()),
            times=_times(held, sheets),
            voices=_voices(held.prompts, sheets),
            left_out=reasons,
        )


def _question(number: int, item: Quiz, sheets: Sequence[Sheet]) -> Question:
    right = next(option.text for option in item.option if option.right)
    whole = Question(item.id, number, item.prompt, right, item.when)
    ends = ("before", "after") if item.when == "both" else (item.when,)
    given = [sheet.quiz.get(item.id, {}) for sheet in sheets]
    among = [answers for answers in given if all(end in answers for end in ends)]
    if len(among) < FEWEST:
        return whole
    chosen = {end: [answers[end] for answers in among] for end in ends}
    shares = {
        end: sum(item.option[one].right for one in options) / len(among)
        for end, options in chosen.items()
    }
    return Question(
        *(item.id, number, item.prompt, right, item.when),
        n=len(among),
        missing=len(sheets) - len(among),
        before=shares.get("before"),
        after=shares.get("after"),
        change=_change(item, chosen, len(sheets)) if len(ends) == 2 else None,
        wrong_before=_most_wrong(item.option, chosen.get("before", [])),
        wrong_after=_most_wrong(item.option, chosen.get("after", [])),
    )


def _change(item: Quiz, chosen: Mapping[str, Sequence[int]], people: int) -> ItemChange:
    pairs = Counter(
        (item.option[first].right, item.option[second].right)
        for first, second in zip(chosen["before"], chosen["after"], strict=True)
    )
    return ItemChange(
        item.id,
        missing=people - len(chosen["before"]),
        learned=pairs[False, True],
        lost=pairs[True, False],
        stayed_right=pairs[True, True],
        stayed_wrong=pairs[False, False],
    )


def _most_wrong(options: Sequence[Option], chosen: Sequence[int]) -> tuple[Wrong, ...]:
    counts = Counter(one for one in chosen if not options[one].right)
    most = max(counts.values(), default=0)
    if most < PATTERN:
        return ()
    return tuple(
        Wrong(options[one].text, options[one].feedback, most)
        for one in sorted(counts)
        if counts[one] == most
    )


def _gain(
    quiz: Sequence[Quiz], questions: Sequence[Question], sheets: Sequence[Sheet]
) -> LearningGain | None:
    """Return the gain over the questions that are shown; None where none is."""
    items = [item for item, one in zip(quiz, questions, strict=True) if one.change is not None]
    if not items:
        return None
    # In an order of their own, or the draws of the interval would hang on what is hidden.
    rows = sorted([_pair(item, sheet) for item in items] for sheet in sheets)
    import pandas as pd

    names = [item.id for item in items]
    both = [
        pd.DataFrame([[pair[end] for pair in row] for row in rows], columns=names) for end in (0, 1)
    ]
    return learning_gain(*(table.where(table >= 0) for table in both))


def _pair(item: Quiz, sheet: Sheet) -> tuple[int, int]:
    """Return whether an item was right before and after; -1 twice unless it was answered twice."""
    answers = sheet.quiz.get(item.id, {})
    if not {"before", "after"} <= set(answers):
        return -1, -1
    return int(item.option[answers["before"]].right), int(item.option[answers["after"]].right)


def _exercise(name: str, title: str, sheets: Sequence[Sheet]) -> Exercise:
    records = [sheet.checks[name] for sheet in sheets if name in sheet.checks]
    touched = [record for record in records if record.touched]
    if len(touched) < FEWEST:
        return Exercise(name, title)

    def share(of: Sequence[bool]) -> float:
        return sum(of) / len(touched)

    return Exercise(
        name,
        title,
        n=len(touched),
        missing=len(sheets) - len(touched),
        right=share([record.right for record in touched]),
        tries=statistics.median(record.tries for record in touched),
        hints=share([record.hints > 0 for record in touched]),
        solution=share([record.solution for record in touched]),
    )


def _times(held: Contents, sheets: Sequence[Sheet]) -> tuple[Time, ...]:
    from kit.results.contents import title

    return tuple(
        _time(
            title(section.title),
            section.minutes,
            [s.minutes[section.cell_id] for s in sheets if section.cell_id in s.minutes],
            len(sheets),
        )
        for section in held.sections
    )


def _time(title: str, planned: int, minutes: Sequence[float], people: int) -> Time:
    if len(minutes) < FEWEST:
        return Time(title, planned)
    low, median, high = statistics.quantiles(minutes, n=4, method="inclusive")
    # Whole minutes: a class needs no more, and a tenth would be one person's own.
    ends = [float(round(value)) for value in (median, low, high)]
    return Time(title, planned, len(minutes), people - len(minutes), *ends)


def _voices(prompts: Mapping[str, str], sheets: Sequence[Sheet]) -> tuple[Voices, ...]:
    written: dict[str, list[str]] = {id: [] for id in prompts}
    for sheet in sheets:
        for id, text in sheet.voices.items():
            if text.strip():
                written.setdefault(id, []).append(text.strip())

    def by_words(id: str) -> tuple[str, ...]:
        def mark(text: str) -> bytes:
            return hashlib.sha256(f"{id}\0{text}".encode()).digest()

        # The same words, written twice, are shown once.
        return tuple(sorted({*written[id]}, key=mark)) if len(written[id]) >= FEWEST else ()

    known = [Voices(prompt, by_words(id)) for id, prompt in prompts.items()]
    others = sorted(id for id in written if id not in prompts)
    return (*known, *(Voices(say("ふり返り"), by_words(id)) for id in others if by_words(id)))


def _place(workshop: Workshop, sheets: Sequence[Sheet]) -> str:
    """Return the kind of municipality the class was held for, never which."""
    name = next((p.name for p in workshop.spec.parameter if p.type == "municipality"), "")
    codes = {str(sheet.parameters[name]) for sheet in sheets if name in sheet.parameters}
    kinds = {town.kind for town in places.all_() if town.code in codes}
    words = {
        "ward": say("特別区"),
        "city": say("市"),
        "town": say("町村"),
        "village": say("町村"),
    }
    found = {words[kind] for kind in kinds}
    return say("いろいろな区市町村") if len(found) > 1 else "".join(found)


def _settings(
    workshop: Workshop, language: str, sheets: Sequence[Sheet]
) -> Sequence[tuple[str, str]]:
    """Return the parameters that were the same for all; not the town, and nothing people typed."""
    shown = []
    for parameter in workshop.localised(language).parameter:
        values = {sheet.parameters.get(parameter.name) for sheet in sheets}
        if parameter.type in ("municipality", "text") or len(values) != 1:
            continue
        try:
            value = parameter.validate_value(values.pop())
        except ParameterError:
            continue
        shown.append((parameter.label, parameter.shown(value)))
    return shown
