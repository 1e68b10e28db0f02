"""What `simkit lab` says on the terminal."""

from __future__ import annotations

__all__ = ["LAB_ERRORS", "LAB_TEXTS"]

#: Key -> (English, Chinese).
LAB_TEXTS = {
    "about_lab": (
        "Open the notebooks in JupyterLab, on this computer alone: policy parameters as sliders, what a change "
        "costs at once. Ctrl-C ends it.",
        "在本机打开 JupyterLab 中的各 notebook：拖动滑块调整政策参数，即时看到资金变化。按 Ctrl-C 结束。",
    ),
    "help_lab_page": (
        "Show the notebook with sliders as a page without code; needs voila (extra `page`).",
        "把带滑块的 notebook 显示为不含代码的网页；需要 voila（可选依赖 page）。",
    ),
    "help_lab_port": (
        "Port of this computer; else the first free one from 8888 on.",
        "本机端口；不写则从 8888 起取第一个空闲端口。",
    ),
    "help_lab_browser": ("Do not open the browser.", "不自动打开浏览器。"),
    "help_lab_lang": (
        "Language of JupyterLab and the notebook, and of what is printed.",
        "JupyterLab 界面、notebook 及提示信息的语言。",
    ),
    "lab_ready": (
        "JupyterLab shows {folder} at:\n  {address}\n"
        "Only this computer reaches it. The token in the address is new at each start: do not pass it on.\n"
        "Ctrl-C ends it.",
        "JupyterLab 已启动，文件夹 {folder}，地址：\n  {address}\n"
        "仅限本机访问；地址中的口令（token）每次启动都会更换，请勿外传。\n按 Ctrl-C 结束。",
    ),
    "page_ready": (
        "The page is at:\n  {address}\n"
        "Only this computer reaches it. The token in the address is new at each start: do not pass it on.\n"
        "Ctrl-C ends it.",
        "网页已就绪，地址：\n  {address}\n"
        "仅限本机访问；地址中的口令（token）每次启动都会更换，请勿外传。\n按 Ctrl-C 结束。",
    ),
    "lab_ended": ("Ended.", "已结束。"),
}

#: What a refusal says, by the template of its error: Chinese.
LAB_ERRORS = {
    "--port: expected a free port of this computer, found {port}: {reason}: leave --port out to have one chosen": (
        "--port：应为本机空闲端口，实为 {port}（{reason}）。不写 --port 即自动选取"
    ),
    "expected a free port of this computer from {first} to {last}, found none: name another with --port N": (
        "本机 {first} 至 {last} 没有空闲端口：请用 --port N 另行指定"
    ),
    "the port {port} of this computer was taken meanwhile: start `simkit lab` again": (
        "本机端口 {port} 刚被占用：请重新执行 simkit lab"
    ),
    "{path}: expected the notebook with sliders, found none: start simkit where its notebooks are": (
        "{path}：应为带滑块的 notebook，未找到：请在含 notebooks 文件夹的目录下启动 simkit"
    ),
    "--page needs the package of the extra `page`, voila: install it, or leave --page out": (
        "--page 需要安装 voila（可选依赖 page）；不安装时请去掉 --page"
    ),
}
