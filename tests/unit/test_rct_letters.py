"""The checks of rct-letters hold for every municipality, seed and parameter, and know the mistakes."""

import math

import pytest

import kit
from kit import course, places
from kit.errors import KitError

CLASSES = {
    "the default": {},
    "no effect": {"effect": 0.0, "seed": 5},
    "a letter that harms": {"effect": -0.08, "letters": 3000, "seed": 2},
    "nearly nobody comes": {"baseline": 0.02, "effect": -0.10, "letters": 40, "seed": 3},
    "nearly everybody comes": {"baseline": 0.80, "effect": 0.20, "letters": 500},
    "a village": {"municipality": "13402", "letters": 60, "seed": 4},
    "a large ward": {"municipality": "13112", "letters": 100_000, "seed": 2_147_483_647},
}


@pytest.fixture(autouse=True)
def _desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def context(name, line=0.01):
    """Return what the notebook hands to this check besides the answer."""
    return {"line": line} if name == "decision" else {}


def experiment(lesson):
    """Do what the notebook does, and return the people and the result."""
    world = kit.data.world(
        "checkup-letters",
        municipality=lesson.municipality.code,
        n=lesson.letters,
        baseline=lesson.baseline,
        effect=min(max(lesson.effect, -lesson.baseline), 1 - lesson.baseline),
        seed=lesson.seed,
    )
    letter = kit.evidence.randomise(world.people, seed=lesson.seed)
    data = world.people.assign(letter=letter, attended=world.outcomes(letter))
    result = kit.evidence.difference_in_means(data, outcome="attended", treatment="letter")
    return world, data, result


@pytest.fixture(params=CLASSES.values(), ids=CLASSES.keys())
def lesson(request):
    return kit.lesson("rct-letters", **request.param)


def test_right_answers_are_right(lesson):
    _, data, result = experiment(lesson)
    counts = data.groupby("letter")["attended"].agg(["sum", "count"])
    by_hand = counts["sum"][1] / counts["count"][1] - counts["sum"][0] / counts["count"][0]
    reach = 1.96 * result.standard_error
    decision = {"above": "A", "below": "B", "across": "C"}[result.against(0.01)]
    answers = {
        "new_rate": lesson.baseline + 0.05,
        "difference": by_hand,
        "low": by_hand - reach,
        "high": by_hand + reach,
        "covariates": ["age", "sex", "last_year"],
        "decision": decision,
    }
    for name, answer in answers.items():
        assert lesson.check(name, answer, **context(name)).state == "right", name
    # Copied from the screen, rounded as the screen rounds.
    assert lesson.check("difference", f"{by_hand:.4f}").state == "right"
    assert (
        lesson.check("low", round(round(by_hand, 4) - 1.96 * round(reach / 1.96, 4), 4)).state
        == "right"
    )


def test_blanks_and_nonsense_are_never_a_fault(lesson):
    names = ("new_rate", "difference", "low", "high", "covariates", "decision")
    for name in names:
        assert lesson.check(name, ..., **context(name)).state == "blank"
        for nonsense in ("?", [], {}, None, 10**9, float("nan"), ("A", "B", "X"), True):
            state = lesson.check(name, nonsense, **context(name)).state
            assert state in ("not-yet", "blank"), (name, nonsense)
    for line in (..., None, "0.01", True, 5, -0.1, float("nan")):
        assert lesson.check("decision", "A", line=line).state == "not-yet"
        assert lesson.check("decision", ..., line=line).state == "blank"


