"""``kit build``: materials for one class, or for a season of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from kit.console import EXIT_FAILED, EXIT_INTERRUPTED, Json, err, out
from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    from kit.batch import Progress, Report
    from kit.explain import Standing
    from kit.lock import Holder
    from kit.plan import Plan

Many = list[str]
Batch = Annotated[
    str | None,
    typer.Argument(
        metavar="[BATCH.toml]", help=say("バッチファイル、または workshops/ の中の名前")
    ),
]
Workshops = Annotated[
    Many, typer.Option("--workshop", "-w", help=say("ワークショップの ID（くり返せます）"))
]
Municipalities = Annotated[
    Many,
    typer.Option("--municipality", "-m", help=say("区市町村の名前かコード。all で全 62 区市町村")),
]
Languages = Annotated[Many, typer.Option("--lang", "-l", help=say("言語: ja, en"))]
Settings = Annotated[
    Many, typer.Option("--set", metavar="NAME=VALUE", help=say("パラメーターを決めます。"))
]
_SHOWN = 5  # reasons of a run, at most
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*(|[kmgt])i?b?", re.IGNORECASE)
_MEBIBYTES = {"": 1, "k": 1 / 1024, "m": 1, "g": 1024, "t": 1024**2}


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("build", help=say("教材を作ります。"))(build)


def build(
    batch: Batch = None,
    workshop: Workshops = [],  # noqa: B006 (typer reads the default)
    municipality: Municipalities = [],  # noqa: B006
    lang: Languages = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    edition: Annotated[
        Many, typer.Option("--edition", help=say("版: participant, facilitator"))
    ] = [],  # noqa: B006
    form: Annotated[Many, typer.Option("--form", help=say("形: notebook, page, slides, pdf"))] = [],  # noqa: B006
    start: Annotated[
        str | None, typer.Option("--start", help=say("開始時刻（例 13:30）"), show_default=False)
    ] = None,
    fit: Annotated[
        bool, typer.Option("--fit", help=say("小さな町では、数をその町の上限に合わせます。"))
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            help=say("同時に動かす数（ふつうはコアの数）"),
            show_default=False,
        ),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option("--memory", help=say("1 回の実行が使えるメモリ（例 2G）"), show_default=False),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help=say("出力先"))] = Path("build"),
    force: Annotated[
        bool, typer.Option("--force", help=say("変わっていないものも作りなおします。"))
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help=say("前に失敗したものだけを、もう一度作ります。"))
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help=say("何をなぜ作るかを示すだけで、何も作りません。"))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("確かめるだけで、何も作りません。"))
    ] = False,
    as_json: Json = False,
) -> None:
    from kit import request

    limit = mebibytes(memory)
    planned = request.plan(
        batch,
        workshops=workshop,
        municipalities=municipality,
        languages=lang,
        settings=settings,
        editions=edition,
        forms=form,
        start=start,
        fit=fit,
    )
    if dry_run:
        _show_plan(planned, output, as_json)
        return
    if explain:
        _show_standings(planned, output, as_json)
        return
    try:
        report = _build(
            planned,
            output,
            quiet=as_json,
            jobs=jobs,
            force=force,
            memory=limit,
            only_failed=retry_failed,
        )
    except KeyboardInterrupt:
        err.print(say("中断しました。できあがった分は残っています。"))
        raise typer.Exit(EXIT_INTERRUPTED) from None
    if as_json:
        print(report.to_json(), end="")
    else:
        _show_report(report)
    if report.failed:
        raise typer.Exit(EXIT_FAILED)


def mebibytes(text: str | None) -> int | None:
    """Return an amount of memory in MiB; a bare number is MiB already.

    Raises
    ------
    ParameterError
        If it is not an amount.

    Examples
    --------
    >>> mebibytes("2G"), mebibytes("1.5 GB"), mebibytes("800"), mebibytes(None)
    (2048, 1536, 800, None)
    """
    if text is None:
        return None
    found = _MEMORY.fullmatch(text.strip())
    amount = int(float(found[1]) * _MEBIBYTES[found[2].lower()]) if found else 0
    if amount < 1:
        raise ParameterError(
            say("メモリの量は 2G や 800M のように書いてください: {text}", text=text),
            where="--memory",
        )
    return amount


def _build(planned: Plan, output: Path, *, quiet: bool, **options: Any) -> Report:
    from kit import batch

    if quiet or not err.is_terminal:
        return batch.build(planned, output, on_wait=_tell_wait, **options)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TextColumn("{task.fields[left]}"), console=err) as bar:
        task = bar.add_task(say("作成中"), total=len(planned.runs), left="")

        def show(now: batch.Progress) -> None:
            bar.update(
                task,
                completed=now.done,
                total=now.total,
                description=escape(now.result.label),
                left=time_left(now),
            )

        return batch.build(planned, output, on_progress=show, on_wait=_tell_wait, **options)


def time_left(now: Progress) -> str:
    """Return how long it will still take, in words.

    Examples
    --------
    >>> from kit.batch import Progress
    >>> from kit.language import using
    >>> with using("ja"):
    ...     time_left(Progress(None, 3, 9, 400.0)), time_left(Progress(None, 3, 9, 12.0))
    ('あと約 7 分', 'あと約 12 秒')
    """
    if now.left is None or now.done == now.total:
        return ""
    if now.left < 90:
        return say("あと約 {n} 秒", n=max(1, round(now.left)))
    if now.left < 90 * 60:
        return say("あと約 {n} 分", n=round(now.left / 60))
    return say("あと約 {n} 時間", n=f"{now.left / 3600:.1f}")


def _tell_wait(holder: Holder) -> None:
    err.print(
        say(
            "同じ出力先で、別の kit build が動いています（プロセス {pid}、{since} から）。"
            "終わるのを待ちます。やめるには Ctrl-C を押してください。",
            pid=holder.pid,
            since=holder.since,
        ),
        highlight=False,
        soft_wrap=True,
    )


def _show_plan(planned: Plan, output: Path, as_json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {
            "folder": (output / planned.id / run.folder).as_posix(),
            "workshop": run.workshop,
            "language": run.language,
            "parameters": dict(run.parameters),
        }
        for run in planned.runs
    ]
    if as_json:
        print(json.dumps({"runs": rows, "notes": planned.notes}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        print(row["folder"])
    for note in planned.notes:
        out.print(escape(note), highlight=False)
    out.print(say("{n} 件を作ります（まだ何も作っていません）。", n=len(rows)), highlight=False)


def _show_standings(planned: Plan, output: Path, as_json: bool) -> None:
    from kit import batch

    found = batch.standings(planned, output)
    if as_json:
        rows = [{"run": s.run.label, "todo": s.todo, "why": why} for s, why in found]
        print(json.dumps({"runs": rows}, ensure_ascii=False, indent=2))
        return
    for standing, why in found:
        out.print(f"{escape(standing.run.label)}: {_todo(standing)}", highlight=False)
        for reason in why[:_SHOWN]:
            out.print(f"    {escape(reason)}", highlight=False, soft_wrap=True)
        if len(why) > _SHOWN:
            out.print("    " + say("ほか {n} 件", n=len(why) - _SHOWN), highlight=False)
    count = {todo: sum(s.todo == todo for s, _ in found) for todo in ("nothing", "publish")}
    out.print(
        say(
            "実行 {execute} 件、清書だけ {publish} 件、変更なし {nothing} 件"
            "（まだ何も作っていません）",
            execute=len(found) - sum(count.values()),
            **count,
        ),
        highlight=False,
    )


def _todo(standing: Standing) -> str:
    if standing.todo == "nothing":
        return say("変更なし")
    return say("清書だけします") if standing.todo == "publish" else say("実行します")


def _show_report(report: Report) -> None:
    for note in report.notes:
        out.print(escape(note), highlight=False)
    for result in report.failed:
        err.print(f"✗ {escape(result.label)}", style="red", highlight=False)
        err.print(escape(result.error), highlight=False, soft_wrap=True)
        if result.command:
            again = say("もう一度: {command}", command=result.command)
            err.print(f"  → {escape(again)}", highlight=False, soft_wrap=True)
    count = {s: sum(r.status == s for r in report.results) for s in ("made", "unchanged")}
    out.print(
        say(
            "できた {made} 件、変更なし {unchanged} 件、失敗 {failed} 件",
            made=count["made"],
            unchanged=count["unchanged"],
            failed=len(report.failed),
        ),
        highlight=False,
    )
    out.print(say("→ {path} を開いてください。", path=report.output / "index.html"), soft_wrap=True)
