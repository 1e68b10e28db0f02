"""What `simkit report` and `simkit verify-run` say on the terminal: Chinese and English, as in `messages`."""

from __future__ import annotations

__all__ = ["REPORT_ERRORS", "REPORT_TEXTS"]

#: Key -> (English, Chinese).
REPORT_TEXTS = {
    "help_all_overlays": (
        "A report for each overlay of the folder `overlays` beside a scenario too, each variant of a sweep.",
        "情景旁 overlays 文件夹中的每个调整方案也各出一份报告，多档取值逐档各一份。",
    ),
    "help_template": (
        "order, headings, offices and codes of the annexes, in a copy of simkit/report/templates/annexes.yaml",
        "附件的顺序、标题、单位名称和编码，写在 simkit/report/templates/annexes.yaml 的副本中",
    ),
    "help_report_force": (
        "Run and write again what did not change, too.",
        "未变化的也重新模拟、重新生成。",
    ),
    "report_done": ("{name}: {path}", "{name}：{path}"),
    "report_unchanged": ("{name}: unchanged, {path}", "{name}：未变化，沿用 {path}"),
    "unchanged": (
        "Unchanged: made from the same inputs and code before, nothing was redone (--force does).",
        "未变化，沿用原有结果：输入和程序均与上次相同（加 --force 可重做）。",
    ),
    "index": ("All reports: {path}", "全部报告一览：{path}"),
    "written_beside": (
        "{asked} stays as it is: simkit did not write it, somebody changed it since, or it is read-only or open in "
        "another program. The new one is {path}.",
        "{asked} 保持原样：不是 simkit 生成的，或生成后有改动，或为只读，或正被其他程序打开。新的另存为 {path}。",
    ),
    "report_stays": (
        "The report in {folder} stays: it is of these figures.",
        "{folder} 中的报告保留，所依据的就是本次的数字。",
    ),
    "report_earlier": (
        "The report in {folder} stays, but it is of the earlier figures: simkit report makes it anew.",
        "{folder} 中的报告保留，但所依据的是此前的数字；请用 simkit report 重新生成。",
    ),
    "report_counts": (
        "{count} reports: {made} written, {kept} unchanged, {failed} failed.",
        "共 {count} 份报告：新生成 {made} 份，未变化沿用 {kept} 份，失败 {failed} 份。",
    ),
    "report_failed": ("Failed:", "失败："),
    "report_failure": ("- {name}: {message}", "- {name}：{message}"),
    # simkit verify-run
    "about_verify_run": (
        "Check a saved run: the digests of all its files and of those its report was made from; with --rerun, its "
        "figures too.",
        "核验已保存的结果：重新计算各文件及报告所依据文件的摘要；加 --rerun 并重新模拟、逐项核对数字。",
    ),
    "help_rerun": (
        "Run the saved scenario again with the same seed and draws and compare every figure, bit by bit.",
        "用相同随机种子和模拟次数重新模拟已保存的情景，逐位核对全部数字。",
    ),
    "verified_run": (
        "{folder}: scenario {scenario}, {draws} draws, seed {seed}.",
        "{folder}：情景 {scenario}，模拟 {draws} 次，随机种子 {seed}。",
    ),
    "verified_files": ("{count} files are as they were saved.", "{count} 个文件与保存时一致。"),
    "finding_missing": ("{file}: missing", "{file}：缺失"),
    "finding_changed": ("{file}: changed since it was saved", "{file}：保存后有改动"),
    "finding_unexpected": (
        "{file}: unexpected, nothing says where it comes from",
        "{file}：多出的文件，无来源记录",
    ),
    "finding_torn": ("{file}: cannot be read ({detail})", "{file}：无法读取（{detail}）"),
    "finding_digest": (
        "{file}: its content gives another digest than the manifest says ({detail})",
        "{file}：内容的摘要与 manifest.json 所记不符（{detail}）",
    ),
    "finding_count": (
        "{count} differences: this folder does not hold what was saved.",
        "共 {count} 处不符：本文件夹的内容已不是当时保存的内容。",
    ),
    "verified_all": ("All is as it was saved.", "全部与保存时一致。"),
    "other_code": (
        "Note: saved by other code than this: {what} was {saved}, here it is {here}.",
        "提示：保存时所用程序与本机不同：{what} 当时为 {saved}，本机为 {here}。",
    ),
    "rerunning": ("running it again", "重新模拟中"),
    "rerun_not": (
        "Not run again: the files are not what was saved.",
        "未重新模拟：文件已与保存时不符。",
    ),
    "rerun_missing": (
        "Cannot be run again: the list of agencies {file} is {state}; a run's folder does not hold it. Put the file "
        "back where it was (its SHA-256 began with {digest}) and try again.",
        "无法重新模拟：机构名单 {file} {state}，结果文件夹中不含该名单。请将原文件放回原处（其 SHA-256 以 {digest} "
        "开头）后再试。",
    ),
    "state_missing": ("missing", "缺失"),
    "state_changed": ("another one than then", "与当时不是同一份"),
    "rerun_same": (
        "Run again: every figure is the same, bit by bit ({figures} compared).",
        "已重新模拟：全部数字逐位相同（比较了 {figures} 个数字）。",
    ),
    "rerun_differs": (
        "Run again, and the figures differ. The first that does: {place}: saved {saved}, now {now}.",
        "已重新模拟，数字不同。第一处：{place}：保存的为 {saved}，现为 {now}。",
    ),
}

