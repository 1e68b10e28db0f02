"""Sets simkit up in .venv and runs it, with nothing but Python 3.11 to 3.14: python3 bootstrap.py report.

The first time it installs what requirements.lock names; after that it only compares a stamp, so it is the
one command to type every time. It can be started by a Python too old for simkit, if a fitting one is there.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import locale
import operator
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(os.path.abspath(__file__)).parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "simkit-stamp.txt"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
BASELINE = "scenarios/ningbo-hr-2023/baseline.yaml"
MINORS = ("3.14", "3.13", "3.12", "3.11")
# The whole suite by two processes; tests of one file share what they have computed.
WHOLE = ("-n", "2", "--dist", "loadfile")

# Every text that a person reads: English, Chinese.
TEXTS = {
    "usage": (
        """python3 bootstrap.py [--from FOLDER] COMMAND     (Windows: py bootstrap.py ...)
  report [OPTIONS]   set up, then write the report on the baseline scenario
  simkit ARGUMENTS   set up, then run any simkit command, for example: simkit --help
  test [OPTIONS]     set up, then run the tests (pytest); --quick: those that take no time, for every
                     change; --long: those with large numbers too
  setup              set up only
  bundle [--platform win_amd64] [--python-version 3.11] [FOLDER]
                     download all packages to FOLDER (wheels), for a computer without network
                     (other platforms: linux_x86_64, linux_aarch64, macosx_14_0_arm64)
  --from FOLDER      install from that folder alone, without network""",
        """python3 bootstrap.py [--from 文件夹] 命令     （Windows：py bootstrap.py ...）
  report [选项]      安装环境，然后生成基准情景的报告
  simkit 参数        安装环境，然后运行任一 simkit 命令，例如：simkit --help
  test [选项]        安装环境，然后运行测试（pytest）；--quick 只运行耗时短的测试，供平时修改后使用；
                     --long 还包括大规模测试
  setup              只安装环境
  bundle [--platform win_amd64] [--python-version 3.11] [文件夹]
                     把全部软件包下载到文件夹（默认 wheels），供无网络的电脑使用
                     （其他平台：linux_x86_64、linux_aarch64、macosx_14_0_arm64）
  --from 文件夹      只从该文件夹安装，不使用网络""",
    ),
    "venv": ("Making {venv} with {python} ...", "正在用 {python} 创建 {venv} ……"),
    "install": (
        "Installing {count} packages; this takes a minute or two, once ...",
        "正在安装 {count} 个软件包，仅此一次，约需一至两分钟……",
    ),
    "pip": ("uv did not succeed; trying pip ...", "uv 未成功，改用 pip ……"),
    "ready": ("Set up in {seconds:.0f} s.", "环境已就绪，用时 {seconds:.0f} 秒。"),
    "download": (
        "Downloading {count} packages to {folder} ...",
        "正在下载 {count} 个软件包到 {folder} ……",
    ),
    "bundled": (
        "{count} files, {size:.0f} MB, in {seconds:.0f} s. Copy the folder to the other computer; there:\n"
        "  python3 bootstrap.py --from {folder} report",
        "共 {count} 个文件，{size:.0f} MB，用时 {seconds:.0f} 秒。将文件夹复制到另一台电脑后运行：\n"
        "  python3 bootstrap.py --from {folder} report",
    ),
    "stopped": ("Stopped. Run the same command again to go on.", "已中断。再次运行同一命令即可继续。"),
    "no_python": (
        "simkit needs a 64-bit Python 3.11, 3.12, 3.13 or 3.14; this is {version}, and no other was found.\n"
        "Install one (Debian, Ubuntu: apt install python3 python3-venv), then run again.",
        "simkit 需要 64 位 Python 3.11、3.12、3.13 或 3.14；当前为 {version}，也未找到其他合适版本。\n"
        "请先安装（Debian、Ubuntu：apt install python3 python3-venv），再次运行。",
    ),
    "no_venv": (
        "This Python cannot make environments. Install what it lacks, then run again:\n"
        "  apt install {package}",
        "当前 Python 无法创建虚拟环境。请先安装缺少的软件包，再次运行：\n  apt install {package}",
    ),
    "disk": (
        "The disk is full: simkit needs about 2 GB in {root}, and some in {temp}. Make room, run again.",
        "磁盘已满：simkit 在 {root} 约需 2 GB，在 {temp} 也需一些空间。\n请清理后再次运行。",
    ),
    "read_only": (
        "Writing failed. Close programs that use .venv, or copy simkit from {root} to a folder of your own.",
        "无法写入。请关闭正在使用 .venv 的程序，或将 {root} 复制到自己有权写入的文件夹。",
    ),
    "long_path": (
        "A path is too long for this computer. Move simkit to a short folder, such as C:\\simkit.",
        "路径过长。请把 simkit 移到较短的文件夹，例如 C:\\simkit。",
    ),
    "hashes": (
        "A package differs from what requirements.lock expects. Use another mirror, then run again.",
        "有软件包与 requirements.lock 不一致。请更换镜像后再次运行。",
    ),
    "network": (
        """The package index could not be reached. Either
  - set a mirror: pip config set global.index-url ADDRESS
  - set a proxy: pip config set global.proxy ADDRESS (and a certificate: global.cert FILE)
  - or run this on a computer with network, and copy its folder wheels here:
      python3 bootstrap.py bundle --platform {tag} --python-version {version}
    then here: python3 bootstrap.py --from wheels report""",
        """无法访问软件包索引。可选办法：
  - 设置镜像：pip config set global.index-url 地址
  - 设置代理：pip config set global.proxy 地址（证书：global.cert 文件）
  - 或在有网络的电脑上运行以下命令，并把 wheels 文件夹复制到这里：
      python3 bootstrap.py bundle --platform {tag} --python-version {version}
    然后在这里运行：python3 bootstrap.py --from wheels report""",
    ),
    "no_match": (
        "The index lacks a locked package for Python {version} on {tag}; a mirror may lag behind.\n"
        "Use another (pip config set global.index-url ADDRESS), or another Python from 3.11 to 3.14.",
        "索引中没有适合 Python {version}（{tag}）的锁定软件包，镜像可能尚未同步。\n"
        "请更换镜像（pip config set global.index-url 地址），或换用 3.11 至 3.14 的其他 Python。",
    ),
    "folder_lacks": (
        "{folder} lacks packages for Python {version} on {tag}. On a computer with network:\n"
        "  python3 bootstrap.py bundle --platform {tag} --python-version {version}",
        "{folder} 缺少适合 Python {version}（{tag}）的软件包。请在有网络的电脑上运行：\n"
        "  python3 bootstrap.py bundle --platform {tag} --python-version {version}",
    ),
    "unknown": (
        "The set-up failed, for the reason above. Delete .venv and run again.",
        "安装失败，原因见上。请删除 .venv 后再次运行。",
    ),
}
# What pip, uv, venv and the system say, and which text tells the way out; the first that fits.
SIGNS = (
    (r"ensurepip|No module named '?venv", "no_venv"),
    (r"No space left|Errno 28\b|WinError 112\b", "disk"),
    (r"Long Path|WinError 206\b|File ?name too long", "long_path"),
    (r"Read-only file|Permission denied|Access is denied|Errno (13|30)\b|WinError (5|32)\b", "read_only"),
    (r"DO NOT MATCH THE HASHES|Hash mismatch", "hashes"),
    (r"Retrying|Connect|timed? ?out|Proxy|SSL|name resolution|from versions: none", "network"),
    (r"No matching distribution|Could not find a version|No solution found", "no_match"),
)
# Settings that say where pip looks for packages, or how it gets there.
PIP_SETTING = r"\.((extra-)?index-url|find-links|no-index|proxy|cert|client-cert|trusted-host)="


class Failure(Exception):
    """The set-up cannot go on; says why and what to do."""


def text(key: str, **values: object) -> str:
    """Return one of TEXTS in the language of the computer."""
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")] + [locale.getlocale()[0]]
    chinese = next((name for name in names if name), "").lower().startswith(("zh", "chinese"))
    return TEXTS[key][chinese].format(**values)


def say(key: str, **values: object) -> None:
    """Print a message; to stderr, since stdout belongs to the command that is run."""
    print(text(key, **values), file=sys.stderr, flush=True)


def this_platform() -> str:
    """Return this computer's platform, in the words of `bundle --platform`."""
    prefix = {"win32": "win_", "darwin": "macosx_14_0_"}.get(sys.platform, "linux_")
    return prefix + platform.machine().lower()


