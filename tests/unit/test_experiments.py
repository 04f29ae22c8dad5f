"""Estimators against published numbers, awkward data and worlds with a known truth."""

import numpy as np
import pandas as pd
import pytest

from kit.errors import DataError, KitError
from kit.evidence import (
    ancova,
    balance,
    difference_in_means,
    difference_in_proportions,
    late,
    newcombe_interval,
    randomise,
)

COLUMNS = {"outcome": "attended", "treatment": "letter"}


def trial(new, n_new, usual, n_usual):
    """Return a frame with so many attending in each arm."""
    attended = [1] * new + [0] * (n_new - new) + [1] * usual + [0] * (n_usual - usual)
    return pd.DataFrame({"letter": [1] * n_new + [0] * n_usual, "attended": attended})


# -- published numbers --


def test_newcombe_1998_table_2():
    low, high = newcombe_interval(56, 70, 48, 80)
    assert (low, high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    effect = difference_in_proportions(trial(56, 70, 48, 80), **COLUMNS)
    assert effect.confidence_interval == pytest.approx((low, high))
    assert effect.estimate == pytest.approx(0.2)


def test_nsw_experiment():
    # Dehejia & Wahba's subsample of LaLonde (1986): 1794.34, classical standard error 632.85.
    data = pytest.importorskip("causaldata").nsw_mixtape.load_pandas().data
    effect = difference_in_means(data, outcome="re78", treatment="treat", variance="equal")
    assert effect.estimate == pytest.approx(1794.34, abs=0.01)
    assert effect.standard_error == pytest.approx(632.85, abs=0.01)
    robust = difference_in_means(data, outcome="re78", treatment="treat")
    assert robust.estimate == pytest.approx(1794.34, abs=0.01)
    assert robust.standard_error == pytest.approx(671.0, abs=0.05)


# -- what they are made of --


def simulate(seed, n=400, effect=0.0):
    rng = np.random.default_rng(seed)
    age = rng.normal(55, 10, n)
    letter = rng.permutation(np.repeat([0, 1], [n - n // 2, n // 2]))
    minutes = 30 + effect * letter + 0.5 * age + rng.normal(0, 5, n)
    return pd.DataFrame({"letter": letter, "年齢（歳）": age, "待ち[分]": minutes})


def test_difference_in_means_is_ols_with_hc2():
    import statsmodels.api as sm

    data = simulate(1, effect=2)
    effect = difference_in_means(data, outcome="待ち[分]", treatment="letter")
    fit = sm.OLS(data["待ち[分]"], sm.add_constant(data["letter"])).fit(cov_type="HC2", use_t=True)
    assert effect.estimate == pytest.approx(fit.params["letter"])
    assert effect.standard_error == pytest.approx(fit.bse["letter"])


def test_ancova_finds_the_same_effect_with_less_doubt():
    data = simulate(2, effect=2)
    plain = difference_in_means(data, outcome="待ち[分]", treatment="letter")
    adjusted = ancova(data, outcome="待ち[分]", treatment="letter", covariates=["年齢（歳）"])
    assert adjusted.standard_error < 0.8 * plain.standard_error
    low, high = adjusted.confidence_interval
    assert low < 2 < high


def test_words_are_covariates_too_and_repeats_are_left_out():
    data = simulate(3, effect=1)
    data["町"] = np.where(data["年齢（歳）"] > 55, "北", "南")
    data["同じ町"] = data["町"]
    data["みな同じ"] = 1
    names = ["町", "同じ町", "みな同じ"]
    once = ancova(data, outcome="待ち[分]", treatment="letter", covariates=["町"])
    thrice = ancova(data, outcome="待ち[分]", treatment="letter", covariates=names)
    assert thrice.estimate == pytest.approx(once.estimate)
    assert thrice.standard_error == pytest.approx(once.standard_error)


def test_a_district_of_one_person_does_not_break_ancova():
    data = simulate(4, n=60)
    data["地区"] = ["一人の島", *["本土"] * 59]
    effect = ancova(data, outcome="待ち[分]", treatment="letter", covariates=["地区"])
    assert np.isfinite(effect.standard_error)


def test_lin_2013_interactions_are_allowed():
    data = simulate(5, effect=1)
    effect = ancova(
        data, outcome="待ち[分]", treatment="letter", covariates=["年齢（歳）"], interact=True
    )
    low, high = effect.confidence_interval
    assert low < 1 < high


# -- metamorphic: what must not change anything --


def test_order_and_names_of_people_change_nothing():
    data = simulate(6, effect=1)
    shuffled = data.sample(frac=1, random_state=1).set_axis(range(1000, 1400))
    first, second = (
        ancova(frame, outcome="待ち[分]", treatment="letter", covariates=["年齢（歳）"])
        for frame in (data, shuffled)
    )
    assert first.estimate == pytest.approx(second.estimate)
    assert first.standard_error == pytest.approx(second.standard_error)


def test_scaling_the_outcome_scales_the_estimate():
    data = simulate(7, effect=1)
    data["秒"] = 60 * data["待ち[分]"]
    minutes = difference_in_means(data, outcome="待ち[分]", treatment="letter")
    seconds = difference_in_means(data, outcome="秒", treatment="letter")
    assert seconds.estimate == pytest.approx(60 * minutes.estimate)
    assert seconds.p_value == pytest.approx(minutes.p_value)


def test_swapping_the_arms_turns_the_sign():
    data = trial(30, 100, 20, 100)
    swapped = data.assign(letter=1 - data["letter"])
    one, other = (difference_in_means(d, **COLUMNS) for d in (data, swapped))
    assert one.estimate == pytest.approx(-other.estimate)


# -- known truth --


def share_covering(truth, draw, estimate, repeats=400):
    covered = 0
    for seed in range(repeats):
        low, high = estimate(draw(seed)).confidence_interval
        covered += low <= truth <= high
    return covered / repeats


def test_intervals_cover_the_truth_in_a_small_unequal_trial():
    def draw(seed):
        rng = np.random.default_rng(seed)
        letter = np.repeat([1, 0], [10, 30])
        return pd.DataFrame({"letter": letter, "y": rng.normal(0, 1 + 2 * letter) + letter})

    share = share_covering(
        1, draw, lambda d: difference_in_means(d, outcome="y", treatment="letter")
    )
    assert 0.92 <= share <= 0.98


def test_ancova_intervals_cover_the_truth():
    share = share_covering(
        2,
        lambda seed: simulate(seed, n=80, effect=2),
        lambda d: ancova(d, outcome="待ち[分]", treatment="letter", covariates=["年齢（歳）"]),
        repeats=300,
    )
    assert 0.92 <= share <= 0.98


def test_newcombe_covers_where_events_are_rare():
    def draw(seed):
        rng = np.random.default_rng(seed)
        return trial(rng.binomial(40, 0.08), 40, rng.binomial(40, 0.03), 40)

    share = share_covering(0.05, draw, lambda d: difference_in_means(d, **COLUMNS), repeats=300)
    assert share >= 0.92


def clustered(seed, groups=12, size=30):
    rng = np.random.default_rng(seed)
    town = np.repeat(np.arange(groups), size)
    data = pd.DataFrame({"地区": town})
    data["letter"] = randomise(data, seed=seed, cluster="地区")
    data["y"] = data["letter"] + rng.normal(0, 1, groups)[town] + rng.normal(0, 1, len(town))
    return data


def test_counting_persons_where_districts_were_drawn_is_overconfident():
    def estimate(**options):
        return lambda d: difference_in_means(d, outcome="y", treatment="letter", **options)

    assert share_covering(1, clustered, estimate(), repeats=200) < 0.6
    assert 0.92 <= share_covering(1, clustered, estimate(cluster="地区"), repeats=200) <= 0.99


def test_few_clusters_are_named_as_a_doubt():
    effect = difference_in_means(clustered(1), outcome="y", treatment="letter", cluster="地区")
    assert effect.clusters == 12
    assert any(a.held is None and "12" in a.looked_at for a in effect.assumptions)


def test_two_districts_are_not_an_experiment():
    with pytest.raises(DataError):
        difference_in_means(clustered(1, groups=2), outcome="y", treatment="letter", cluster="地区")


def test_late_is_the_effect_on_those_moved():
    rng = np.random.default_rng(8)
    n = 6000
    sent = rng.permutation(np.repeat([0, 1], n // 2))
    reader = rng.random(n) < 0.5
    read = sent * reader
    attended = (rng.random(n) < 0.2 + 0.1 * read + 0.1 * reader).astype(int)
    data = pd.DataFrame({"sent": sent, "read": read, "attended": attended})
    effect = late(data, outcome="attended", assigned="sent", received="read")
    low, high = effect.confidence_interval
    assert low < 0.10 < high
    itt = difference_in_means(data, outcome="attended", treatment="sent")
    assert effect.estimate == pytest.approx(itt.estimate / data.groupby("sent")["read"].mean()[1])
    assert effect.p_value == pytest.approx(itt.p_value, abs=0.02)


def test_late_says_when_the_lots_hardly_moved_anyone():
    data = trial(30, 100, 20, 100).rename(columns={"letter": "sent"})
    data["read"] = [1, 1, *[0] * 98, 1, *[0] * 99]
    effect = late(data, outcome="attended", assigned="sent", received="read")
    assert effect.failed
    data["read"] = 0
    with pytest.raises(DataError):
        late(data, outcome="attended", assigned="sent", received="read")


# -- awkward data --


@pytest.mark.parametrize(("new", "usual"), [(0, 0), (20, 20), (0, 20), (1, 0), (4, 5)])
def test_zero_and_all_events_give_an_interval_that_admits_doubt(new, usual):
    for effect in (
        difference_in_means(trial(new, 20, usual, 20), **COLUMNS),
        ancova(trial(new, 20, usual, 20), covariates=[], **COLUMNS),
    ):
        low, high = effect.confidence_interval
        assert -1 <= low < effect.estimate < high <= 1 or abs(effect.estimate) == 1
        assert high - low > 0.05
        assert effect.standard_error > 0


def test_a_constant_outcome_of_another_kind_is_told():
    data = trial(5, 20, 5, 20).assign(score=7)
    for estimate in (difference_in_means, ancova):
        more = {"covariates": []} if estimate is ancova else {}
        with pytest.raises(DataError, match="全員が同じ値"):
            estimate(data, outcome="score", treatment="letter", **more)


def test_gaps_are_counted_and_named():
    data = trial(30, 100, 20, 100)
    data["attended"] = data["attended"].astype("Int64")
    data.loc[[0, 1, 150], "attended"] = pd.NA
    effect = difference_in_means(data, **COLUMNS)
    assert (effect.n, effect.dropped) == (197, 3)
    gap = next(a for a in effect.assumptions if "欠けた値" in a.name)
    assert "attended 3" in gap.looked_at
    assert gap.held is None


def test_gaps_on_one_side_only_are_a_failed_assumption():
    data = trial(50, 100, 20, 100).astype({"attended": float})
    data.loc[data.index[30:60], "attended"] = np.nan
    effect = difference_in_means(data, **COLUMNS)
    assert any("欠けた値" in a.name for a in effect.failed)
    assert "崩れています" in effect.sentence


def test_without_lots_the_sentence_warns_and_the_evidence_is_weak():
    effect = difference_in_means(trial(50, 100, 20, 100), randomised=False, **COLUMNS)
    assert effect.evidence_level == 1
    assert effect.failed


def test_truth_values_and_nullable_numbers_are_fine():
    data = trial(30, 100, 20, 100)
    plain = difference_in_means(data, **COLUMNS)
    for other in (
        data.astype(bool),
        data.astype("Int64"),
        data.astype("boolean"),
        data.astype(str),
    ):
        assert difference_in_means(other, **COLUMNS).estimate == pytest.approx(plain.estimate)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda d: difference_in_means(d, outcome="attend", treatment="letter"),
        lambda d: difference_in_means(d, outcome="letter", treatment="letter"),
        lambda d: difference_in_means(d.assign(letter=2), **COLUMNS),
        lambda d: difference_in_means(d.assign(letter=1), **COLUMNS),
        lambda d: difference_in_means(d.assign(attended="はい"), **COLUMNS),
        lambda d: difference_in_means(d.assign(attended=np.inf), **COLUMNS),
        lambda d: difference_in_means(d.iloc[:0], **COLUMNS),
        lambda d: difference_in_means(d.iloc[:3], **COLUMNS),
        lambda d: difference_in_means([1, 2], **COLUMNS),
        lambda d: difference_in_means(d, variance="?", **COLUMNS),
        lambda d: difference_in_means(d, level=95, **COLUMNS),
        lambda d: difference_in_means(pd.concat([d, d], axis=1), **COLUMNS),
        lambda d: difference_in_proportions(d.assign(attended=3), **COLUMNS),
        lambda d: newcombe_interval(5, 3, 1, 3),
        lambda d: ancova(
            d[90:110], outcome="x0", treatment="letter", covariates=list(d.columns[3:])
        ),
    ],
)
def test_mistakes_end_in_a_sentence(wrong):
    rng = np.random.default_rng(1)
    data = trial(30, 100, 20, 100)
    data = data.join(pd.DataFrame(rng.normal(size=(200, 30))).add_prefix("x"))
    with pytest.raises(KitError):
        wrong(data)


def test_a_misspelt_column_gets_the_nearest_name():
    with pytest.raises(DataError) as told:
        difference_in_means(trial(3, 9, 3, 9), outcome="atended", treatment="letter")
    assert "attended" in str(told.value)


# -- lots --


def test_lots_are_fair_repeatable_and_as_many_as_planned():
    people = pd.DataFrame({"x": range(101)}, index=range(500, 601))
    first = randomise(people, seed=5)
    assert first.sum() == 50
    assert first.index.equals(people.index)
    assert first.equals(randomise(people, seed=5))
    assert not first.equals(randomise(people, seed=6))
    assert randomise(people, seed=5, share=0.25).sum() == 25
    often = sum(randomise(people, seed=seed) for seed in range(400)) / 400
    assert often.between(0.35, 0.65).all()


def test_lots_within_strata_are_even_in_each():
    people = pd.DataFrame({"地区": ["A"] * 11 + ["B"] * 7 + ["C"] * 2 + [None]})
    letter = randomise(people, seed=1, within="地区")
    assert letter.sum() == 10
    each = letter.groupby(people["地区"]).mean()
    assert each.between(0.4, 0.6).all()


def test_lots_by_district_keep_districts_whole():
    people = pd.DataFrame({"地区": list("AABBBCCCCD")})
    letter = randomise(people, seed=2, cluster="地区")
    assert letter.groupby(people["地区"]).nunique().eq(1).all()
    assert letter.groupby(people["地区"]).first().sum() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        lambda p: randomise(p, seed=1, share=1.5),
        lambda p: randomise(p.iloc[:1], seed=1),
        lambda p: randomise(p, seed=1, within="x", cluster="x"),
        lambda p: randomise(p, seed=1, within="町"),
    ],
)
def test_lots_that_cannot_be_drawn_are_told(wrong):
    with pytest.raises(KitError):
        wrong(pd.DataFrame({"x": range(4)}))


def test_balance_sees_a_biased_choice_and_passes_fair_lots():
    rng = np.random.default_rng(3)
    people = pd.DataFrame({"age": rng.normal(55, 10, 2000), "sex": rng.choice(["f", "m"], 2000)})
    gaps = []
    for seed in range(200):
        drawn = people.assign(letter=randomise(people, seed=seed))
        fair = balance(drawn, treatment="letter", covariates=["age", "sex"])
        gaps.append(fair["standardised_difference"].iloc[0])
    # Chance alone: two groups of 1,000 differ with a standard error of √(2/1000).
    assert np.std(gaps) == pytest.approx(np.sqrt(2 / 1000), rel=0.15)
    assert np.mean(gaps) == pytest.approx(0, abs=0.01)
    assert fair["level"].tolist() == ["", "f", "m"]
    people["letter"] = (people["age"] > 55).astype(int)
    chosen = balance(people, treatment="letter", covariates=["age"])
    assert chosen["standardised_difference"].item() > 1
