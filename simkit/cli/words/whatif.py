"""What the what-if commands say on the terminal: Chinese and English, as in `messages`."""

from __future__ import annotations

__all__ = ["WHATIF_ERRORS", "WHATIF_TEXTS"]

#: Key -> (English, Chinese).
WHATIF_TEXTS = {
    "about_compare": (
        "What changes of a scenario cost: files of overlays or PATH=VALUE, each held against the scenario draw by "
        "draw on the same luck.",
        "比较调整前后的资金需求：可给出调整方案文件或“路径=取值”，逐项与情景按同一组随机数配对比较。",
    ),
    "about_sweep": (
        "Cost and need along one number of the scenario, or over two: PATH=VALUES, where VALUES is a list or even "
        "steps, LOW..HIGH:COUNT.",
        "沿一个参数（或两个参数的组合）逐值测算支出和需求：写作“路径=取值”，取值为列表（40万元,50万元）或等距区间（20万元..100万元:9）。",
    ),
    "about_seek": (
        "The most generous setting with which a budget of the special fund is enough: of one path, or one factor on "
        "several.",
        "反推预算约束下最宽松的取值：一个参数的取值，或多个参数的共同倍数。",
    ),
    "help_together": (
        "Lay all changes on one another instead of comparing each by itself.",
        "将各项调整叠加为一个方案，而不是逐项比较。",
    ),
    "help_page": (
        "Write the answer as a web page too.",
        "同时生成网页。",
    ),
    "help_budget": (
        "Budget of the special fund in the budget year; else the scenario's appropriation.",
        "预算年度专项经费的预算数；不写则取情景中的预算数。",
    ),
    "help_level": (
        "Probability with which the budget is to be enough.",
        "预算够用的概率目标。",
    ),
    "help_mean": (
        "Let the expected outlay meet the budget instead of a probability.",
        "以期望支出不超过预算为目标，不用概率。",
    ),
    "help_between": (
        "Seek between two values, LOW..HIGH (of several paths: factors); else from a hundredth to four times "
        "what stands.",
        "搜索区间，写作“下限..上限”（多个参数时为倍数）；不写则为现行取值的百分之一至四倍。",
    ),
    "kind_kept": ("on the same claims", "同一批申报重新裁定"),
    "kind_kept_shorter": (
        "on the same claims where it gets less or shorter, else drawn again",
        "减少、缩短时按同一批申报重新裁定，否则按同一随机数重新抽取",
    ),
    "kind_kept_carried": (
        "on the same claims where they carry what is read, else drawn again",
        "申报已含所需数据项时按同一批申报重新裁定，否则按同一随机数重新抽取",
    ),
    "kind_again": ("drawn again at the same addresses", "按同一随机数重新抽取"),
    "kind_budget": ("the same outlays, held against other money", "支出不变，只影响与预算的比较或口径"),
    "kind_reading": ("as the paths that it lays on", "视所选解读或取值涉及的参数而定"),
    "kind_words": ("no figure moves", "文字说明，不影响数字"),
    "comparing": ("comparing", "比较中"),
    "sweeping": ("evaluating", "测算中"),
    "seeking": ("draws evaluated", "已测算模拟次数"),
}

#: What a failed what-if says, by the template of its error: Chinese.
WHATIF_ERRORS = {
    "{path}: expected an answer of `simkit {kind}`, found {found}: ask for it again": (
        "{path}：应为 simkit {kind} 保存的结果，实为 {found}，请重新测算"
    ),
    "{path}: cannot be written: {reason}": "{path}：无法写入：{reason}",
    "{path}: expected a path that holds a number with its unit, found {found}": (
        "{path}：应为带单位数值的参数路径，实为 {found}"
    ),
    "{word}: expected values such as {list} or even steps such as {steps}, found {found}": (
        "{word}：取值应写作列表（如 {list}）或等距区间（如 {steps}），实为 {found}"
    ),
    "{word}: expected numbers that a comma parts in one way only, found {found}: write {one}, or {several}": (
        "{word}：逗号应只有一种含义，实为{found}：如为一个数请写 {one}，如为多个数请写 {several}"
    ),
    "{word}: expected values in the unit of {path}, {unit}, found {found}": (
        "{word}：取值的单位应与 {path}（{unit}）一致，实为 {found}"
    ),
    "expected half-width digits and signs, found {found}: write {plain}": (
        "应为半角数字和符号，实为 {found}；请写 {plain}"
    ),
    "paths: expected one or two, found {found}": "参数：应为一个或两个，实为 {found} 个",
    "seek: expected at least one path, found none": "反推：应至少给出一个参数路径",
    "{path}: expected bounds of which the lower is below the upper, found {low} and {high}": (
        "{path}：搜索区间下限应小于上限，实为 {low} 和 {high}"
    ),
    "budget: expected an amount above 0 with its unit, such as {example}, found {found}": (
        "预算数：应为大于零并写明单位的金额，如 {example}，实为 {found}"
    ),
    "{path}: expected bounds in the unit of {standing}, found {found}": (
        "{path}：上下限应与现值 {standing} 单位相同，实为 {found}"
    ),
    "level: expected a probability between 0% and 100%, found {found}": "概率目标：应在 0% 与 100% 之间，实为 {found}",
    "{path}: expected a value other than 0 that a factor can move, found {found}: give bounds for one path": (
        "{path}：按倍数调整的参数不应为 0，实为 {found}；请改为单个参数并给出搜索区间"
    ),
    "{word}: expected PATH=VALUES, such as {example}": "{word}：应写作“路径=取值”，如 {example}",
    "--budget: expected an amount, since the scenario has no appropriation of the special fund in {year}, found none": (
        "--budget：情景中没有{year}年专项经费预算数，请给出预算数"
    ),
    "--budget: expected an amount such as {example}, found {found}": "--budget：应为金额，如 {example}，实为 {found}",
    "--between: expected two values such as {example}, found {found}": (
        "--between：应为两个取值，如 {example}，实为 {found}"
    ),
}
