"""The lists of packages agree, the lock is whole, and bootstrap.py sets up what it should."""

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.time_classes import SLOW

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONDA_NAMES = {
    "matplotlib-base": "matplotlib",
    "brotli-python": "brotli",
    "dask-core": "dask",
    "typst-py": "typst",
}
KINDS = ("uv pip", "uv venv", "-m venv", "config list", "-e ")
TARGETS = [
    (platform, version)
    for platform in ("win_amd64", "linux_x86_64", "linux_aarch64", "macosx_14_0_arm64")
    for version in (
        "3.11",
        "3.11.2",
        "3.11.99",
        "3.12",
        "3.12.0",
        "3.12.99",
        "3.13",
        "3.13.1",
        "3.14",
        "3.14.99",
    )
]


def load_bootstrap():
    """Return bootstrap.py as a module of its own, free to be patched."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def specs(requirements):
    return {canonicalize_name(each.name): each.specifier for each in map(Requirement, requirements)}


def project_specs():
    extras = PROJECT["optional-dependencies"]
    return specs(PROJECT["dependencies"] + extras["dev"] + extras["cluster"] + extras["page"] + extras["xarray"])


def conda_packages():
    return yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]


def conda_specs():
    found = specs(each for each in conda_packages() if isinstance(each, str))
    return {CONDA_NAMES.get(name, name): spec for name, spec in found.items()}


def locked_versions():
    pins = (pin.split("==") for pin, _, _ in load_bootstrap().read_lock(LOCK))
    return {canonicalize_name(name): Version(version) for name, version in pins}


# --- the lists -------------------------------------------------------------------------------------------


def test_environment_and_project_name_the_same_packages():
    conda = conda_specs()
    assert conda.pop("python") == Requirement("python" + PROJECT["requires-python"]).specifier
    del conda["pip"]
    assert conda == project_specs()


def test_environment_links_simkit_and_uses_conda_forge_alone():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    assert environment["dependencies"][-1] == {"pip": ["-e ."]}


def test_the_lock_holds_a_version_that_every_spec_admits():
    locked = locked_versions()
    wrong = [name for name, spec in project_specs().items() if locked.get(name, Version("0")) not in spec]
    assert wrong == []


def test_the_lock_holds_the_build_backend():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    locked = locked_versions()
    assert all(locked[name] in spec for name, spec in specs(build).items())


def test_every_locked_package_has_hashes():
    entries = load_bootstrap().read_lock(LOCK)
    assert len(entries) == len(re.findall(r"^[^\s#]", LOCK, re.MULTILINE))
    assert all(re.fullmatch(r"(--hash=sha256:[0-9a-f]{64} *(#.*)?)+", hashes) for _, _, hashes in entries)


def test_compiled_packages_are_locked_for_every_platform():
    """A lock made from one machine's own files has a hash or two where the index has dozens."""
    counts = {pin.split("==")[0]: text.count("--hash") for pin, _, text in load_bootstrap().read_lock(LOCK)}
    assert min(counts[name] for name in ("numpy", "scipy", "pandas", "matplotlib", "llvmlite")) > 20


def test_the_lock_names_no_address():
    assert not re.findall(r".*(?:://|--index|--extra-index|--find-links|file:| @ ).*", LOCK)


def test_what_benchmarks_alone_need_is_locked_apart():
    """Who only uses simkit downloads none of it; pip adds it to what the other lock installed."""
    text = (ROOT / "benchmarks" / "requirements.lock").read_text("utf-8")
    entries = load_bootstrap().read_lock(text)
    assert len(entries) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    assert not re.findall(r".*(?:://|--index|--extra-index|--find-links|file:| @ ).*", text)
    locked = {canonicalize_name(pin.split("==")[0]): Version(pin.split("==")[1]) for pin, _, _ in entries}
    lines = (ROOT / "benchmarks" / "requirements.in").read_text("utf-8").splitlines()
    wanted = specs(line for line in lines if not line.startswith("#"))
    assert wanted.keys() == locked.keys() and not wanted.keys() & locked_versions().keys()
    extra = specs(PROJECT["optional-dependencies"]["bench"])
    assert extra.items() <= wanted.items()
    assert all(locked[name] in spec for name, spec in wanted.items())


def test_no_file_names_a_registry():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    hosts = [("py" "pi.org"), ("python" "hosted"), ("anaconda" ".org"), ("anaconda" ".com"), ("npm" "js."),
             ("tuna.tsin" "ghua"), ("mirrors." "aliyun"), ("deb." "debian")]  # fmt: skip
    pattern = re.compile("|".join(map(re.escape, hosts)).encode(), re.IGNORECASE)
    assert files
    assert [file for file in files if pattern.search(file.read_bytes())] == []


# --- bootstrap.py: choice of packages -----------------------------------------------------------------------


