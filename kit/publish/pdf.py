"""The printed forms, A4, set by Typst: the participant's handout, worksheet, memo form and
certificate, and the facilitator's book.

Text reaches Typst as JSON and is placed as text, so that nothing in a notebook can run. The result
keeps PDF/UA-1: tagged, in a named language, with words for every picture. Only the fonts in
``templates/fonts`` and those inside Typst are used, so that every machine makes the same pages.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import RunError
from kit.house import home
from kit.language import about, region, say, using
from kit.publish import book, codes, handout_sheet, keepsakes, ruby, sheets
from kit.publish.nodes import plain

if TYPE_CHECKING:
    from kit.links import Link
    from kit.publish.material import Material

STANDARD = "ua-1"
_FONTS = (
    "BIZUDGothic-Regular.ttf",
    "BIZUDGothic-Bold.ttf",
    "BIZUDPGothic-Regular.ttf",
    "BIZUDPGothic-Bold.ttf",
)
_RUN = re.compile(r"[!-~]+")
_LONGEST = 28  # from here the template breaks a word
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')


def worksheet(material: Material) -> bytes:
    """Return the participant's worksheet as PDF. It holds no answers.

    Parameters
    ----------
    material : Material
        One executed run.

    Raises
    ------
    RunError
        If it cannot be set; a character that no font has is named.
    """
    return _sheet("worksheet", sheets.worksheet, material)


def facilitator(material: Material) -> bytes:
    """Return the facilitator's book as PDF: timetable, notes, charts, answers, sources.

    Parameters
    ----------
    material : Material
        One executed run.

    Raises
    ------
    RunError
        If it cannot be set; a character that no font has is named.
    CourseError
        If a formula or chart of the notebook cannot be drawn.
    """
    return _sheet("facilitator", book.facilitator, material)


def handout(material: Material) -> bytes:
    """Return the participant's notebook as PDF, to read and to write on. It holds no answers.

    Parameters
    ----------
    material : Material
        One executed run.

    Raises
    ------
    RunError
        If it cannot be set; a character that no font has is named.
    CourseError
        If a formula or chart of the notebook cannot be drawn.
    """
    return _sheet("handout", handout_sheet.handout, material)


def certificate(material: Material) -> bytes:
    """Return a certificate of attendance as PDF; name, date and issuer are written by hand.

    Parameters
    ----------
    material : Material
        One run.

    Raises
    ------
    RunError
        If it cannot be set; a character that no font has is named.
    """
    return _sheet("certificate", keepsakes.certificate, material)


def memo_form(material: Material) -> bytes:
    """Return the form of an evidence memo as PDF, one page.

    Parameters
    ----------
    material : Material
        One run.

    Raises
    ------
    RunError
        If it cannot be set; a character that no font has is named.
    """
    return _sheet("memo-form", keepsakes.memo_form, material)


def links(made: Sequence[Link]) -> bytes:
    """Return a sheet of QR codes as PDF, in the current language.

    Parameters
    ----------
    made : sequence of Link
        See :func:`kit.links.links`.

    Raises
    ------
    RunError
        If it cannot be set.
    """
    return typeset("links", codes.links(made), where="links.pdf", readings={})


def _sheet(template: str, fill: Callable[[Material], Any], material: Material) -> bytes:
    with using(material.language):
        data = fill(material)
        where = f"{material.spec.id}: {template}.pdf"
        return typeset(template, data, where=where, readings=material.spec.readings)


def typeset(
    template: str, data: dict[str, Any], *, where: str, readings: Mapping[str, str] | None = None
) -> bytes:
    """Return `data` set by ``templates/pdf/<template>.typ``.

    Parameters
    ----------
    template : str
        The name of the template.
    data : dict
        What it reads as ``data.json``, pictures as nodes (see :mod:`kit.publish.nodes`).
    where : str
        Of what is set, for errors.
    readings : mapping of str to str, optional
        The workshop's own readings of words. Without them there are no furigana, whatever the
        language: what only the facilitator reads has none.

    Raises
    ------
    RunError
        If it cannot be set; characters that no font has are named.
    """
    import typst

    folder = home() / "templates" / "pdf"
    fonts = home() / "templates" / "fonts"
    _need([folder / "house.typ", folder / f"{template}.typ", *(fonts / name for name in _FONTS)])
    files = {
        "main.typ": (folder / f"{template}.typ").read_bytes(),
        "house.typ": (folder / "house.typ").read_bytes(),
    }
    language = data["lang"].partition("-")[0]
    shown = readings if about().furigana else None
    data = _lift(data, files)
    if shown is not None:
        data = ruby.marked(data, shown)
    data |= {"lang": language, "region": region(), "furigana": shown is not None}
    files["data.json"] = json.dumps(data, ensure_ascii=False).encode()
    day = data["date"]
    timestamp = datetime.datetime(**day, tzinfo=datetime.UTC) if day else None
    try:
        pdf = typst.compile(  # type: ignore[call-overload]  # its stub leaves out several files
            files,
            format="pdf",
            pdf_standards=STANDARD,
            font_paths=_fonts(fonts),
            ignore_system_fonts=True,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise _explained(error, data, where) from None
    return bytes(pdf) if shown is None else ruby.without_marks(bytes(pdf))


@cache
def _fonts(folder: Path) -> Any:
    """Return the fonts of `folder` and those inside Typst, read once in a process."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def _need(paths: list[Path]) -> None:
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise RunError(
            say("PDF に使うファイルがありません。"),
            where=", ".join(missing),
            hint=say("git checkout templates で元に戻せます。"),
        )