#: What a failed report or check says, by the template of its error: Chinese.
REPORT_ERRORS = {
    "{path}: expected a scenario, or a folder with scenarios in it, found none": (
        "{path}：应为情景文件，或含有情景文件的文件夹，其中没有情景"
    ),
    "{name}: expected a name of its own, found it twice: {first}, {second}": (
        "{name}：名称不应重复，但出现两次：{first}、{second}"
    ),
    "{path}: expected the record of a report, found {found}: write the report again": (
        "{path}：应为报告的记录文件，实为 {found}。请重新生成报告"
    ),
    "{folder}: expected a folder that `simkit run` or `simkit report` wrote, found {found}": (
        "{folder}：应为 simkit run 或 simkit report 生成的结果文件夹，实为 {found}"
    ),
    "{path}: expected a saved answer, found {found}: ask for it again, or take it away": (
        "{path}：应为已保存的测算结果，实为 {found}。请重新测算，或移走该文件"
    ),
    "{path}: expected the report's notebook, found no such file: run from a checkout of simkit": (
        "{path}：应为报告所用的 notebook，未找到。请在 simkit 的文件夹中运行"
    ),
    "{folder}: expected a folder that `simkit run` wrote, found no manifest.json": (
        "{folder}：应为 simkit run 生成的结果文件夹，其中没有 manifest.json"
    ),
    "{path}: expected a manifest, found {found}": "{path}：应为结果清单（manifest），实为 {found}",
    "{path}: format: expected {expected}, found {found}: run the scenario again": (
        "{path}：format 应为 {expected}，实为 {found}。请重新模拟该情景"
    ),
    "{path}: expected the manifest as it was saved, found another content (its own digest differs): put the saved "
    "one back, or run the scenario again": (
        "{path}：应为保存时的清单，实际内容有改动（与其自身摘要不符）。请放回原文件，或重新模拟该情景"
    ),
    "{path}: expected the file of the run, found {found}: run the scenario again": (
        "{path}：应为本次模拟保存的文件，实为 {found}。请重新模拟该情景"
    ),
    "{path}: typst: expected a PDF/A-2b without a warning, found: {reason}": (
        "{path}：typst 应无警告地生成 PDF/A-2b，实际：{reason}"
    ),
    "{path}: cannot be written: {reason}; nothing was kept: close the file, or make room": (
        "{path}：无法写入：{reason}；未保留任何内容。请关闭该文件，或腾出空间"
    ),
}
