"""Real procedures of the national survey, and the share of them that falls to one town.

What the survey says (applications, online share, attachments, processing days) and what is only
an exercise value (every minute, trip and yen of :meth:`Procedure.journey`) never mix: the first
stands in the fields of :class:`Procedure`, the second in the journey, whose ``source`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kit import places
from kit.design.burden import Service
from kit.design.journey import Journey, Range
from kit.design.money import by_population
from kit.errors import DataError, ParameterError
from kit.language import say, spaced

if TYPE_CHECKING:
    import pandas as pd

    from kit.data import Citation
    from kit.places import Municipality

DATASET = "administrative-procedures"
# The survey's word for the municipality's own counter.
_TOWN_OFFICE = "市役所・町村役場"
# Asked for in turn when a learner tries out more papers than the survey lists.
_MORE_PAPERS = ("resident-record", "income-tax", "family-register", "other", "personal-seal")


@dataclass(frozen=True)
class Procedure:
    """One procedure of the survey, seen from one municipality.

    ``applications`` (a year, the whole country; ``is_round`` if it looks estimated),
    ``online_share`` (0 to 1), ``attachments`` (codes of the dataset), ``processing_days`` and
    ``office`` are the survey's; empty ones are None. ``cases`` is `applications` shared out by
    population: an estimate, never a count.
    """

    key: str
    id: str
    title: str
    name: str
    office: str
    municipality: Municipality
    residents: int
    applications: float | None
    is_round: bool
    online_share: float | None
    attachments: tuple[str, ...]
    processing_days: float | None
    note: str
    citation: Citation

    @property
    def cases(self) -> float | None:
        """Applications a year of this municipality's residents, estimated by population."""
        return by_population(self.applications, self.residents)

    @property
    def basis(self) -> str:
        """What ``cases`` rests on."""
        return say("推計：全国の件数を人口で按分")

    @property
    def at_town_office(self) -> bool:
        """True if it is submitted to the municipality itself."""
        return _TOWN_OFFICE in self.office

    @property
    def office_name(self) -> str:
        """Where it is submitted, in the current language."""
        from kit import data

        return data.categories(DATASET)["office"].get(self.office, self.office)

    @property
    def travel(self) -> Range:
        """Exercise value for the way to the counter and back, minutes."""
        from kit.design.drafts import way_to

        return way_to(self)

    def attachment_names(self) -> list[str]:
        """Return what is to be attached, in the current language."""
        return [attachment_name(category) for category in self.attachments]

    def journey(self, *, papers: int | None = None, travel: float | None = None) -> Journey:
        """Return a first draft of the journey: the survey's facts, with exercise values.

        Parameters
        ----------
        papers : int, optional
            Ask for so many attachments instead: the first ones of the survey's list, then
            certificates.
        travel : float, optional
            Usual minutes to the counter and back instead; the range moves in proportion.
        """
        from kit.design.drafts import draft

        chosen = self
        if papers is not None:
            more = [c for c in _MORE_PAPERS if c not in self.attachments]
            chosen = replace(self, attachments=(*self.attachments, *more)[: max(0, int(papers))])
        way = None if travel is None else self.travel.scaled(travel / self.travel.likely)
        return draft(chosen, way)

    def service(self, journey: Journey | None = None, *, wage: float = 2500.0) -> Service:
        """Return the journey (by default the draft) with this procedure's cases and channels."""
        return Service(
            journey or self.journey(),
            cases=self.cases,
            online_share=self.online_share or 0.0,
            wage=wage,
            basis=self.basis,
        )

    def facts(self) -> pd.DataFrame:
        """Return what is known, one row a fact: ``item``, ``value``, ``basis``."""
        import pandas as pd

        from kit.design import wording

        survey, unknown = say("調査の値"), say("調査に記載なし")
        volume = say("調査の値（丸い数なので、およその件数）") if self.is_round else survey
        papers = wording.listed(self.attachment_names()) or say("なし")
        days, online = self.processing_days, self.online_share
        national = unknown
        if self.applications is not None:
            national = say("{number}件", number=f"{self.applications:,.0f}")
        rows = [
            (say("手続き"), self.name, survey),
            (say("提出先"), self.office_name or unknown, survey),
            (say("1年の申請（全国）"), national, volume),
            (
                say("オンラインの割合（全国）"),
                unknown if online is None else f"{online:.1%}",
                survey,
            ),
            (say("添付書類"), papers, survey),
            (
                say("処理にかかる日数"),
                unknown if days is None else say("{days:g}日", days=days),
                survey,
            ),
            (
                say("{town}の住民の申請", town=self.municipality.name),
                wording.count(self.cases),
                self.basis,
            ),
        ]
        frame = pd.DataFrame(rows, columns=["item", "value", "basis"])
        frame.attrs["citation"] = self.citation
        return frame


def procedures() -> list[str]:
    """Return the keys of the featured procedures, as :func:`procedure` takes them.

    Examples
    --------
    >>> "medical-support" in procedures()
    True
    """
    from kit import data

    return [str(key) for key in data.load(DATASET, "featured")["key"]]