def failure(output: str, *, source: str | None = None, tag: str = "", version: str = "") -> Failure:
    """Turn what a failed step printed into advice; tag and version name the computer that it was for."""
    key = next((key for sign, key in SIGNS if re.search(sign, output, re.IGNORECASE)), "unknown")
    if source and key in ("network", "no_match"):
        key = "folder_lacks"
    version = ".".join((version or venv_version() or platform.python_version()).split(".")[:2])
    values = {"version": version, "package": f"python{version}-venv", "tag": tag or this_platform()}
    advice = text(key, root=ROOT, temp=tempfile.gettempdir(), folder=source, **values)
    said = output.strip().splitlines()
    errors = [line for line in said if re.match(r"\w*error\b", line, re.IGNORECASE)]
    return Failure("\n".join([*(errors or said)[-8:], "", advice]))


# --- running other programs -----------------------------------------------------------------------------


def child_environment(*, alone: bool = False) -> dict[str, str]:
    """Return the environment for children: in .venv whatever else is active; `alone` forgets every index."""
    dropped = {"PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"}
    dropped |= {name for name in os.environ if alone and name.startswith(("PIP_", "UV_"))}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    kept.update(PYTHONUTF8="1", VIRTUAL_ENV=str(VENV), PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    kept["PATH"] = str(BIN) + os.pathsep + kept.get("PATH", os.defpath)
    if alone:
        kept["PIP_CONFIG_FILE"] = os.devnull
    return kept


def show(line: str) -> None:
    """Overwrite the last line of a terminal, so that a long step is seen to go on."""
    if sys.stderr.isatty():
        print("\r" + line, end="\r", file=sys.stderr, flush=True)


def run_step(command: list, environment: dict[str, str]) -> tuple[int, str]:
    """Run a step of the set-up; return its exit code and all it printed. A terminal shows the last line."""
    width = shutil.get_terminal_size().columns - 1
    lines = []
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    options.update(cwd=str(ROOT), env=environment, encoding="utf-8", errors="replace")
    with subprocess.Popen([str(part) for part in command], **options) as process:
        try:
            for line in process.stdout:
                lines.append(line)
                show(line.strip()[:width].ljust(width))
        except KeyboardInterrupt:
            process.terminate()
            raise
    show(" " * width)
    return process.returncode, "".join(lines)


def hand_over(*arguments: str, folder: Path | None = None) -> int:
    """Run .venv's Python to its end and return its exit code; Ctrl-C is the child's to answer."""
    process = subprocess.Popen([str(PYTHON), *arguments], cwd=folder, env=child_environment())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = process.wait()
    return code if code >= 0 else 128 - code


# --- setting up -----------------------------------------------------------------------------------------


def ask(command: list[str], code: str) -> str:
    """Return what a Python prints for `code`, or nothing when it does not run."""
    try:
        done = subprocess.run(
            [*command, "-c", code], env=child_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def venv_version() -> str:
    """Return the version of .venv's Python, or nothing when there is none that runs."""
    return ask([str(PYTHON)], "import platform; print(platform.python_version())") if PYTHON.exists() else ""


def find_python() -> str:
    """Return a Python that fits simkit: this one, else one on the PATH, never one inside an environment."""
    candidates = [[sys.executable], *(["python" + minor] for minor in MINORS), ["python3"], ["python"]]
    if os.name == "nt":
        candidates += [["py", "-" + minor] for minor in MINORS]
    fits = f"'%d.%d' % sys.version_info[:2] in {MINORS} and sys.maxsize > 2**32"
    base = "getattr(sys, '_base_executable', None) or sys.executable"
    for candidate in candidates:
        python = ask(candidate, f"import sys; print({base} if {fits} else '')")
        if python:
            return python
    raise Failure(text("no_python", version=platform.python_version()))


def make_venv() -> None:
    """Make .venv anew. uv stands in where Debian's Python lacks venv."""
    python, uv = find_python(), shutil.which("uv")
    say("venv", venv=VENV, python=python)
    code, output = run_step([python, "-m", "venv", "--clear", VENV], child_environment())
    if code and uv:
        code, _ = run_step([uv, "venv", "--clear", "--seed", "--python", python, VENV], child_environment())
    if code:
        raise failure(output)


def pip_is_configured() -> bool:
    """Tell whether someone told pip how to get packages."""
    _, output = run_step([PYTHON, "-m", "pip", "config", "list"], child_environment())
    return bool(re.search(PIP_SETTING, output))


def install(source: str | None) -> None:
    """Install the lock, then simkit itself as a link to this folder.

    uv is quick but does not read pip's configuration. Where an office has set a mirror, a proxy or a
    certificate for pip, it is pip that gets through; so uv is used only where nothing of the kind is set.
    """
    environment = child_environment(alone=source is not None)
    lock = ["--only-binary", ":all:", "--require-hashes", "-r", LOCK]
    where = ["--no-index", "--find-links", source] if source else []
    say("install", count=len(read_lock(LOCK.read_text("utf-8"))))
    uv, code, output = shutil.which("uv"), 1, ""
    if uv and (source or not pip_is_configured()):
        code, output = run_step([uv, "pip", "install", "--python", PYTHON, *where, *lock], environment)
        if code:
            say("pip")
    if code:
        pip = [PYTHON, "-m", "pip", "install", "--progress-bar", "off"]
        code, output = run_step([*pip, *where, *lock], environment)
    if not code:
        link = ["--no-index", "--no-deps", "--no-build-isolation", "-e", ROOT]
        code, output = run_step([PYTHON, "-m", "pip", "install", *link], environment)
    if code:
        raise failure(output, source=source)


def stamp(version: str) -> str:
    """Return what .venv depends on: its Python, its place (scripts name it), and what was to be installed."""
    lists = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return "\n".join([version, ascii(str(ROOT)), hashlib.sha256(lists).hexdigest()])


def set_up(source: str | None = None) -> None:
    """Bring .venv to what the lock says. No stamp means it was left half-made: it is made anew."""
    started = time.monotonic()
    wanted = stamp(venv_version())
    found = STAMP.read_text("utf-8") if STAMP.exists() else ""
    if found == wanted:
        return
    if found.splitlines()[:2] != wanted.splitlines()[:2]:
        make_venv()
    else:
        STAMP.unlink()
    install(source)
    STAMP.write_text(stamp(venv_version()), "utf-8")
    say("ready", seconds=time.monotonic() - started)


# --- a folder of packages for a computer without network ---------------------------------------------------


def read_lock(lock: str) -> list[tuple[str, str, str]]:
    """Return (name==version, marker, hashes) of every package in the text of a lock."""
    entry = re.compile(r"^([^\s;#]+==[^\s;]+) *(?:; *(.*?))? +(--hash=.*)$", re.MULTILINE)
    return entry.findall(re.sub(r"\\\n\s*", " ", lock))


def target(tag: str, version: str) -> dict[str, str]:
    """Return the marker variables of a computer by its platform (as in win_amd64) and Python version."""
    names = {"win": ("win32", "nt", "Windows"), "mac": ("darwin", "posix", "Darwin")}
    system, os_name, platform_system = names.get(tag[:3], ("linux", "posix", "Linux"))
    return {
        "python_version": ".".join(version.split(".")[:2]),
        "python_full_version": version,
        "sys_platform": system,
        "os_name": os_name,
        "platform_system": platform_system,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def holds(node: ast.expr, variables: dict[str, str]) -> bool:
    """Evaluate a marker. pip would judge it by this computer, not by the one the packages are meant for."""
    if isinstance(node, ast.BoolOp):
        parts = [holds(part, variables) for part in node.values]
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    sides = (node.left, node.comparators[0])
    left, right = (variables[side.id] if isinstance(side, ast.Name) else side.value for side in sides)
    if right.endswith(".*"):
        left, right = ".".join(left.split(".")[: right.count(".")]), right[:-2]
    if any(isinstance(side, ast.Name) and side.id.startswith("python_") for side in sides):
        left, right = ([int(part) for part in side.split(".")] for side in (left, right))
    compare = {"Eq": "eq", "NotEq": "ne", "Lt": "lt", "LtE": "le", "Gt": "gt", "GtE": "ge"}
    return getattr(operator, compare[type(node.ops[0]).__name__])(left, right)


def chosen(lock: str, tag: str, version: str) -> list[str]:
    """Return the lines of a lock that a computer needs, without their markers."""
    variables = target(tag, version)
    return [
        f"{pin} {hashes}"
        for pin, marker, hashes in read_lock(lock)
        if not marker or holds(ast.parse(marker, mode="eval").body, variables)
    ]


def platform_options(tag: str) -> list[str]:
    """Return pip's options for a platform; linux_ARCH stands for every glibc from 2.17 to 2.28."""
    kind, _, machine = tag.partition("_")
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(28, 16, -1)] + ["manylinux2014_" + machine]
    return [f"--platform={each}" for each in (tags if kind == "linux" else [tag])]


def bundle(arguments: list[str]) -> int:
    """Download what the lock names for one kind of computer."""
    parser = argparse.ArgumentParser(usage=text("usage"), add_help=False)
    parser.add_argument("--platform")
    parser.add_argument("--python-version", choices=MINORS)
    parser.add_argument("folder", nargs="?", default=str(ROOT / "wheels"), type=os.path.abspath)
    options = parser.parse_args(arguments)
    started = time.monotonic()
    if not venv_version():
        make_venv()
    tag, version = options.platform or this_platform(), options.python_version or venv_version()
    lines = chosen(LOCK.read_text("utf-8"), tag, version)
    say("download", count=len(lines), folder=options.folder)
    other = ["--python-version", version] if options.python_version else []
    other += platform_options(options.platform) if options.platform else []
    code, output = download(lines, options.folder, other)
    if code:
        raise failure(output, tag=tag, version=version)
    sizes = [file.stat().st_size for file in Path(options.folder).glob("*.whl")]
    seconds = time.monotonic() - started
    say("bundled", count=len(sizes), size=sum(sizes) / 1e6, seconds=seconds, folder=options.folder)
    return 0


def download(lines: list[str], folder: str, options: list[str]) -> tuple[int, str]:
    """Download exactly these lines, wheels only."""
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch, "requirements.txt")
        wanted.write_text("\n".join(lines), "utf-8")
        pip = [PYTHON, "-m", "pip", "download", "--progress-bar", "off", "--no-deps", *options]
        pip += ["--only-binary", ":all:", "--require-hashes", "-r", wanted, "-d", folder]
        return run_step(pip, child_environment())


# --- commands ---------------------------------------------------------------------------------------------


def start(command: str, arguments: list[str], source: str | None) -> int:
    """Carry out one command and return its exit code."""
    if command == "bundle":
        return bundle(arguments)
    set_up(source)
    if command == "report":
        return hand_over("-m", "simkit", "report", BASELINE, *arguments, folder=ROOT)
    if command == "test":
        whole = set(arguments) <= {"--quick", "--long"}
        return hand_over("-m", "pytest", *arguments, *(WHOLE if whole else ()), folder=ROOT)
    return hand_over("-m", "simkit", *arguments) if command == "simkit" else 0


def main(arguments: list[str]) -> int:
    """Read the command line; 2 means that the set-up failed, 130 that it was stopped."""
    parser = argparse.ArgumentParser(usage=text("usage"), add_help=False, allow_abbrev=False)
    parser.add_argument("--from", dest="source", type=os.path.abspath)
    own = arguments.index("simkit") if "simkit" in arguments else len(arguments)
    options, words = parser.parse_known_args(arguments[:own])
    command, *rest = [*words, *arguments[own:]] or ["--help"]
    if command not in ("report", "simkit", "test", "setup", "bundle"):
        print(text("usage"))
        return 0 if command in ("-h", "--help") else 2
    try:
        return start(command, rest, options.source)
    except KeyboardInterrupt:
        say("stopped")
        return 130
    except (Failure, OSError) as error:
        print(error if isinstance(error, Failure) else failure(str(error)), file=sys.stderr)
        return 2


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