def test_named_mistakes_are_named():
    lesson = kit.lesson("rct-letters")
    world, _, result = experiment(lesson)
    record = world.history()
    rates = record.groupby("letter")["attended"].mean()
    told = {
        "difference": {
            rates[1] - rates[0]: "鈴木さんの記録",
            record["attended"].mean() - record["last_year"].mean(): "前の年との比較",
            result.arms[0].mean: "新しい通知文の受診率",
            result.arms[0].mean / result.arms[1].mean - 1: "比です",
            -result.estimate: "符号",
            100 * result.estimate: "100 で割って",
            rates[0] - rates[1]: "鈴木さんの記録",
            100 * (rates[1] - rates[0]): "鈴木さんの記録",
        },
        "low": {
            result.estimate + 1.96 * result.standard_error: "逆",
            result.estimate - result.standard_error: "68％",
            result.estimate: "差そのもの",
            result.estimate - 1.645 * result.standard_error: "90％",
            result.estimate - 2.58 * result.standard_error: "99％",
            -result.estimate - 1.96 * result.standard_error: "差の符号",
            result.standard_error: "標準誤差です",
            100 * (result.estimate - 1.96 * result.standard_error): "100 で割って",
        },
        "new_rate": {
            0.05: "差そのもの",
            lesson.baseline * 1.05: "5％ 増し",
            lesson.baseline + 5: "500 ポイント",
            lesson.baseline + 0.5: "50 ポイント",
            lesson.baseline: "従来の受診率のまま",
            27: "100 で割って",
        },
    }
    for name, mistakes in told.items():
        for answer, words in mistakes.items():
            verdict = lesson.check(name, answer)
            if abs(answer - result.estimate) < 0.0011 and name == "difference":
                continue  # this seed's before-after happens to be the answer
            assert verdict.state == "not-yet", (name, answer)
            assert words in verdict.message, (name, answer, verdict.message)
    assert "結果" in lesson.check("covariates", ["age", "attended"]).message
    assert "手紙そのもの" in lesson.check("covariates", ["letter"]).message


def test_an_interval_made_with_two_is_understood():
    for seed in range(1, 6):
        lesson = kit.lesson("rct-letters", letters=400, seed=seed)
        _, _, result = experiment(lesson)
        assert lesson.check("low", result.estimate - 2 * result.standard_error).state == "right"
        assert lesson.check("high", result.estimate + 2 * result.standard_error).state == "right"


def test_columns_may_be_written_in_several_ways():
    lesson = kit.lesson("rct-letters")
    for answer in ("age, sex", {"age", "last_year"}, ("sex",), "age"):
        assert lesson.check("covariates", answer).state == "right", answer
    assert "「city」" in lesson.check("covariates", ["city"]).message


def test_the_decision_follows_the_planned_interval():
    lesson = kit.lesson("rct-letters")
    _, _, result = experiment(lesson)
    low, high = result.confidence_interval
    assert low > 0.001
    for line, letter in ((low - 0.001, "A"), ((low + high) / 2, "C"), (high + 0.001, "B")):
        assert lesson.check("decision", letter, line=line).state == "right"
        assert lesson.check("decision", f" {letter.lower()} ", line=line).state == "right"
        assert lesson.check("decision", letter, line=lambda at=line: at).state == "right"
        for other in set("ABC") - {letter}:
            verdict = lesson.check("decision", other, line=line)
            assert verdict.state == "not-yet"
            assert letter not in verdict.message and "またいで" not in verdict.message


def test_what_the_decision_was_mistaken_for_is_named():
    lesson = kit.lesson("rct-letters")
    _, _, result = experiment(lesson)
    low, high = result.confidence_interval
    middle = (low + high) / 2
    assert "0 と比べて" in lesson.check("decision", "A", line=middle).message
    assert "どちら側" in lesson.check("decision", "B", line=0).message
    assert "区間の中" in lesson.check("decision", "C", line=0).message
    harm = kit.lesson("rct-letters", effect=0.0, letters=4000, seed=2)
    _, _, result = experiment(harm)
    low, high = result.confidence_interval
    assert low < 0 < high  # nothing is known: the number in the middle decides nothing
    told = harm.check("decision", "A" if result.estimate > 0 else "B", line=0.0)
    assert "真ん中の数" in told.message


@pytest.mark.parametrize("town", places.all_(), ids=lambda town: town.code)
def test_every_municipality_can_hold_the_class(town):
    workshop = course.workshop("rct-letters")
    low, high = workshop.checks.limits(town)["letters"]
    assert low <= high
    lesson = kit.lesson("rct-letters", municipality=town.code, letters=int(min(high, 400)), seed=7)
    _, _, result = experiment(lesson)
    assert math.isfinite(result.standard_error)
    assert lesson.check("difference", result.estimate).state == "right"


def test_a_village_too_small_is_told_what_to_do_instead():
    with pytest.raises(KitError) as told:
        kit.lesson("rct-letters", municipality="青ヶ島村", letters=4000)
    for words in ("合同", "時期をずらして", "聞き取り"):
        assert words in str(told.value)
