"""Where things stand on the sheet of parameters x scenarios, and its words in both languages."""

from __future__ import annotations

__all__ = [
    "BASE",
    "FIRST_ROW",
    "FIRST_SCENARIO",
    "FREE_ROWS",
    "HEADINGS",
    "HEAD_ROW",
    "KEYS",
    "META",
    "PATH_COLUMN",
    "SHEETS",
    "WORDS",
]

SHEETS = {"zh": "情景", "en": "Scenarios"}
#: Rows and columns count from 0. What each overlay is called stands in rows above its values.
BASE = (2, 1), (2, 4)  # cells of the baseline's id and digest
META = 3
KEYS = ("name", "title.zh", "title.en", "author", "date", "reason.zh", "reason.en")
HEAD_ROW = META + len(KEYS)
FIRST_ROW = HEAD_ROW + 1
PATH_COLUMN, FIRST_SCENARIO = 2, 5
#: Rows below the parameters for paths that are not among them.
FREE_ROWS = 12

HEADINGS = {
    "zh": ("所属事项", "参数", "路径", "单位", "基准值"),
    "en": ("Measure", "Parameter", "Path", "Unit", "Baseline"),
}
WORDS = {
    "zh": {
        "title": "参数×情景：{title}",
        "hint": (
            "只填黄色单元格。每列一个情景：先填名称（小写字母、数字、_、-）、标题、编制人、日期、理由，再在要改的参数行填新值；不改的留空。"
            "按“单位”列填数；一格多个值用分号隔开，表示逐一试算。"
            "超过基准值5倍、不足其五分之一或比例超过100%的值，请在值后加写“确认”，如“6000% 确认”。"
            "填好后用 simkit overlay import 导入。"
        ),
        "base": "基准情景",
        "digest": "数据摘要",
        "name": "情景名称（英文标识）",
        "title.zh": "标题",
        "title.en": "英文标题（可不填）",
        "author": "编制人",
        "date": "编制日期",
        "reason.zh": "理由",
        "reason.en": "英文理由（可不填）",
        "scenario": "情景{number}",
        "free": "其他路径（自填）",
        "free_hint": "表中没有的参数，路径写在此行“路径”列，值按YAML书写",
    },
    "en": {
        "title": "Parameters x scenarios: {title}",
        "hint": (
            "Fill in yellow cells only. A column is a scenario: name (lower case, digits, _, -), title, author, date "
            "and reason, then new values in the rows that change; leave the others empty. Numbers are in the unit of "
            "their row; several values in a cell, separated by semicolons, are tried one by one. Behind a value beyond "
            "five times the baseline's, below a fifth of it, or a share above 100 %, write: confirmed. Then: "
            "simkit overlay import."
        ),
        "base": "Baseline",
        "digest": "Digest",
        "name": "Name (id)",
        "title.zh": "Title in Chinese",
        "title.en": "Title in English (may be empty)",
        "author": "Author",
        "date": "Date",
        "reason.zh": "Reason in Chinese",
        "reason.en": "Reason in English (may be empty)",
        "scenario": "Scenario {number}",
        "free": "Other path (your own)",
        "free_hint": "A parameter that is not listed: its path in this row's column Path, values as in YAML",
    },
}
