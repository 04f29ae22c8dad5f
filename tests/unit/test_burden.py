"""Hours and yen of a procedure: published values, units, monotone, nothing divided by zero."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.design import wording
from kit.design.burden import Change, Service, saving, simplify
from kit.design.choices import compare, sensitivity
from kit.design.journey import Journey, Step
from kit.design.money import NATION, by_population, implied_wage, standard_cost
from kit.errors import KitError
from kit.language import using


def a_service(**changes) -> Service:
    way = Journey(
        "申請",
        (
            Step("調べる", (5, 20, 60), kind="learning", emotion=-1),
            Step("証明書を取る", (25, 70, 120), channel="office", trips=1, documents=1, yen=300),
            Step("行く", (20, 40, 90), channel="travel", path="counter", trips=1),
            Step("窓口", (5, 10, 20), channel="counter", path="counter"),
            Step("出直す", 60, channel="travel", path="counter", share=0.2, redo=True, trips=1),
            Step("入力する", (5, 15, 40), channel="online", path="online"),
            Step("審査する", 45, actor="back"),
        ),
    )
    return Service(way, **({"cases": 1200.0, "online_share": 0.25, "wage": 2000.0} | changes))


IDEAS = (
    Change("書類", once_only=0.5),
    Change("オンライン", online_share=0.6),
    Change("案内", guidance=0.3),
)


def test_the_published_burden_implies_2543_yen_an_hour():
    # Council for Regulatory Reform: 322.77 million hours, ¥820.8 billion a year.
    assert implied_wage(820.8e9, 322.77e6) == pytest.approx(2543, abs=0.5)


def test_the_published_cut_is_22_1_per_cent_in_hours_and_in_yen():
    hours, cut = 322.77e6, 71.36e6
    assert cut / hours == pytest.approx(0.221, abs=0.0005)
    way = Journey("行政手続", (Step("書く", 60.0),))
    before = Service(way, cases=322.77e6, wage=implied_wage(820.8e9, 322.77e6)).burden()
    after = dataclasses.replace(before.service, cases=(322.77 - 71.36) * 1e6).burden()
    assert saving(before, after).yen == pytest.approx(181.5e9, rel=0.001)


def test_standard_cost_is_time_times_wage_times_quantity():
    assert standard_cost(90, 2500, 1000) == 3_750_000
    assert standard_cost(0, 2500, 1000, outlay=300) == 300_000
    assert standard_cost(90, 2500, 0) == 0


def test_a_minute_is_a_sixtieth_of_an_hour():
    way = Journey("申請", (Step("書く", 1),))
    assert Service(way, cases=60).burden().hours.likely == 1


def test_burden_by_hand():
    burden = a_service().burden()
    minutes = 20 + 70 + 0.75 * (40 + 10 + 0.2 * 60) + 0.25 * 15
    assert burden.minutes.likely == pytest.approx(minutes)
    assert burden.hours.likely == pytest.approx(minutes * 1200 / 60)
    assert burden.time_value.likely == pytest.approx(minutes * 1200 / 60 * 2000)
    assert burden.trips == pytest.approx(1 + 0.75 * 1.2)
    assert burden.documents == 1
    assert burden.yearly("outlay") == pytest.approx(300 * 1200)
    assert sum(burden.minutes_by_kind.values()) == pytest.approx(minutes)
    assert burden.hard_moments == 1


def test_each_change_touches_only_its_own_part():
    service = a_service()
    before = service.burden()
    papers = saving(before, simplify(service, IDEAS[0]).burden())
    assert papers.minutes == pytest.approx(35) and papers.of("trips") == pytest.approx(0.5)
    online = saving(before, simplify(service, IDEAS[1]).burden())
    assert online.minutes == pytest.approx(0.35 * (40 + 10 + 12 - 15))
    assert online.of("documents") == 0
    guidance = saving(before, simplify(service, IDEAS[2]).burden())
    assert guidance.minutes == pytest.approx(0.3 * (20 + 0.75 * 0.2 * 60))


def test_an_online_share_already_higher_stays():
    service = a_service(online_share=0.9)
    assert simplify(service, IDEAS[1]).online_share == 0.9


def test_going_online_can_cost_people_more():
    way = Journey("申請", (Step("窓口", 5, path="counter"), Step("入力", 30, path="online")))
    service = Service(way, cases=100)
    change = saving(service.burden(), simplify(service, Change(online_share=1)).burden())
    assert change.minutes == -25 and change.share == -5
    assert "増えます" in change.sentence


def test_zero_cases_are_zero_hours():
    burden = a_service(cases=0).burden()
    assert burden.hours.likely == 0 and burden.time_value.likely == 0
    assert "年に0件" in burden.sentence


@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_unknown_cases_leave_the_single_case(unknown):
    service = a_service(cases=unknown)
    burden = service.burden()
    assert burden.hours is None and burden.yearly("trips") is None
    assert burden.minutes.likely > 0
    assert "分からない" in burden.sentence
    assert saving(burden, burden).hours is None
    assert compare(service, IDEAS, draws=50).best == "書類"


def test_a_village_says_how_seldom_it_happens():
    # Aogashima had 169 residents in the 2020 census.
    cases = by_population(65_520, 169)
    assert 0 < cases < 1
    burden = a_service(cases=cases).burden()
    assert "1件未満" in burden.sentence and "年に0件" not in burden.sentence


def test_all_online_has_no_counter_minutes():
    service = a_service(online_share=1.0)
    assert service.journey.minutes(online_share=1, channel="counter") == 0
    assert (
        compare(service, IDEAS, draws=50).frame.set_index("change").loc["オンライン", "minutes"]
        == 0
    )


def test_a_procedure_without_minutes_divides_nothing_by_zero():
    service = Service(Journey("届", (Step("出す", 0),)), cases=10)
    before = service.burden()
    assert saving(before, before).share is None
    result = compare(service, IDEAS, draws=50)
    assert result.best is None and result.frame["best_share"].sum() == 0
    assert sensitivity(service, IDEAS).first is None
    assert result.sentence and sensitivity(service, IDEAS).sentence


def test_a_national_number_is_shared_out_by_population():
    assert by_population(3_000_000, NATION) == 3_000_000
    assert by_population(3_000_000, 0) == 0
    assert by_population(None, 1000) is None and by_population(float("nan"), 1000) is None
    with pytest.raises(KitError):
        by_population(10, 10, nation=0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: a_service(cases=-1),
        lambda: a_service(wage=-1),
        lambda: a_service(wage=float("nan")),
        lambda: a_service(online_share=1.5),
        lambda: Change(once_only=30),
        lambda: Change(guidance=-0.1),
        lambda: Change(delivered=(0.5, 1, 2)),
        lambda: standard_cost(-1, 1, 1),
        lambda: standard_cost(1, float("nan"), 1),
        lambda: implied_wage(1, 0),
        lambda: compare(a_service(), ()),
        lambda: compare(a_service(), (IDEAS[0], IDEAS[0])),
    ],
)
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(KitError):
        wrong()


def test_the_best_change_is_named_with_how_often_it_wins():
    result = compare(a_service(), IDEAS, draws=400, seed=3)
    assert result.best == "書類" and 0.5 < result.best_share <= 1
    assert result.frame["best_share"].sum() == pytest.approx(1)
    assert "書類" in result.sentence


def test_the_same_seed_gives_the_same_comparison():
    first, again = (compare(a_service(), IDEAS, draws=200, seed=5).frame for _ in range(2))
    assert first.equals(again)


def test_draws_without_ranges_equal_the_plan():
    service = a_service()
    exact = {s.name: {"minutes": s.minutes.likely} for s in service.journey.steps}
    service = dataclasses.replace(service, journey=service.journey.changed(exact))
    sure = [dataclasses.replace(idea, delivered=1) for idea in IDEAS]
    frame = compare(service, sure, draws=20).frame
    assert frame["minutes_low"].tolist() == pytest.approx(frame["minutes"].tolist())
    assert frame["minutes_high"].tolist() == pytest.approx(frame["minutes"].tolist())


def test_sensitivity_names_the_guess_that_changes_the_order():
    way = Journey(
        "申請", (Step("証明書", (1, 30, 40), documents=1), Step("行く", 40, path="counter"))
    )
    service = Service(way, cases=10)
    ideas = (Change("書類", once_only=0.8), Change("オンライン", online_share=0.5))
    result = sensitivity(service, ideas)
    assert result.best == "書類" and result.first == "証明書"
    assert "入れ替わ" in result.sentence
    assert not result.frame.set_index("step").loc["行く", "flips"]


def test_changing_the_names_of_steps_changes_no_number():
    service = a_service()
    renamed = Journey(
        "別", tuple(dataclasses.replace(s, name=f"{s.name}！") for s in service.journey.steps)
    )
    other = dataclasses.replace(service, journey=renamed).burden()
    assert other.minutes == service.burden().minutes


# -- properties ---------------------------------------------------------------------------------

span = st.lists(st.floats(0, 500), min_size=3, max_size=3).map(sorted).map(tuple)
share = st.floats(0, 1)
step = st.builds(
    dict,
    minutes=span,
    share=share,
    path=st.sampled_from(["all", "counter", "online"]),
    kind=st.sampled_from(["learning", "compliance", "psychological"]),
    redo=st.booleans(),
    documents=st.sampled_from([0, 1]),
    trips=st.sampled_from([0, 1]),
)


@st.composite
def services(draw):
    steps = draw(st.lists(step, min_size=1, max_size=6))
    way = Journey("旅", tuple(Step(f"手順{n}", **s) for n, s in enumerate(steps)))
    return Service(way, cases=draw(st.floats(0, 1e7)), online_share=draw(share))


@given(services(), st.floats(1, 10))
def test_more_cases_or_dearer_time_scale_the_burden(service, factor):
    before = service.burden()
    more = dataclasses.replace(service, cases=service.cases * factor).burden()
    dearer = dataclasses.replace(service, wage=service.wage * factor).burden()
    assert more.hours.likely == pytest.approx(before.hours.likely * factor)
    assert dearer.time_value.likely == pytest.approx(before.time_value.likely * factor)
    assert more.minutes == before.minutes


@given(services())
def test_the_ends_enclose_the_usual(service):
    minutes = service.burden().minutes
    assert minutes.low <= minutes.likely <= minutes.high


@given(services(), share, share)
def test_removing_more_papers_or_guiding_better_never_costs_more(service, one, other):
    less, more = sorted((one, other))
    for change in ("once_only", "guidance"):
        a = simplify(service, Change(**{change: less})).burden().minutes.likely
        b = simplify(service, Change(**{change: more})).burden().minutes.likely
        assert b <= a + 1e-6


@given(services(), share, share)
def test_two_changes_at_once_save_no_more_than_both_apart(service, papers, guidance):
    now = service.burden().minutes.likely
    alone = [
        now - simplify(service, change).burden().minutes.likely
        for change in (Change(once_only=papers), Change(guidance=guidance))
    ]
    both = (
        now - simplify(service, Change(once_only=papers, guidance=guidance)).burden().minutes.likely
    )
    assert both <= sum(alone) + 1e-6


@given(services(), share, share, share)
def test_every_draw_agrees_with_simplify(service, papers, online, guidance):
    import numpy as np

    from kit.design.choices import _saved

    change = Change("三つ", papers, online, guidance)
    likely = np.array([[s.minutes.likely for s in service.journey.of()]])
    for delivered in (0.0, 0.5, 1.0):
        part = change.lessened(delivered, service.online_share)
        expected = saving(service.burden(), simplify(service, part).burden()).minutes
        found = _saved(service, change, likely, np.array([delivered]))[0]
        assert found == pytest.approx(expected, abs=1e-6)


@given(st.floats(0, 1e13))
def test_every_amount_can_be_said(value):
    for language in ("ja", "en"):
        with using(language):
            for speak in (wording.count, wording.hours, wording.yen, wording.minutes):
                assert speak(value) and "nan" not in speak(value)


# -- what a slider shows ------------------------------------------------------------------------


def test_before_and_after_says_what_is_given_back():
    from kit.design import before_after

    now = a_service()
    shown = before_after(now, now.at(online_share=0.75))
    assert "住民に返ります" in shown and "外出は1件あたり0.6回減ります" in shown
    assert "まだ何も変えていません" in before_after(now, now)
    dearer = before_after(now, now.at(journey=now.journey.changed({"行く": {"minutes": 180}})))
    assert "よけいに取ります" in dearer


def test_before_and_after_is_drawn_for_nothing_at_all():
    from kit.design import before_after

    empty = Service(Journey("届", (Step("出す", 0),)), cases=0)
    unknown = empty.at(cases=None)
    assert "<table" in before_after(empty, empty) and "<table" in before_after(unknown, unknown)


@given(st.one_of(st.none(), st.floats(0, 1e9)), share)
def test_sliders_start_inside_their_ends(cases, online):
    from kit.design import slider_start

    start = slider_start(a_service(cases=cases, online_share=online))
    assert 1 <= start.cases <= start.most and start.step >= 1
    assert start.cases % start.step == 0 and start.most % start.step == 0


def test_a_slider_redraws_in_a_tenth_of_a_second():
    import time

    from kit.design import before_after, procedure

    facts = procedure("medical-support", "13201")
    now = facts.service()
    began = time.perf_counter()
    for papers in range(5):
        before_after(now, now.at(journey=facts.journey(papers=papers, travel=90)))
    assert (time.perf_counter() - began) / 5 < 0.1
