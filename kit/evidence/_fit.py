"""The arithmetic under the estimators, and the Effect made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.errors import DataError, ParameterError
from kit.evidence._frame import Table
from kit.evidence.effect import Arm, Assumption, Effect
from kit.evidence.intervals import newcombe_interval
from kit.language import say

if TYPE_CHECKING:
    import numpy as np

FEW_CLUSTERS = 40
FEW_EVENTS = 5


@dataclass(frozen=True)
class Question:
    """What the caller asked: how sure, of what, and whether lots decided."""

    level: float = 0.95
    randomised: bool = True
    estimand: str | None = None
    unit: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ParameterError(
                say("信頼区間の水準は 0 と 1 の間で書いてください（{level}）。", level=self.level)
            )


def refuse_constant(table: Table) -> None:
    """Stop where there is nothing to compare."""
    if table.y.min() == table.y.max():
        raise DataError(
            say(
                "列「{name}」は全員が同じ値（{value:g}）です。比べられるものがありません。",
                name=table.outcome,
                value=table.y[0],
            ),
            hint=say("別の結果の列を選ぶか、集計の条件を見なおしてください。"),
        )


def few_events(table: Table) -> bool:
    """Whether an arm of a yes-or-no outcome has too few of either for a t interval."""
    if not table.binary or table.g is not None:
        return False
    arms = (table.y[table.d == 1], table.y[table.d == 0])
    return any(min(arm.sum(), len(arm) - arm.sum()) < FEW_EVENTS for arm in arms)


def clusters(table: Table) -> int:
    """Return how many clusters there are; 0 where persons were drawn."""
    return 0 if table.g is None else int(table.g.max()) + 1


def least_squares(table: Table, x: np.ndarray) -> tuple[float, float, float]:
    """Return the treatment's coefficient, its HC2 standard error, and the degrees of freedom."""
    import numpy as np
    from statsmodels.regression.linear_model import OLS

    design = np.column_stack([table.d, np.ones(table.n), x])
    # A person whom the covariates fit perfectly says nothing about the treatment, and HC2 would
    # divide zero by zero: leaving such rows out changes no coefficient.
    q, _ = np.linalg.qr(design)
    kept = (q**2).sum(axis=1) < 1 - 1e-10
    design, y = design[kept], table.y[kept]
    varying = np.ptp(design, axis=0) > 0
    varying[1] = True
    fit = OLS(y, design[:, varying]).fit(cov_type="HC2", use_t=True)
    estimate, error = float(fit.params[0]), float(fit.bse[0])
    if not (varying[0] and np.isfinite(error)):
        raise DataError(say("説明の列が多すぎて、効果を分けられません。列を減らしてください。"))
    return estimate, error, float(fit.df_resid)


def jackknife(table: Table, x: np.ndarray) -> tuple[float, float]:
    """Estimate, and its standard error by leaving out one cluster at a time (CRV3)."""
    import numpy as np

    groups = clusters(table)
    new = len(np.unique(table.g[table.d == 1])) if table.g is not None else 0
    usual = len(np.unique(table.g[table.d == 0])) if table.g is not None else 0
    if groups < 4 or min(new, usual) < 2:
        raise DataError(
            say("まとまりが足りません。新・従来のそれぞれに 2 つ以上、合わせて 4 つ以上要ります。"),
            where=say("新 {new}、従来 {usual}", new=new, usual=usual),
            hint=say("もっと小さなまとまりで分けるか、1 人ずつ分けてください。"),
        )
    design = np.column_stack([table.d, np.ones(table.n), x])
    k = design.shape[1]
    cross, target = np.zeros((groups, k, k)), np.zeros((groups, k))
    for group in range(groups):
        rows = table.g == group
        cross[group] = design[rows].T @ design[rows]
        target[group] = design[rows].T @ table.y[rows]
    whole, goal = cross.sum(axis=0), target.sum(axis=0)
    estimate = np.linalg.lstsq(whole, goal, rcond=None)[0][0]
    without = [
        np.linalg.lstsq(whole - cross[group], goal - target[group], rcond=None)[0][0]
        for group in range(groups)
    ]
    squares = float(((np.array(without) - estimate) ** 2).sum())
    return float(estimate), float(np.sqrt((groups - 1) / groups * squares))


