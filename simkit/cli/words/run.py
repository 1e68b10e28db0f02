"""What a run, a saved run or a notebook says when it fails, by the template of its error: Chinese."""

from __future__ import annotations

from simkit.base.errors import TooFewDrawsError

__all__ = ["RUN_ERRORS"]

RUN_ERRORS = {
    TooFewDrawsError.words: (
        "{figure}只依据 {draws} 次模拟中的 {carried_by} 次，至少需要 {needs} 次：请至少模拟 {least} 次"
    ),
    # what a scenario asks for and cannot have
    "population.growth: expected {agencies} agencies at the end of {year} to be reachable by entries, "
    "found {least} without any entry and {most} with 100 times the entry rate: change start, exit_rate or the aim": (
        "population.growth：{year} 年末 {agencies} 家机构应可由新设达到，实为无新设时 {least} 家，新设率取 100 倍时 "
        "{most} 家。请调整 start、exit_rate 或目标"
    ),
    "{path}: expected a chance in [0, 1) in every draw, found {low} to {high}": (
        "{path}：每次抽样均应为不小于 0、小于 1 的概率，实为 {low} 至 {high}"
    ),
    "{path}: expected at most its ceiling {ceiling}, found {found}: raise the ceiling in the baseline": (
        "{path}：应不超过其上限 {ceiling}，实为 {found}。请在基准情景中提高 ceiling"
    ),
    "claims: expected at most 50 million claims a draw and a million agencies in a line of business, found more: "
    "look at population.growth and the intensities of the claims": (
        "申报：每次模拟应不超过 5000 万件申报、每个业态不超过 100 万家机构，实际更多。"
        "请核对 population.growth 和各项申报强度"
    ),
    "claims: a plan has an origin, frequency, mark, law or way of an attribute that no kernel draws": (
        "申报：某项申报设定的来源、频率、标记、分布或属性取法，计算内核无法识别（程序错误）"
    ),
    "claims: row {row}: base: expected a number from 0 to {most} (fen, cents or a count), found {found}": (
        "申报：第 {row} 行：计算基数应为 0 至 {most}（分、美分或数量），实为 {found}"
    ),
    "policy: {what}: expected at most {most}, found {found}": "政策：{what}：应不超过 {most}，实为 {found}",
    "what the steps of the rules took and what is awarded do not add up to gross": (
        "各步扣减与核定金额之和不等于应得金额（程序错误）"
    ),
    # folders and files of runs
    "{folder}: expected a folder that can be written to, found {found}: choose another with --out DIR": (
        "{folder}：应为可写入的文件夹，实为{found}。请用 --out DIR 另选文件夹"
    ),
    "{folder}: expected a folder that `simkit run` wrote, found no manifest.json": (
        "{folder}：应为 simkit run 生成的文件夹，其中没有 manifest.json"
    ),
    "{path}: expected a manifest, found {found}": "{path}：应为运行记录（manifest），实为{found}",
    "{path}: format: expected {expected}, found {found}: run the scenario again": (
        "{path}：格式应为 {expected}，实为 {found}。请重新运行该情景"
    ),
    "{path}: expected the file of the run, found {found}: run the scenario again": (
        "{path}：应为该次运行的文件，实为{found}。请重新运行该情景"
    ),
    "{path}: expected a saved answer ({kinds}), found {found}": "{path}：应为已保存的测算结果（{kinds}），实为{found}",
    # notebooks and pages
    "{path}: expected a path on this machine, found an address": "{path}：应为本机路径，实为网址",
    "{path}: expected a notebook, NAME.ipynb": "{path}：应为 notebook（名称以 .ipynb 结尾）",
    "{path}: expected a notebook, found {found}": "{path}：应为 notebook，实为{found}",
    "a notebook: expected one cell tagged `parameters`, found {found}": (
        "notebook：应有一个带 parameters 标签的单元格，实有 {found} 个"
    ),
    "the parameters cell: line {line}: expected NAME = literal": "参数单元格：第 {line} 行应为“名称 = 字面值”",
    "the parameters cell: {name}: expected a literal, found {found}: what is derived goes into the next cell, "
    "or it would not follow the parameter": (
        "参数单元格：{name}：应为字面值，实为 {found}。由参数推算的内容应写在下一单元格，否则不会随参数变化"
    ),
    "{notebook}: parameters: expected some of {known}, found {found}": (
        "{notebook}：参数应为 {known} 中的若干项，实为 {found}"
    ),
    "{place}: expected None, bool, int, finite float, str, list or dict, found {found}": (
        "{place}：应为 None、bool、int、有限的 float、str、list 或 dict，实为 {found}"
    ),
    "{notebook}: cell {cell}: wrote to stderr: {said}: see {kept}": (
        "{notebook}：第 {cell} 格输出了警告：{said}。详见 {kept}"
    ),
    "{notebook}: cell {cell}: {said}: see {kept}": "{notebook}：第 {cell} 格运行失败：{said}。详见 {kept}",
    "{notebook}: cell {cell}: took more than {seconds} seconds: see {kept}": (
        "{notebook}：第 {cell} 格运行超过 {seconds} 秒。详见 {kept}"
    ),
    "{notebook}: cell {cell}: the kernel died (was memory short?): see {kept}": (
        "{notebook}：第 {cell} 格运行时内核退出（可能是内存不足）。详见 {kept}"
    ),
    "{font}: no glyph for {codes}: the page would show a box": "{font}：缺少字形 {codes}，网页会显示为方框",
    # overlays of the notebook with sliders
    "overlay: expected a name of lower-case letters, digits, _ and -, found {found}": (
        "overlay：名称应由小写字母、数字、_ 和 - 组成，实为 {found}"
    ),
    "{path}: exists already: expected a new name": "{path}：文件已存在，请另取名称",
}
