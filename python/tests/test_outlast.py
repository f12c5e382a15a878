"""What a notebook relies on. OUTLAST names the program, whose answers must be the same to the last bit."""

import csv
import json
import os
import subprocess
import threading
import time
import _thread
from pathlib import Path

import outlast
import pytest

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("OUTLAST", str(PROJECT / "target" / "debug" / "outlast"))
SMALL = PROJECT / "scenarios" / "small-office.toml"


@pytest.fixture(scope="module")
def answer():
    return outlast.Scenario.load(SMALL).run(trials=2000, seed=3, threads=2, raw=True)


def program(*words, folder):
    command = [PROGRAM, *map(str, words), "--format", "json"]
    return json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout)


def number(field):
    return float(field) if field else None


def test_the_bits_are_those_of_the_program(answer, tmp_path):
    folder = tmp_path / "out"
    told = program("run", SMALL, "--trials", 2000, "--seed", 3, "--threads", 1, "--raw", "-o", folder, folder=tmp_path)
    del told["output"], told["files"]
    assert answer.to_dict() == told
    for name in answer.tables:
        with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        table = getattr(answer, name)
        assert table.columns == list(rows[0])
        for column in table.columns:
            written = [row[column] for row in rows]
            values = table[column]
            if isinstance(values[0], str):
                assert values == written
            else:
                assert values == [number(field) for field in written], (name, column)


def test_a_change_is_that_of_the_program(tmp_path):
    scenario = outlast.Scenario.load(SMALL).set("operations.decision", "10m")
    mine = scenario.run(trials=500, robustness=False).to_dict()
    words = ["--set", "operations.decision=10m", "--trials", 500, "--no-robustness", "-o", tmp_path / "out"]
    told = program("run", SMALL, *words, folder=tmp_path)
    del told["output"], told["files"]
    assert mine == told


def test_a_comparison_is_that_of_the_program(tmp_path):
    mine = outlast.Scenario.default().compare({"quick": {"operations.decision": "10m"}}, trials=300, name="built-in").to_dict()
    told = program("compare", "--with", "quick: operations.decision=10m", "--trials", 300, folder=tmp_path)
    assert told.pop("files") == []
    # The program records the option as --with, the module as --set; both say the same.
    assert mine == told


def test_values_by_path_and_pattern():
    scenario = outlast.Scenario.default()
    assert scenario["strategy.Staging server.annual_cost"] == 4400.0
    costs = scenario["strategy.*.annual_cost"]
    assert costs['strategy."Staging server".annual_cost'] == 4400.0 and len(costs) > 5
    changed = scenario.set("strategy.*.annual_cost", 100)
    assert set(changed["strategy.*.annual_cost"].values()) == {100}
    assert scenario["strategy.*.annual_cost"] == costs, "a scenario does not change"


def test_errors_have_their_place():
    with pytest.raises(outlast.ScenarioError) as raised:
        outlast.Scenario.parse('name = "x"\n[operations]\n  decison = "1h"\n')
    error = raised.value
    assert (error.line, error.column, error.key) == (3, 3, "decison")
    assert "decison" in error.message
    assert any(finding["help"] == "did you mean `decision`?" for finding in error.findings)
    with pytest.raises(outlast.PathError, match="operations.decision"):
        outlast.Scenario.default().set("operations.decison", "1h")
    with pytest.raises(outlast.PathError):
        outlast.Scenario.default()["operations.decison"]
    with pytest.raises(outlast.ScenarioError) as raised:
        outlast.Scenario.default().set("operations.decision", "soon").check()
    assert raised.value.key == "operations.decision"
    with pytest.raises(outlast.ScenarioError, match="no such file"):
        outlast.Scenario.load("nowhere.toml")
    for wrong in ({"trials": 0}, {"confidence": 1.0}, {"threads": 0}):
        with pytest.raises(ValueError):
            outlast.Scenario.default().run(**wrong)


def test_data_frames_take_the_tables(answer):
    pandas, polars, pyarrow = map(pytest.importorskip, ("pandas", "polars", "pyarrow"))
    duckdb = pytest.importorskip("duckdb")
    trials = pyarrow.table(answer.trials)
    strategies = len(answer.strategies)
    assert trials.num_rows == 2000 * strategies
    assert str(trials.schema.field("trial").type) == "int64"
    assert str(trials.schema.field("downtime_hours").type) == "double"
    mean = sum(answer.trials["downtime_hours"]) / trials.num_rows
    assert polars.DataFrame(answer.trials)["downtime_hours"].mean() == pytest.approx(mean, rel=1e-12)
    assert pandas.DataFrame.from_arrow(answer.trials)["downtime_hours"].mean() == pytest.approx(mean, rel=1e-12)
    assert answer.trials.to_pandas().shape == (2000 * strategies, len(answer.trials.columns))
    assert answer.summary.to_polars().height == len(answer.summary)
    found = duckdb.sql("select count(*), avg(downtime_hours) from trials").fetchall()[0]
    assert found[0] == trials.num_rows and found[1] == pytest.approx(mean, rel=1e-12)


def test_numbers_are_not_copied(answer):
    pyarrow = pytest.importorskip("pyarrow")
    places = [pyarrow.table(answer.trials)["downtime_hours"].chunk(0).buffers()[1].address for _ in range(2)]
    assert places[0] == places[1]


def test_an_answer_shows_itself(answer):
    html = answer._repr_html_()
    assert answer.headline.split('"')[0] in html and "data:image/svg+xml," in html
    assert "<script" not in html
    assert all(svg.startswith("<svg") for svg in answer.charts().values())
    assert "<table>" in answer.summary._repr_html_()
    assert answer.strategy in answer.strategies
    with pytest.raises(AttributeError, match="summary"):
        answer.nothing


def test_ctrl_c_gives_what_was_done():
    scenario = outlast.Scenario.default()
    scenario.run(trials=100, robustness=False)
    stopped = []

    def stop():
        stopped.append(time.monotonic())
        _thread.interrupt_main()

    threading.Timer(3, stop).start()
    answer = scenario.run(trials=10**9, raw=False)
    assert time.monotonic() - stopped[0] < 1.0
    assert answer.interrupted and 0 < answer.trials_played < 10**9
    same = scenario.run(trials=answer.trials_played, robustness=False)
    assert same.summary.to_dict() == answer.summary.to_dict()


def test_other_threads_go_on_and_progress_is_told():
    ticks, told = [], []
    done = threading.Event()

    def tick():
        while not done.wait(0.01):
            ticks.append(1)

    thread = threading.Thread(target=tick)
    thread.start()
    outlast.Scenario.default().run(trials=3000, robustness=False, progress=lambda *at: told.append(at))
    done.set()
    thread.join()
    assert told[-1] == (3000, 3000)
    assert len(ticks) > 5


def test_an_error_in_progress_ends_the_run():
    def fail(done, planned):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        outlast.Scenario.default().run(trials=10**9, progress=fail)


def test_until_decided_stops_by_itself():
    answer = outlast.Scenario.load(SMALL).run(4000, until_decided=True, robustness=False)
    assert 1000 <= answer.trials_played <= 4000


def test_sensitivity_has_its_tables():
    answer = outlast.Scenario.load(SMALL).sensitivity(points=512)
    if answer.tables:
        assert "tornado" in answer.tables and len(answer.tornado) > 0
    assert answer.headline


def test_the_notebook_runs():
    nbformat, nbclient = map(pytest.importorskip, ("nbformat", "nbclient"))
    pytest.importorskip("ipykernel")
    notebook = nbformat.read(PROJECT / "examples" / "decision.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    shown = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert any("text/html" in out.get("data", {}) for out in shown)