def overview(mark: str | None = None) -> pd.DataFrame:
    """Return the featured procedures as the survey has them, the whole country.

    Parameters
    ----------
    mark : str, optional
        Key of the procedure whose label says that it is today's.

    Columns: ``key``, ``title``, ``applications`` (a year), ``online_share`` (0 to 1),
    ``attachment_count`` (kinds of attachments), ``label`` (the title with that number), ``note``
    (how to read the row).
    """
    from kit import data

    featured, survey = data.load(DATASET, "featured"), data.load(DATASET)
    kept = ["procedure_id", "applications", "online_share", "attachment_count"]
    frame = featured.merge(survey[kept], on="procedure_id", how="left")
    english = spaced()
    frame["title"] = frame["title_en" if english else "title"]
    frame["note"] = frame["note_en" if english else "note"]
    frame["label"] = [
        say("★ {title}（書類{count:.0f}種類、きょうの手続き）", title=title, count=count)
        if key == mark
        else say("{title}（書類{count:.0f}種類）", title=title, count=count)
        for key, title, count in frame[["key", "title", "attachment_count"]].itertuples(index=False)
    ]
    frame = frame[["key", "title", *kept[1:], "label", "note"]]
    frame.attrs["citation"] = survey.attrs["citation"]
    return frame


def procedure(key: str, municipality: Municipality | str) -> Procedure:
    """Return the featured procedure `key` as `municipality` meets it.

    Parameters
    ----------
    key : str
        As in the dataset's table of featured procedures, e.g. ``"medical-support"``.
    municipality : Municipality or str
        The town, or what :func:`kit.places.find` takes for one.

    Raises
    ------
    ParameterError
        If there is no such key; the message lists them.
    DataError
        If the survey has no row for it.

    Examples
    --------
    >>> round(procedure("medical-support", "13201").cases)
    13778
    """
    from kit import data

    featured = data.load(DATASET, "featured")
    chosen = featured[featured["key"] == key]
    if chosen.empty:
        raise ParameterError(
            say("手続き「{key}」はありません。", key=key),
            hint=say("選べるもの: {choices}", choices=", ".join(map(str, featured["key"]))),
        )
    survey = data.load(DATASET)
    rows = survey[survey["procedure_id"].astype(str) == str(chosen.iloc[0]["procedure_id"])]
    if rows.empty:
        raise DataError(say("調査の表に手続き「{key}」の行がありません。", key=key), where=DATASET)
    town = places.find(municipality) if isinstance(municipality, str) else municipality
    return _from_rows(chosen.iloc[0], rows.iloc[0], town, survey.attrs["citation"])


def _from_rows(
    chosen: pd.Series, row: pd.Series, town: Municipality, citation: Citation
) -> Procedure:
    english = spaced()
    categories = _text(row.get("attachments")).split(";")
    days = _number(row.get("processing_offline_days"))
    if days is None:
        days = _number(row.get("processing_online_days"))
    return Procedure(
        key=str(chosen["key"]),
        id=str(chosen["procedure_id"]),
        title=_text(chosen["title_en" if english else "title"]),
        name=_text(row.get("procedure_en") if english else "") or _text(row["procedure"]),
        office=_text(row.get("office")),
        municipality=town,
        residents=residents(town),
        applications=_number(row.get("applications")),
        is_round=bool(_number(row.get("round_figure"))),
        online_share=_number(row.get("online_share")),
        attachments=tuple(c.strip() for c in categories if c.strip()),
        processing_days=days,
        note=_text(chosen.get("note_en" if english else "note")),
        citation=citation,
    )


def residents(town: Municipality) -> int:
    """Return the residents of `town` in the 2020 census."""
    from kit import data

    return int(data.load("municipalities", municipality=town.code)["population"].iloc[0])


def asking_for(category: str) -> tuple[int, float]:
    """Return how many procedures of the survey ask for `category`, and their applications a year.

    Parameters
    ----------
    category : str
        One of the dataset's categories of attachments, e.g. ``"resident-record"``.

    Examples
    --------
    >>> asking_for("resident-record")
    (418, 40048596.0)
    """
    from kit import data

    survey = data.load(DATASET)
    lists = survey["attachments"].fillna("").str.split(";")
    asks = lists.map(lambda found: category in {item.strip() for item in found})
    return int(asks.sum()), float(survey.loc[asks, "applications"].sum())


def attachment_name(category: str) -> str:
    """Return a category of attachments in the current language, as one would say it.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     attachment_name("resident-record")
    '住民票の写し'
    """
    known = {
        "resident-record": say("住民票の写し"),
        "family-register": say("戸籍の証明書"),
        "income-tax": say("所得・納税の証明書"),
        "personal-seal": say("印鑑登録証明書"),
        "company-seal": say("法人の印鑑証明書"),
        "company-register": say("商業登記の証明書"),
        "property-register": say("不動産登記の証明書"),
        "qualification": say("資格などの証明書"),
        "articles": say("定款"),
        "accounts": say("決算書"),
        "insurance-payment": say("社会保険料の納入証明書"),
        "business-licence": say("営業許可証"),
        "member-list": say("社員名簿"),
        "other": say("そのほかの書類"),
    }
    return known.get(category, category)


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return None if number != number else number
