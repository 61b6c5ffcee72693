"""`evenbook bench assignment`: public instances as files, and made-up books beside other ways to place them."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner

from evenbook.engine.assignment import value_of
from evenbook.engine.assignment.simulator import book_problem
from evenbook.site.actor import Acting
from evenbook.site.bench import assignment, assignment_files, assignment_forms
from evenbook.site.bench.assignment import Book, Placed
from evenbook.site.cli.bench import bench

SMALL = "2 3\n1 9 2\n8 1 9\n2 2 2\n2 2 2\n4 4\n"
"""The first and the third job at the first agent, the second at the other: 4."""


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_csv", ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def solved(folder, **options):
    return assignment_files.measure(folder, seconds=0.05, seed=1, say=options.get("say", pytest.fail))


def test_an_instance_is_solved_and_compared_with_the_best_known_of_its_place(tmp_path):
    write(tmp_path, here__a=SMALL, data_csv="Path,Best known solution value\nhere/a,4\n")

    (found,) = solved(tmp_path)

    assert (found.name, found.agents, found.jobs, found.value, found.bound, found.best_known) == (
        "a",
        2,
        3,
        4,
        4,
        4,
    )
    assert found.feasible and found.gap == found.from_best_known == 0.0 and found.seconds > 0
    assert all(isinstance(each, int) for each in (found.value, found.bound, found.best_known))


def test_the_table_may_lie_beside_the_folder_or_name_files_alone(tmp_path):
    write(tmp_path, set__a=SMALL, set__b=SMALL, data_csv="Path,Optimum\nset/a,5\nb,2\nother/c,none\n")

    found = solved(tmp_path / "set")

    assert [each.best_known for each in found] == [5, 2]
    assert [each.from_best_known for each in found] == [-0.2, 1.0]


def test_a_name_that_stands_for_two_values_says_nothing(tmp_path):
    write(tmp_path, deep__down__a=SMALL, data_csv="Path,Optimum\none/a,5\ntwo/a,6\n")

    assert solved(tmp_path)[0].best_known is None


def test_costs_that_are_no_whole_numbers_stay_as_they_are(tmp_path):
    write(tmp_path, a=SMALL.replace("1 9 2", "1.5 9 2"))

    (found,) = solved(tmp_path)

    assert found.value == pytest.approx(4.5) and found.bound <= found.value and found.best_known is None


def test_where_no_plan_keeps_all_capacities_there_is_no_value(tmp_path):
    write(tmp_path, a=SMALL.replace("4 4", "2 2"))

    (found,) = solved(tmp_path)

    assert found.value is None and not found.feasible and found.gap is None
    assert "| a | 2 × 3 | none |" in "\n".join(assignment_files.lines([found], 1.0))


def test_a_file_with_several_instances_gives_each(tmp_path):
    write(tmp_path, many=f"2\n{SMALL}{SMALL}")

    assert [each.name for each in solved(tmp_path)] == ["many-1", "many-2"]


def test_what_is_no_instance_is_left_out_with_the_reason(tmp_path):
    write(
        tmp_path,
        README="words",
        empty="",
        short="2 2 1 2",
        odd="1.5 2 3",
        below=SMALL.replace("4 4", "-4 4"),
        a=SMALL,
    )
    (tmp_path / "picture").write_bytes(b"\xff\xfe\x00")
    said = []

    assert len(solved(tmp_path, say=said.append)) == 1
    assert said == [
        "README is left out: it holds words.",
        "below is left out: it has another number of numbers than its first ones say.",
        "empty is left out: it does not begin with how many agents and jobs there are.",
        "odd is left out: it has another number of numbers than its first ones say.",
        "picture is left out: it is not text.",
        "short is left out: it has another number of numbers than its first ones say.",
    ]


def test_a_folder_without_instances_is_refused_in_words(tmp_path):
    with pytest.raises(assignment_files.NoInstances, match="holds no instance") as refused:
        solved(tmp_path)

    assert refused.value.fix


def command(*arguments):
    acting = Acting.__new__(Acting)
    return CliRunner().invoke(bench, ["assignment", *arguments], obj=acting, standalone_mode=False)


def test_the_command_prints_json_alone_on_standard_output_sorted_by_name(tmp_path):
    write(tmp_path, z__a=SMALL, b=SMALL, README="words")

    ended = command("--instances", str(tmp_path), "--seconds", "0.05", "--json")

    told = json.loads(ended.stdout)
    assert [each["name"] for each in told] == ["a", "b"] and "README is left out" in ended.stderr
    assert set(told[0]) == {
        "name", "agents", "jobs", "feasible", "value", "bound", "best_known", "gap", "from_best_known", "seconds",
    }  # fmt: skip


def test_without_json_the_command_prints_a_table(tmp_path):
    write(tmp_path, a=SMALL)

    ended = command("--instances", str(tmp_path), "--seconds", "0.05")

    assert "| a | 2 × 3 | 4 | 4 |" in ended.stdout and ended.return_value == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--json"], "--json goes with"), (["--instances", ".", "--large"], "go with made-up books")],
)
def test_options_that_do_not_go_together_are_refused(arguments, said):
    assert said in str(command(*arguments).exception)


@pytest.mark.parametrize("form", ["engine", "greedy", "HiGHS"])
def test_each_way_gives_a_plan_and_no_bound_above_the_best(form):
    problem = book_problem(40, 4, 1)
    best = value_of(problem, assignment_forms.engine(problem, 0.5)[0]).total

    plan, bound = assignment_forms.FORMS[form](problem, 5.0)

    assert np.all((plan >= problem.arcs.start[:-1]) & (plan < problem.arcs.start[1:]))
    assert value_of(problem, plan).total >= best - 1e-6
    assert bound is None or bound <= best + 1e-3


def test_cp_sat_counts_what_loads_cost_as_the_engine_does():
    pytest.importorskip("ortools")

    book = assignment._run("CP-SAT", 40, 4, 3.0)

    ours = assignment._run("engine", 40, 4, 0.5)
    assert book.bound <= ours.value + 0.1 and book.value >= ours.value - 1e-6


def test_a_way_that_fails_is_named():
    with pytest.raises(assignment.PlacingFailed, match="greedy ended with an error"):
        assignment._run("greedy", 0, 0, 1.0)


def made(**changes):
    ours = Placed("engine", value=104.0, bound=99.0, over=0.0, seconds=1.0, peak_mb=150.0, arcs=700.0)
    other = Placed("HiGHS", value=None, bound=100.0, seconds=9.0, peak_mb=300.0, arcs=700.0)
    return Book(10_000, 200, 30.0, (ours, other, Placed("CP-SAT", why="OR-Tools is not installed")))


def test_gaps_are_to_the_best_bound_of_all_and_verdicts_follow():
    book = made()

    assert book.bound == 100.0 and book.gap(book.placed[0]) == pytest.approx(0.04)
    text = "\n".join(assignment.lines([book]))
    assert "| gap to the best bound, 10,000 × 200, 30 s | ≤ 0.018 | ≤ 0.03 | 0.040 | not met |" in text
    assert "| 10,000 × 200 | 700 | 30 | engine | 104.0 | 99.0 | 4.00% | 0 | 1.0 | 150 |" in text
    assert "| HiGHS | none | 100.0 |" in text and "| CP-SAT | OR-Tools is not installed |" in text


def test_the_report_is_written_under_its_date(tmp_path, monkeypatch):
    monkeypatch.setattr(assignment, "measure", lambda *size, **options: made())
    page = tmp_path / "benchmarks.md"

    assignment.main(on=date(2026, 3, 4), page=page, say=lambda text: None)

    assert "## Assignment of books, 2026-03-04\n\n`evenbook bench assignment`." in page.read_text(
        encoding="utf-8"
    )