def _lift(value: Any, files: dict[str, bytes]) -> Any:
    """Return `value` with every picture's bytes moved into `files` and its size noted."""
    if isinstance(value, dict):
        if value.get("kind") == "picture":
            name = f"picture-{len(files)}.{value['format']}"
            files[name] = value["bytes"]
            width, height = _size(value["bytes"], value["format"])
            return {
                "kind": "picture",
                "src": name,
                "alt": value["alt"],
                "width": width,
                "height": height,
            }
        lifted = {key: _lift(item, files) for key, item in value.items()}
        if value.get("kind") == "table" and "head" in value:  # not a task of the worksheet
            lifted["least"] = _least(value)
        return lifted
    if isinstance(value, list | tuple):
        return [_lift(item, files) for item in value]
    return value


def _least(table: dict[str, Any]) -> float:
    """Return how wide, in em, the longest unbreakable words of the columns are side by side."""
    rows = [row for row in (table["head"], *table["rows"]) if row]
    texts = [[plain(cell) for cell in column] for column in zip(*rows, strict=False)]
    runs = [
        max((len(run) for text in column for run in _RUN.findall(text)), default=0)
        for column in texts
    ]
    return sum(max(1.5, 0.52 * min(run, _LONGEST)) for run in runs)


def _size(content: bytes, ending: str) -> tuple[float, float]:
    """Return the width and height of a picture in points."""
    if ending == "svg":
        # CSS pixels are 96 to the inch; a chart made for a screen prints a little smaller.
        box = re.search(rb'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', content)
        return (float(box[1]) * 0.72, float(box[2]) * 0.72) if box else (400.0, 300.0)
    if ending == "png" and content[12:16] == b"IHDR":
        width = int.from_bytes(content[16:20], "big")
        height = int.from_bytes(content[20:24], "big")
        return width * 0.36, height * 0.36  # 200 dots to the inch
    return 360.0, 270.0


def _explained(error: Exception, data: Any, where: str) -> RunError:
    diagnostic = str(getattr(error, "diagnostic", error))
    missing = dict.fromkeys(c for run in _MISSING.findall(diagnostic) for c in run)
    if missing:
        shown = "、".join(f"「{c}」(U+{ord(c):04X})" for c in missing)
        around = _around(next(iter(missing)), data)
        return RunError(
            say("PDF の書体にない文字があります: {characters}", characters=shown),
            where=f"{where}: …{around}…" if around else where,
            hint=say("別の文字に書きかえてください。代わりの文字がなければ「〓」を使えます。"),
        )
    return RunError(
        say("PDF を作れませんでした: {error}", error=getattr(error, "message", error)),
        where=where,
        hint=say("ほかの形（ページ、スライド）は使えます。この文を開発者に知らせてください。"),
    )


def _around(character: str, data: Any) -> str:
    for text in _strings(data):
        at = text.find(character)
        if at >= 0:
            return text[max(0, at - 12) : at + 12].replace("\n", " ")
    return ""


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