def test_bootstrap_needs_nothing_but_an_old_python():
    tree = ast.parse((ROOT / "bootstrap.py").read_text("utf-8"), feature_version=(3, 8))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_windows_gets_its_own_packages_and_only_those():
    def names(platform):
        return {line.split("==")[0] for line in load_bootstrap().chosen(LOCK, platform, "3.11")}

    windows, linux = names("win_amd64"), names("linux_x86_64")
    assert windows - linux == {"colorama", "pywinpty"}
    assert linux - windows == {"pexpect", "ptyprocess"}
    assert names("macosx_14_0_arm64") - linux == {"appnope"}


@pytest.mark.parametrize(("platform", "version"), TARGETS)
def test_markers_mean_what_pip_takes_them_to_mean(platform, version):
    bootstrap = load_bootstrap()
    variables = bootstrap.target(platform, version)
    markers = {marker for _, marker, _ in bootstrap.read_lock(LOCK) if marker}
    markers |= {"os_name == 'nt' and (python_version <= '3.11' or '3.9' > python_version)"}
    assert len(markers) > 5
    for marker in markers:
        found = bootstrap.holds(ast.parse(marker, mode="eval").body, variables)
        assert found == Marker(marker).evaluate(variables), marker


@pytest.mark.parametrize("minor", ["3.11", "3.12", "3.13", "3.14"])
def test_every_patch_release_takes_the_same_packages(minor):
    """So a bundle for 3.11 serves 3.11.2 and 3.11.14 alike."""
    chosen = load_bootstrap().chosen
    assert chosen(LOCK, "win_amd64", minor) == chosen(LOCK, "win_amd64", minor + ".0")
    assert chosen(LOCK, "win_amd64", minor) == chosen(LOCK, "win_amd64", minor + ".99")


# --- bootstrap.py: setting up -------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A bootstrap in an empty house: its steps are noted instead of run; `answers` makes steps fail."""
    bootstrap = load_bootstrap()
    monkeypatch.setenv("LC_ALL", "C")
    bootstrap.ROOT, bootstrap.VENV = tmp_path, tmp_path / ".venv"
    bootstrap.LOCK, bootstrap.STAMP = tmp_path / "requirements.lock", tmp_path / ".venv" / "stamp.txt"
    bootstrap.LOCK.write_text("a==1 --hash=sha256:0\n")
    (tmp_path / "pyproject.toml").write_text("")
    bootstrap.version, bootstrap.steps, bootstrap.answers = "3.11.7", [], {}

    def run_step(command, environment):
        words = " ".join(map(str, command))
        kind = next((kind for kind in KINDS if kind in words), "pip")
        bootstrap.steps.append((kind, words, environment))
        if "venv" in kind:
            bootstrap.VENV.mkdir(exist_ok=True)
            bootstrap.STAMP.unlink(missing_ok=True)
        return bootstrap.answers.get(kind, (0, ""))

    bootstrap.run_step, bootstrap.venv_version = run_step, lambda: bootstrap.version
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    return bootstrap


def kinds(house):
    """Return the kinds of the steps since the last call."""
    found = [kind for kind, _, _ in house.steps]
    house.steps.clear()
    return found


def test_a_matching_stamp_installs_nothing(house):
    assert house.main(["setup"]) == 0
    assert kinds(house) == ["-m venv", "pip", "-e "]
    assert house.main(["setup"]) == 0
    assert kinds(house) == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_list_is_installed_into_the_same_environment(house, name):
    house.main(["setup"])
    kinds(house)
    (house.ROOT / name).write_text("b==1 --hash=sha256:0\n")
    house.main(["setup"])
    assert kinds(house) == ["pip", "-e "]


def test_another_python_makes_the_environment_anew(house):
    house.main(["setup"])
    kinds(house)
    house.version = "3.12.1"
    house.main(["setup"])
    assert kinds(house) == ["-m venv", "pip", "-e "]


@pytest.mark.parametrize("step", ["pip", "-e "])
def test_a_half_made_environment_is_made_anew(house, step):
    house.answers = {step: (1, "no such luck")}
    assert house.main(["setup"]) == 2
    house.answers = {}
    kinds(house)
    assert house.main(["setup"]) == 0
    assert kinds(house) == ["-m venv", "pip", "-e "]


def test_an_update_that_is_cut_off_is_made_anew(house):
    house.main(["setup"])
    house.LOCK.write_text("b==1 --hash=sha256:0\n")
    house.answers = {"pip": (1, "")}
    assert house.main(["setup"]) == 2
    kinds(house)
    house.answers = {}
    house.main(["setup"])
    assert "-m venv" in kinds(house)