def from_t(
    table: Table,
    question: Question,
    *,
    estimate: float,
    error: float,
    df: float,
    method: str,
    extra: tuple[Assumption, ...] = (),
) -> Effect:
    """Return the Effect with a t interval of `df` degrees of freedom."""
    from scipy.special import stdtr, stdtrit

    reach = float(stdtrit(df, 1 - (1 - question.level) / 2)) * error
    return describe(
        table,
        question,
        estimate=estimate,
        error=error,
        interval=(estimate - reach, estimate + reach),
        p_value=2 * float(stdtr(df, -abs(estimate) / error)) if error > 0 else None,
        method=method,
        extra=extra,
    )


def from_shares(table: Table, question: Question, method: str) -> Effect:
    """Return the difference of two shares with Newcombe's interval."""
    import numpy as np
    from scipy.special import ndtri

    new, usual = table.y[table.d == 1], table.y[table.d == 0]
    counts = int(new.sum()), len(new), int(usual.sum()), len(usual)
    low, high = newcombe_interval(*counts, question.level)
    error = float(np.sqrt(new.var() / len(new) + usual.var() / len(usual)))
    if error == 0:
        # Both arms all yes or all no: the plain formula would claim to know everything.
        error = (high - low) / (2 * float(ndtri(1 - (1 - question.level) / 2)))
    return describe(
        table,
        question,
        estimate=float(new.mean() - usual.mean()),
        error=error,
        interval=(low, high),
        p_value=None,
        method=method,
    )


def describe(
    table: Table,
    question: Question,
    *,
    estimate: float,
    error: float,
    interval: tuple[float, float],
    p_value: float | None,
    method: str,
    extra: tuple[Assumption, ...] = (),
) -> Effect:
    """Return the Effect with what must be true for it."""
    new, usual = table.y[table.d == 1], table.y[table.d == 0]
    return Effect(
        estimate=estimate,
        standard_error=error,
        confidence_interval=interval,
        n=table.n,
        method=method,
        estimand=question.estimand
        or say(
            "「{treatment}」が「{outcome}」に与える平均の効果",
            treatment=table.treatment,
            outcome=table.outcome,
        ),
        unit=question.unit or ("share" if table.binary else ""),
        assumptions=(*_assumptions(table, question.randomised), *extra),
        evidence_level=5 if question.randomised else 1,
        level=question.level,
        p_value=p_value,
        arms=(
            Arm(say("新しい方"), len(new), float(new.mean())),
            Arm(say("従来"), len(usual), float(usual.mean())),
        ),
        dropped=table.dropped,
        clusters=clusters(table) or None,
        source=table.source,
    )


def _assumptions(table: Table, randomised: bool) -> tuple[Assumption, ...]:
    found = [
        Assumption(
            say("くじで分けた"),
            say("分析した人の申告による。くじの手順と乱数の種の記録で確かめられる")
            if randomised
            else say("くじで分けていない。選ばれ方の違いが混ざる"),
            bool(randomised),
        ),
        Assumption(
            say("ほかの人に何が届いたかは、本人の結果に関わらない"),
            say("データでは調べられない。家族や近所で話が伝わる場合は、まとまりごとに分ける"),
        ),
    ]
    if table.dropped:
        found.append(_attrition(table))
    if table.g is not None and clusters(table) < FEW_CLUSTERS:
        found.append(
            Assumption(
                say("まとまりの数が十分にある"),
                say(
                    "{count} 個（{few} 個未満では区間が不確か）",
                    count=clusters(table),
                    few=FEW_CLUSTERS,
                ),
            )
        )
    return tuple(found)


def _attrition(table: Table) -> Assumption:
    lost_new, all_new, lost_usual, all_usual = table.lost_by_arm
    low, high = 0.0, 0.0
    if all_new and all_usual:
        low, high = newcombe_interval(lost_new, all_new, lost_usual, all_usual, 0.99)
    columns = ", ".join(f"{name} {count:,}" for name, count in table.missing.items())
    return Assumption(
        say("欠けた値が、どちらかのグループにかたよっていない"),
        say(
            "{total} 件のうち {dropped} 件を除いた（欠けていた列: {columns}）。"
            "除いた割合は、新しい方 {new:.1%}、従来 {usual:.1%}",
            total=f"{table.total:,}",
            dropped=f"{table.dropped:,}",
            columns=columns,
            new=lost_new / all_new if all_new else 0,
            usual=lost_usual / all_usual if all_usual else 0,
        ),
        False if low > 0 or high < 0 else None,
    )
