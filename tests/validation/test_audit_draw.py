"""The draw of an audit's sample, in one stratum and in two."""

from __future__ import annotations

from tools.draw_audit_sample import draw, in_two

IDS = [f"finding-{n}" for n in range(200)]


def test_the_draw_depends_on_seed_and_ids_alone() -> None:
    assert draw(IDS, "finding", 1, 20) == draw(reversed(IDS), "finding", 1, 20)
    assert draw(IDS, "finding", 1, 20) != draw(IDS, "finding", 2, 20)


def test_half_of_a_draw_in_two_strata_is_new_and_nothing_is_drawn_twice() -> None:
    older = set(IDS[:150])
    drawn = in_two(IDS, older, "finding", 1, 20)
    assert len(drawn) == len(set(drawn)) == 20
    assert all(i not in older for i in drawn[:10])


def test_few_new_records_are_all_drawn() -> None:
    older = set(IDS[:196])
    drawn = in_two(IDS, older, "finding", 1, 20)
    assert set(drawn[:4]) == set(IDS[196:])
    assert len(drawn) == 20