def test_from_a_folder_uses_nothing_else(house, monkeypatch):
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "elsewhere")
    monkeypatch.setenv("UV_INDEX", "elsewhere")
    assert house.main(["--from", "wheels", "setup"]) == 0
    _, words, environment = next(step for step in house.steps if step[0] == "pip")
    assert f"--no-index --find-links {Path('wheels').absolute()}" in words
    assert "--require-hashes" in words
    assert "elsewhere" not in environment.values()
    assert environment["PIP_CONFIG_FILE"] == house.os.devnull


def test_pip_configuration_is_honoured(house, monkeypatch):
    """uv does not read it, so uv is used only where there is none; pip is what remains when uv fails."""
    monkeypatch.setattr(house.shutil, "which", lambda name: "uv")
    house.main(["setup"])
    assert kinds(house) == ["-m venv", "config list", "uv pip", "-e "]
    house.STAMP.unlink()
    house.answers = {"uv pip": (1, "")}
    house.main(["setup"])
    assert kinds(house) == ["-m venv", "config list", "uv pip", "pip", "-e "]
    house.STAMP.unlink()
    house.answers = {"config list": (0, "global.index-url='elsewhere'\n")}
    house.main(["setup"])
    assert kinds(house) == ["-m venv", "config list", "pip", "-e "]


def test_another_environment_does_not_confuse(house, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "PIP_TARGET"):
        monkeypatch.setenv(name, "elsewhere")
    environment = house.child_environment()
    assert "elsewhere" not in environment.values()
    assert environment["PYTHONUTF8"] == "1"


# --- bootstrap.py: what it says when it cannot go on ---------------------------------------------------


def test_a_python_without_venv_names_the_package(house, capsys):
    house.answers = {"-m venv": (1, "not created successfully because ensurepip is not available")}
    assert house.main(["setup"]) == 2
    assert "apt install python3.11-venv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("WARNING: Retrying after connection broken\nERROR: No matching distribution", "global.proxy"),
        ("ERROR: Could not find a version that satisfies a==1 (from versions: none)", "bootstrap.py bundle"),
        ("ERROR: Could not find a version that satisfies a==1 (from versions: 0.9)", "a mirror may lag"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "another mirror"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("Error: [Errno 30] Read-only file system: '.venv'", "Writing failed"),
        ("HINT: ... does not have Windows Long Path support enabled", "too long"),
        ("something else", "something else"),
    ],
)
def test_a_failed_step_says_what_to_do(house, capsys, output, advice):
    house.answers = {"pip": (1, output)}
    assert house.main(["report"]) == 2
    assert advice in capsys.readouterr().err


def test_a_folder_that_lacks_packages_says_how_to_make_it(house, capsys):
    house.answers = {"pip": (1, "ERROR: No matching distribution found for a==1")}
    assert house.main(["--from", "wheels", "setup"]) == 2
    assert f"bundle --platform {house.this_platform()} --python-version 3.11" in capsys.readouterr().err


def test_no_fitting_python_says_which_ones_fit(house, capsys, monkeypatch):
    monkeypatch.setattr(house, "ask", lambda command, code: "")
    assert house.main(["setup"]) == 2
    assert "3.11, 3.12, 3.13 or 3.14" in capsys.readouterr().err


def test_another_fitting_python_is_found(house, monkeypatch):
    monkeypatch.setattr(house, "ask", lambda command, code: "found" if command == ["python3.12"] else "")
    assert house.find_python() == "found"


@pytest.mark.parametrize(
    ("given", "handed"),
    [
        ([], ["-n", "2", "--dist", "loadfile"]),
        (["--quick"], ["--quick", "-n", "2", "--dist", "loadfile"]),
        (["--long"], ["--long", "-n", "2", "--dist", "loadfile"]),
        (["--long", "tests/test_long.py"], ["--long", "tests/test_long.py"]),
    ],
)
def test_the_whole_suite_runs_in_two_processes(house, monkeypatch, given, handed):
    words = []
    monkeypatch.setattr(house, "hand_over", lambda *each, folder: words.extend(each) or 0)
    assert house.main(["test", *given]) == 0
    assert words == ["-m", "pytest", *handed]


def test_control_c_is_no_failure(house, capsys, monkeypatch):
    def stop(source):
        raise KeyboardInterrupt

    monkeypatch.setattr(house, "install", stop)
    assert house.main(["setup"]) == 130
    assert "Stopped" in capsys.readouterr().err


def test_chinese_computers_read_chinese(house, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert house.text("stopped").startswith("已中断")


def test_both_languages_say_the_same_things():
    fields = re.compile(r"{\w+|--[a-z-]+|apt install|pip config")
    for english, chinese in load_bootstrap().TEXTS.values():
        assert sorted(set(fields.findall(english))) == sorted(set(fields.findall(chinese)))


def test_what_quick_leaves_out_is_there():
    assert [one for one in SLOW if not (ROOT / "tests" / one).exists()] == []
