"""A made-up build as large as a prefecture's: every workshop for many towns in two languages."""

from __future__ import annotations

from kit import places
from kit.publish.forms import FORMS
from kit.publish.index import Entry

PLANNED = (
    "worksheet.html",
    "speaker.html",
    "handout.pdf",
    "memo-form.pdf",
    "certificate.pdf",
    "qr.pdf",
)
TAKEN_HOME = tuple(
    f"{name}.{ending}" for name in ("plan", "memo") for ending in ("html", "md", "pdf")
)


def many_entries(
    workshops: int = 25, towns: int = 30, languages: tuple[str, ...] = ("ja", "en")
) -> list[Entry]:
    """Return entries as :func:`kit.publish.index_entries.entries` would find them."""
    names = tuple(dict.fromkeys((*(form.file for form in FORMS), *PLANNED, "run.json")))
    # Towns from every part of the list, so that all four kinds are there.
    spread = [*places.all_()[:: max(1, 62 // towns)], *places.all_()]
    wanted = [places.find("八王子市"), places.find("奥多摩町"), *spread]
    chosen = sorted(list(dict.fromkeys(wanted))[:towns], key=lambda town: town.code)
    found = []
    for number in range(workshops):
        id = f"made-up-{number:02d}"
        for language in languages:
            for town in chosen:
                label = f"{id}/{town.slug}/{language}"
                files = {name: f"{label}/{name}" for name in names}
                kept = {name: f"{label}/artefacts/{name}" for name in TAKEN_HOME}
                paths = (*files.values(), *kept.values())
                failed = number == 3 and town == chosen[1] and language == "ja"
                found.append(
                    Entry(
                        id,
                        f"作りもののワークショップ {number}"
                        if language != "en"
                        else f"Made-up workshop {number}",
                        town.name_en if language == "en" else town.name_ja,
                        language,
                        "failed" if failed else "made",
                        files,
                        kept,
                        "compute-the-effect" if failed else "",
                        "ゼロで割りました。" if failed else "",
                        f"{town.code} {town.name_ja} {town.kana} {town.name_en} {label}",
                        built="2026-07-01",
                        sizes={path: 40_000 + 137 * at for at, path in enumerate(paths)},
                        principles=(number % 10 + 1, (number + 3) % 10 + 1),
                        citations=("出典：作りものの統計（2020年、CC BY 4.0）を加工して作成",),
                        simulated=True,
                        command=f"kit build -w {id} -m {town.code} -l ja" if failed else "",
                    )
                )
    return found
