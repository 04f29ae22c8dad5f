"""What a randomised experiment found.

Every function takes a tidy frame, one row a person, and returns an
:class:`~kit.evidence.effect.Effect`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from kit.errors import DataError, ParameterError
from kit.evidence import _fit
from kit.evidence._frame import clean
from kit.evidence.effect import Assumption, Effect
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def difference_in_means(
    data: pd.DataFrame,
    *,
    outcome: str,
    treatment: str,
    cluster: str | None = None,
    variance: Literal["unequal", "equal"] = "unequal",
    randomised: bool = True,
    estimand: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    source: Any = None,
) -> Effect:
    """Compare the mean outcome of the two arms as they were assigned (intention to treat).

    The standard error is Neyman's √(s₁²/n₁ + s₀²/n₀), which OLS calls HC2, with Welch's degrees
    of freedom (Welch 1947); ``variance="equal"`` is the classical pooled one. With `cluster`, a
    leave-one-cluster-out jackknife (CRV3: Bell & McCaffrey 2002; MacKinnon, Nielsen & Webb 2023)
    with G − 1 degrees of freedom. A yes-or-no outcome with fewer than five events or non-events
    in an arm gets Newcombe's interval instead
    (see :func:`~kit.evidence.proportions.difference_in_proportions`).

    Parameters
    ----------
    data : DataFrame
        One row a person. Rows with a gap are left out and counted.
    outcome : str
        Column of numbers; 0/1 or True/False for yes and no.
    treatment : str
        Column of 1 (new) and 0 (usual).
    cluster : str, optional
        Column that names the group drawn as a whole.
    variance : {"unequal", "equal"}
        Whether the arms may differ in spread.
    randomised : bool
        Whether lots decided who got what. If not, the sentence warns and the evidence level is 1.
    estimand, unit : str, optional
        What the effect is of, in words, and its unit; a yes-or-no outcome is a ``"share"``.
    level : float
        Of the confidence interval.
    source : Citation or str, optional
        Where the data come from; ``data.attrs["citation"]`` if not given.

    Raises
    ------
    DataError
        If the frame cannot be compared: an empty arm, words for numbers, nothing varies.

    Examples
    --------
    >>> import pandas as pd
    >>> attended = [1, 0] * 25 + [1, 0, 0, 0, 0] * 10
    >>> data = pd.DataFrame({"letter": [1] * 50 + [0] * 50, "attended": attended})
    >>> effect = difference_in_means(data, outcome="attended", treatment="letter")
    >>> round(effect.estimate, 3), round(effect.standard_error, 4)
    (0.3, 0.0915)
    """
    question = _fit.Question(level, randomised, estimand, unit)
    table = clean(data, outcome=outcome, treatment=treatment, cluster=cluster, source=source)
    if _fit.few_events(table):
        return _fit.from_shares(table, question, say("割合の差（ニューカムの信頼区間）"))
    _fit.refuse_constant(table)
    if table.g is not None:
        estimate, error = _fit.jackknife(table, table.x)
        df = _fit.clusters(table) - 1.0
        method = say("平均の差（まとまりを 1 つずつ抜いた標準誤差、CRV3）")
    else:
        from statsmodels.stats.weightstats import CompareMeans

        new, usual = table.y[table.d == 1], table.y[table.d == 0]
        pair = CompareMeans.from_data(new, usual)
        estimate = float(new.mean() - usual.mean())
        if variance == "equal":
            error, df = float(pair.std_meandiff_pooledvar), float(table.n - 2)
            method = say("平均の差（ばらつきが等しいと考えた標準誤差）")
        elif variance == "unequal":
            error, df = float(pair.std_meandiff_separatevar), float(pair.dof_satt())
            method = say("平均の差（HC2 標準誤差）")
        else:
            raise ParameterError(
                say("variance には unequal か equal を書いてください。"), where=str(variance)
            )
    return _fit.from_t(table, question, estimate=estimate, error=error, df=df, method=method)


def ancova(
    data: pd.DataFrame,
    *,
    outcome: str,
    treatment: str,
    covariates: Sequence[str],
    cluster: str | None = None,
    interact: bool = False,
    randomised: bool = True,
    estimand: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    source: Any = None,
) -> Effect:
    """Compare the arms after allowing for what was known beforehand (ANCOVA).

    Ordinary least squares of the outcome on the treatment and the centred covariates, HC2
    standard errors (MacKinnon & White 1985), t intervals. ``interact=True`` lets the covariates
    work differently in each arm (Lin 2013). With `cluster`, and where a yes-or-no outcome is too
    rare to adjust, as in :func:`difference_in_means`.

    Parameters
    ----------
    data, outcome, treatment, cluster, randomised, estimand, unit, level, source
        As in :func:`difference_in_means`.
    covariates : sequence of str
        Columns known **before** the treatment; numbers, or words (one indicator a level). Those
        that never vary or repeat each other are left out.
    interact : bool
        Whether to add treatment × covariate.

    Raises
    ------
    DataError
        As above, or more covariates than people allow.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> age, letter = rng.normal(55, 10, 400), rng.permutation([0, 1] * 200)
    >>> data = pd.DataFrame({"年齢（歳）": age, "letter": letter})
    >>> data["待ち[分]"] = 2 * letter + .3 * age
    >>> effect = ancova(data, outcome="待ち[分]", treatment="letter", covariates=["年齢（歳）"])
    >>> round(effect.estimate, 6)
    2.0
    """
    import numpy as np

    question = _fit.Question(level, randomised, estimand, unit)
    table = clean(
        data,
        outcome=outcome,
        treatment=treatment,
        covariates=covariates,
        cluster=cluster,
        source=source,
    )
    if _fit.few_events(table):
        method = say(
            "割合の差（当てはまる人が少ないので、説明の列は使わない。ニューカムの信頼区間）"
        )
        return _fit.from_shares(table, question, method)
    _fit.refuse_constant(table)
    x = table.x
    if interact:
        x = np.column_stack([x, x * table.d[:, None]])
    if table.n <= x.shape[1] + 2:
        raise DataError(
            say(
                "{n} 人のデータに、説明の列が {k} 本あります。列を減らしてください。",
                n=table.n,
                k=x.shape[1],
            )
        )
    if table.g is not None:
        estimate, error = _fit.jackknife(table, x)
        df = _fit.clusters(table) - 1.0
        method = say("共分散分析（まとまりを 1 つずつ抜いた標準誤差、CRV3）")
    else:
        estimate, error, df = _fit.least_squares(table, x)
        method = say("共分散分析（HC2 標準誤差）")
    return _fit.from_t(table, question, estimate=estimate, error=error, df=df, method=method)


def late(
    data: pd.DataFrame,
    *,
    outcome: str,
    assigned: str,
    received: str,
    randomised: bool = True,
    estimand: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    source: Any = None,
) -> Effect:
    """Return the effect on those whom the lots moved to take the treatment (LATE).

    Wald's ratio: difference in outcome over difference in take-up, both by what was *assigned*
    (Imbens & Angrist 1994); its standard error is that of two-stage least squares with unequal
    variances.

    Parameters
    ----------
    assigned : str
        Column of what the lots said, 0/1.
    received : str
        Column of what was really taken, 0/1.
    data, outcome, randomised, estimand, unit, level, source
        As in :func:`difference_in_means`.

    Raises
    ------
    DataError
        If the lots changed nothing about who took the treatment.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"sent": [1] * 40 + [0] * 40, "read": [1, 0] * 20 + [0] * 40,
    ...                      "attended": [1, 0, 0, 0] * 10 + [0, 0, 0, 0, 1] * 8})
    >>> round(late(data, outcome="attended", assigned="sent", received="read").estimate, 3)
    0.1
    """
    import numpy as np

    question = _fit.Question(
        level,
        randomised,
        estimand
        or say(
            "くじに従って「{received}」を変えた人での、「{outcome}」への効果",
            received=received,
            outcome=outcome,
        ),
        unit,
    )
    table = clean(data, outcome=outcome, treatment=assigned, covariates=[received], source=source)
    # The same complete rows again, with what was taken in the place of the outcome.
    whole = data[[outcome, assigned, received]].notna().all(axis=1)
    took = clean(data[whole], outcome=received, treatment=assigned)
    _fit.refuse_constant(table)
    if not took.binary:
        raise DataError(say("列「{name}」は 0 か 1 だけで書いてください。", name=received))
    new, usual = table.d == 1, table.d == 0
    moved = float(took.y[new].mean() - took.y[usual].mean())
    if moved == 0:
        raise DataError(
            say("くじは、「{name}」をまったく変えていません。この方法は使えません。", name=received)
        )
    estimate = float(table.y[new].mean() - table.y[usual].mean()) / moved
    rest = table.y - estimate * took.y

    def spread(values: np.ndarray) -> float:
        return float(
            np.sqrt(values[new].var(ddof=1) / new.sum() + values[usual].var(ddof=1) / usual.sum())
        )

    first_stage = spread(took.y)
    strength = (moved / first_stage) ** 2 if first_stage > 0 else np.inf
    extra = (
        Assumption(
            say("くじが、実際に受けるかどうかを十分に動かした"),
            say("第 1 段階の F 値 {f:.1f}（10 未満は弱い）", f=strength),
            bool(strength >= 10),
        ),
        Assumption(
            say("くじは、受けるかどうかを通してだけ結果を変える"),
            say("データでは調べられない。仕組みから考える"),
        ),
    )
    return _fit.from_t(
        table,
        question,
        estimate=estimate,
        error=spread(rest) / abs(moved),
        df=float(table.n - 2),
        method=say("局所平均処置効果（ワルド推定）"),
        extra=extra,
    )
