"""What is kept in a file is the engine, whole; what is no engine is refused and says why."""

import json
import pickle
import zipfile
from dataclasses import replace

import numpy as np
import pytest

import workbench as wb
from workbench.errors import ForecastError
from workbench.forecast.engine import draw_paths, fit_engine
from workbench.forecast.engine_file import load_engine, save_engine
from workbench.forecast.fit import weigh


@pytest.fixture(scope="module")
def engine(simulated):
    promo = (np.random.default_rng(1).random((520, 2)) < 0.2).astype(float)
    return fit_engine(simulated(2, 400, known={"promo": promo}).panel, horizon=20)


def test_a_reloaded_engine_draws_the_same_bytes(engine, tmp_path):
    file = tmp_path / "kept" / "engine.npz"
    save_engine(engine, file)
    again = load_engine(file)
    one, other = draw_paths(engine, n_paths=40, seed=3), draw_paths(again, n_paths=40, seed=3)
    assert one.values.tobytes() == other.values.tobytes()
    assert one.units == other.units
    assert (one.dates == other.dates).all()
    assert one.skill.equals(other.skill)
    assert [n.code for n in one.notices] == [n.code for n in other.notices]
    assert list(file.parent.iterdir()) == [file]  # nothing half-written beside it


def test_a_reloaded_engine_explains_and_lends_alike(engine, tmp_path, simulated):
    save_engine(engine, tmp_path / "engine.npz")
    again = load_engine(tmp_path / "engine.npz")
    np.testing.assert_array_equal(wb.explain(engine).amounts, wb.explain(again).amounts)
    promo = (np.random.default_rng(1).random((520, 2)) < 0.2).astype(float)
    panel = simulated(2, 400, known={"promo": promo}).panel
    one, other = (fit_engine(panel, horizon=15, earlier=e) for e in (engine, again))
    np.testing.assert_array_equal(draw_paths(one).blocks, draw_paths(other).blocks)


def test_without_a_single_origin_an_engine_can_be_kept_too(simulated, tmp_path):
    fitted = fit_engine(simulated(1, 56).panel, horizon=50)
    now = (fitted.fit.names, fitted.fit.now)
    engine = replace(fitted, fit=weigh([], now, 50, "D"))
    save_engine(engine, tmp_path / "engine.npz")
    again = load_engine(tmp_path / "engine.npz")
    np.testing.assert_array_equal(draw_paths(engine).blocks, draw_paths(again).blocks)


def test_units_of_any_name_survive(simulated, tmp_path):
    panel = replace(simulated(2, 100).panel, units=("线上·商城", 'O\'Neil "x"\n'))
    save_engine(fit_engine(panel, horizon=7), tmp_path / "e.npz")
    assert load_engine(tmp_path / "e.npz").units == panel.units


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ForecastError, match=r"(?s)no such engine file.*none\.npz") as caught:
        load_engine(tmp_path / "none.npz")
    assert caught.value.problems[0].code == "forecast.engine_missing"


def rewritten(file, **header):
    with np.load(file) as kept:
        arrays = {name: kept[name] for name in kept.files}
    old = json.loads(str(arrays.pop("header")))
    np.savez(file, header=np.array(json.dumps(old | header)), **arrays)


def test_another_version_is_refused_and_named(engine, tmp_path):
    file = tmp_path / "engine.npz"
    save_engine(engine, file)
    rewritten(file, version=99)
    with pytest.raises(ForecastError, match=r"(?s)another version.*format 99; this.*2") as caught:
        load_engine(file)
    assert caught.value.problems[0].code == "forecast.engine_version"


@pytest.mark.parametrize(
    "header", [{"units": ["one"]}, {"names": []}, {"frequency": "X"}, {"format": "other"}]
)
def test_a_header_that_does_not_fit_the_numbers_is_damage(engine, tmp_path, header):
    file = tmp_path / "engine.npz"
    save_engine(engine, file)
    rewritten(file, **header)
    with pytest.raises(ForecastError, match="not an engine, or it is damaged"):
        load_engine(file)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 not a zip"])
def test_what_is_no_engine_is_refused(tmp_path, content):
    file = tmp_path / "engine.npz"
    file.write_bytes(content)
    with pytest.raises(ForecastError, match="not an engine, or it is damaged"):
        load_engine(file)


def test_half_a_file_is_refused(engine, tmp_path):
    file = tmp_path / "engine.npz"
    save_engine(engine, file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(ForecastError, match="not an engine, or it is damaged"):
        load_engine(file)


class Trap:
    """Would run on being unpickled."""

    def __reduce__(self):
        return (print, ("ran",))


def test_a_pickle_from_strangers_never_runs(tmp_path, capsys):
    bare, hidden = tmp_path / "bare.npz", tmp_path / "hidden.npz"
    bare.write_bytes(pickle.dumps(Trap()))
    np.savez(hidden, header=np.array([Trap()], dtype=object))
    assert zipfile.is_zipfile(hidden)
    for file in (bare, hidden):
        with pytest.raises(ForecastError, match="not an engine, or it is damaged"):
            load_engine(file)
    assert "ran" not in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_to_is_said(engine, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ForecastError, match=r"(?s)could not be kept.*engine\.npz") as caught:
        save_engine(engine, tmp_path / "file" / "engine.npz")
    assert caught.value.problems[0].code == "forecast.engine_unwritten"
