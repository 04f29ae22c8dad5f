"""Tabulate the boundaries of Tokyo's 62 municipalities from raw GeoJSON.

    python datasets/boundaries/build.py --raw FOLDER

FOLDER holds ``geo/tokyo_main.geojson`` and ``geo/tokyo_islands.geojson``. The same folder always
gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.data.building import OF_A_TOWN, field, raw_folder, source, write_package

HERE = Path(__file__).resolve().parent
DIGITS = 4  # of a degree: about ten metres, as fine as the raw files


def boundaries(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a corner of each ring, by code, ring and sequence."""
    features = [
        feature
        for name in ("tokyo_main", "tokyo_islands")
        for feature in json.loads((raw / "geo" / f"{name}.geojson").read_bytes())["features"]
    ]
    for feature in sorted(features, key=lambda one: one["properties"]["code5"]):
        for ring, corners in enumerate(rings(feature["geometry"]), start=1):
            for sequence, (longitude, latitude) in enumerate(corners, start=1):
                yield {
                    "code": feature["properties"]["code5"],
                    "ring": ring,
                    "sequence": sequence,
                    "longitude": round(float(longitude), DIGITS),
                    "latitude": round(float(latitude), DIGITS),
                }


def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """Return the outlines of a Polygon or MultiPolygon.

    Raises
    ------
    ValueError
        If one has a hole or is not closed: the table has no column to say so.
    """
    parts = geometry["coordinates"]
    polygons = parts if geometry["type"] == "MultiPolygon" else [parts]
    if any(len(polygon) != 1 for polygon in polygons):
        raise ValueError("a polygon has a hole")
    outlines = [polygon[0] for polygon in polygons]
    if any(outline[0] != outline[-1] or len(outline) < 4 for outline in outlines):
        raise ValueError("a ring is not closed")
    return outlines


FIELDS = [
    field("code", "string", "団体コード", "Code", required=True, pattern=r"13\d{3}", unit="5桁"),
    field(
        "ring", "integer", "輪の番号", "Ring", required=True, minimum=1,
        description="区市町村の中での番号。島や埋立地ごとに、1つの閉じた輪になっています。",
        description_en="Number within the municipality: each island or reclaimed piece is one closed ring.",
    ),
    field(
        "sequence", "integer", "順番", "Sequence", required=True, minimum=1,
        description="輪の中で角をたどる順番。最初と最後は同じ点です。",
        description_en="Order of the corners along the ring; the first and the last are one point.",
    ),
    field(
        "longitude", "number", "経度", "Longitude", unit="度", required=True,
        minimum=138.9, maximum=154, description="東経。元のファイルの値（CRS84）です。",
        description_en="East; as in the original file (CRS84).",
    ),
    field(
        "latitude", "number", "緯度", "Latitude", unit="度", required=True,
        minimum=24, maximum=36, description="北緯。元のファイルの値（CRS84）です。",
        description_en="North; as in the original file (CRS84).",
    ),
]  # fmt: skip

DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "boundaries",
    "title": "区市町村の境界（簡略化）",
    "title_en": "Municipal boundaries (simplified)",
    "description": (
        "東京都の62区市町村の境界です。地図に色を塗るためのもので、形は大きく簡略化されています。"
    ),
    "description_en": (
        "Boundaries of the 62 municipalities of Tokyo, for coloured maps; strongly simplified."
    ),
    "version": "1.0.0",
    "credit": (
        "地図：「国土数値情報（行政区域データ）」（国土交通省、2021年1月1日時点）を加工して作成"
        "（簡略化：スマートニュース メディア研究所）"
    ),
    "credit_en": (
        "Map: made by processing “National Land Numerical Information (Administrative Areas)” "
        "(MLIT, as of 1 January 2021); simplified by SmartNews Media Research Institute"
    ),
    "quirks": [
        {
            "ja": "海岸線と境界は、元の点の1％ほどに簡略化されています。面積、距離、ある地点がどの区市町村かを調べるのには使えません。",
            "en": "Coast and boundaries keep about 1 % of the original points: not for areas, distances, or finding the municipality of an address.",
        },
        {
            "ja": "2021年1月1日の境界です。そのあとの埋立や境界の変更は入っていません。",
            "en": "As of 1 January 2021; later reclamation and changes are not in it.",
        },
        {
            "ja": "沖ノ鳥島（小笠原村）は入っていません。どの区市町村にも属さない土地（元の位相データに1つ）も除きました。",
            "en": "Okinotorishima (Ogasawara) is not in it; land that belongs to no municipality (one piece in the original topology) is left out.",
        },
        {
            "ja": "隣り合う区市町村は、境目の点を共有しています。輪に穴はありません。",
            "en": "Neighbours share the points of their common boundary; no ring has a hole.",
        },
    ],
    "licenses": [
        {
            "name": "other-open",
            "title": "国土数値情報ダウンロードサイトコンテンツ利用規約（出典の記載が必要）",
            "title_en": "Terms of the National Land Numerical Information site (credit required)",
            "path": "https://nlftp.mlit.go.jp/ksj/other/agreement.html",
        }
    ],
    "resources": [
        {
            "name": "boundaries",
            "title": "区市町村の境界",
            "title_en": "Municipal boundaries",
            "sources": [source("boundaries")],
            "schema": {"primaryKey": ["code", "ring", "sequence"], "foreignKeys": [OF_A_TOWN]},
        }
    ],
}


def main() -> None:
    raw = raw_folder("Build datasets/boundaries from raw GeoJSON.")
    write_package(HERE, DESCRIPTOR, {"boundaries": (FIELDS, boundaries(raw))})


if __name__ == "__main__":
    main()
