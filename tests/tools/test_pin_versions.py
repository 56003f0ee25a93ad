import importlib.util
import tomllib
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("pin_versions", ROOT / "tools" / "pin_versions.py")
pin_versions = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pin_versions)

PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_uv_and_pip_install_the_same_versions(capsys):
    assert pin_versions.main(["--check"]) == 0, capsys.readouterr().out
    assert len(pin_versions.pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))) > 100


def test_each_version_that_is_not_pinned_in_both_is_named(tmp_path, monkeypatch, capsys):
    changed = tmp_path / "requirements.lock"
    changed.write_text("av==0.0.1\n", encoding="utf-8")
    monkeypatch.setattr(pin_versions, "LOCK", changed)
    assert pin_versions.main(["--check"]) == 1
    assert "av==0.0.1 is in requirements.lock and not in pyproject.toml" in capsys.readouterr().out


def test_what_runs_here_is_what_is_pinned():
    exact = {}
    for one in pin_versions.constraints(PROJECT):
        name, _, rest = one.partition("==")
        version, _, systems = rest.partition(" ; ")
        if not systems:
            exact[name] = version
    assert len(exact) > 100
    installed = {name: distribution(name).version for name in exact}
    assert installed == exact


def test_no_pin_names_where_it_came_from():
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not [one for one in pin_versions.constraints(PROJECT) if "://" in one or "@" in one]


def test_other_pins_leave_the_rest_of_the_project_as_it_is():
    again = pin_versions.with_constraints(PROJECT, pin_versions.constraints(PROJECT))
    assert again == PROJECT
    changed = tomllib.loads(pin_versions.with_constraints(PROJECT, ["av==1.0"]))
    before = tomllib.loads(PROJECT)
    assert changed["tool"]["uv"].pop("constraint-dependencies") == ["av==1.0"]
    before["tool"]["uv"].pop("constraint-dependencies")
    assert changed == before


def test_the_folder_of_the_course_may_have_any_letters_in_its_name():
    # Python before 3.13 reads a path file in the letters of the system: where those are not UTF-8, it finds nothing
    # or does not start at all.
    assert tomllib.loads(PROJECT)["tool"]["hatch"]["build"]["dev-mode-exact"] is True
    for file in distribution("look-twice").files or ():
        if file.suffix == ".pth":
            text = Path(file.locate()).read_text(encoding="utf-8")
            assert text.isascii() and text.startswith("import "), text
