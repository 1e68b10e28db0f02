"""Faults in Chinese: one fixed phrase for each that the checks use; `{}` is a name, number or value."""

from __future__ import annotations

import re

from simkit.base.errors import Fault
from simkit.base.leaf import KINDS
from simkit.base.visible import visible
from simkit.documents.words import WRITING

__all__ = ["ZH", "phrase", "tell", "translate"]

#: English phrase -> Chinese phrase. A new check adds its phrases here.
ZH = {
    **WRITING,
    # the schema
    "nothing": "空缺",
    "a value, it is required": "必填的值",
    "a known key": "已知的键",
    "did you mean {}?": "是否想写 {}？",
    "text that is not empty": "非空文字",
    "text": "文字",
    "true or false": "true 或 false",
    "a whole number": "整数",
    "a number": "数",
    "a day, such as 2023-04-12": "日期，如 2023-04-12",
    "keys with values": "键和值",
    "a list": "列表",
    "a name of at most {} letters": "不超过 {} 个字符的名称",
    "a name that Windows does not keep for a device (con, nul, aux, prn, com1, lpt1)": (
        "不是 Windows 保留给设备的名称（con、nul、aux、prn、com1、lpt1 等）"
    ),
    "an id of lower-case letters, digits and _": "由小写字母、数字和 _ 组成的标识",
    "a number >= {}": "不小于 {} 的数",
    "a number > {}": "大于 {} 的数",
    "a number <= {}": "不大于 {} 的数",
    "a number < {}": "小于 {} 的数",
    "a length of at least {}": "长度不少于 {}",
    "a length of at most {}": "长度不超过 {}",
    "text of the form {}": "形如 {} 的文字",
    "one of {}": "以下之一：{}",
    # quantities
    "a number with its unit": "带单位的数",
    "a finite number with its unit, such as {}": "带单位的有限数，如 {}",
    "a known unit ({})": "已知的单位（{}）",
    "a number of at most 18 digits": "最多 18 位的数",
    "an amount of money with its unit, such as {}": "带单位的金额，如 {}",
    "an amount of whole fen (分)": "以分为最小单位的金额",
    "a percentage, such as {}": "百分比，如 {}",
    "a percentage with at most two decimals": "最多两位小数的百分比",
    "a count, such as {}": "数量，如 {}",
    "an amount or a count with its unit, such as {}": "带单位的金额或数量，如 {}",
    "a whole number of the smallest unit (分, cents, 人)": "最小单位（分、美分、人）的整数",
    # things whose fields do not agree
    "until on or after since ({})": "until 不早于 since（{}）",
    "values exactly when unit is category": "当且仅当 unit 为 category 时给出 values",
    "at most 62 values": "最多 62 个值",
    "each item of the list once": "列表中每项只出现一次",
    "years only beside grew_at_least: nothing else reads it": "years 只与 grew_at_least 同时给出，否则不起作用",
    "year only beside share and of: nothing else reads it": "year 只与 share、of 同时给出，否则不起作用",
    "minus only beside bands: nothing else reads it": "minus 只与 bands 同时给出，否则不起作用",
    "one unit, written at every number of the distribution": "分布中的每个数都写明同一单位",
    "spread as a whole number of trials, since frequency is binomial": (
        "整数次试验（spread），因为 frequency 为 binomial"
    ),
    "a year of the policy, {} to {}": "政策涉及的年度（{} 至 {}）",
    # unusual values
    "agencies that grow by -50% to 50% a year, {} to {}, as is usual": (
        "通常在 {} 至 {} 之间的机构数（年增幅 -50% 至 50%）"
    ),
    "the path of an unusual value in this file": "本文件中某个不寻常取值的路径",
    "if it is meant, write under confirmed: at the top level of this file: {}: (the reason)": (
        "如确为此值，请在本文件顶层 confirmed: 下写一行 {}: （理由）"
    ),
    "exactly one of {}": "以下恰好一项：{}",
    "at least one tier": "至少一档",
    "by and by_value together": "by 与 by_value 同时给出",
    "tiers in ascending order of reached, each once": "各档按 reached 递增，不重复",
    "either rate, or per_full with amount": "rate，或 per_full 加 amount，二者取一",
    "per_full > 0": "per_full 大于 0",
    "bands in ascending order of above, each once": "各段按 above 递增，不重复",
    "per: claim together with within: claim": "per: claim 与 within: claim 同时给出",
    "either amount, or share with of": "amount，或 share 加 of，二者取一",
    "shares that sum to 100%, not {}%": "各份额合计 100%，而不是 {}%",
    "instalments whose shares sum to 100%": "各期份额合计 100%",
    "instalments in order of after_years": "各期按 after_years 递增",
    "no award when priced_by is {}": "priced_by 为 {} 时没有 award",
    "an award when priced_by is {}": "priced_by 为 {} 时要有 award",
    "payers for a measure with an award": "有 award 的措施要有 payers",
    "rigidity (entitlement or adjustable) for a measure with an award": (
        "有 award 的措施要有 rigidity（entitlement 或 adjustable）"
    ),
    "a default among {}": "默认值为以下之一：{}",
    # scenarios: what plan and policy do not agree on
    "a reading of the policy: {}": "政策的一种读法（reading）：{}",
    "a measure of the policy": "政策中的措施",
    "measures of the policy": "政策中的措施",
    "a measure with an award": "有 award 的措施",
    "a measure with claims": "有申报假设的措施",
    "{}, priced by {}": "{}，计价方式为 {}",
    "a fund: {}": "以下资金之一：{}",
    "years in the policy's term, {} to {}": "政策有效期内的年度（{} 至 {}）",
    "{} to {}": "{} 至 {}",
    "an expired policy pays nothing new: shorten earned_years, or assume a renewal (renewed: {until: ...})": (
        "政策到期后不再产生新的应付事项：请缩短 earned_years，或假设政策延续（renewed: {until: ...}）"
    ),
    "a year before the first earned year, {}": "早于首个测算年度 {} 的年份",
    "a year in which something can be paid, {} to {}": "可能发生支付的年度（{} 至 {}）",
    "at most 60 years after the population's start": "机构起始年后不超过 60 年",
    "an id of sources: {}": "sources 中的来源编号：{}",
    "shares whose means sum to 1": "均值合计为 1 的份额",
    "a number from {} to {} in every draw": "每次抽样均在 {} 至 {} 之间的数",
    "the measure's base_unit, {}": "与措施的 base_unit 一致：{}",
    "exactly one of scale and variables in {}, the others without a unit": (
        "scale 和 variables 中恰有一个以 {} 计，其余不带单位"
    ),
    "counts, such as {}": "数量，如 {}",
    "at most 4 variables": "最多 4 个变量",
    "a status of the population: {}": "population 中的状态之一：{}",
    "agency, or one of population.others: {}": "agency，或 population.others 之一：{}",
    "the district whose fund pays, or shares in population.districts for agencies": (
        "由哪个区（县、市）支付（district），或对机构给出 population.districts 份额"
    ),
    "weights with a sum > 0": "合计大于 0 的权重",
    "an amount for each year from {} to {}": "{} 至 {} 逐年的预算数",
    "a measure with claims of its own": "自身有申报假设的措施",
    "{} agencies at the end of {} to be reachable by entries": "{} 家机构，{} 年末由新设可以达到",
    "{} without any entry and {} with 100 times the entry rate": "无新设时 {} 家，新设率取 100 倍时 {} 家",
    "change start, exit_rate or the aim": "请调整 start、exit_rate 或目标",
    "a district: {}": "以下区（县、市）之一：{}",
    "numbers in {}, the unit of {}": "以{}为单位的数（{} 的单位）",
    "a variable in {}, the unit of {}": "以{}为单位的变量（{} 的单位）",
    "a number in {}, as {} is": "以{}为单位的数（与 {} 相同）",
    "names of {}: {}": "{} 的取值：{}",
    "companion exactly for measures outside this policy": "仅其他政策的措施（outside）填写 companion",
    "a share of those entitled who file": "符合条件者的申报比例",
    "{} or .places, since its claims are ranked": "{} 或 .places，因该措施择优评审",
    "neither": "均未给出",
    "how {} is drawn: {} reads it": "{} 的抽样方式：措施“{}”的条件要用到",
    "{} among statuses or numbers, since {} reads it": "在 statuses 或 numbers 中给出 {}：措施“{}”要用到",
    "an attribute of the policy": "政策中声明的属性",
    "a variable: {}": "以下变量之一：{}",
    "the scenario it is laid on, {}": "所叠加情景的 id：{}",
    "exactly one of intensity, transition, companion": "intensity、transition、companion 三者取一",
    "scale or variables": "scale 或 variables",
    "growth together with of_year": "growth 与 of_year 同时给出",
    "low <= high": "low 不大于 high",
    "low <= mode <= high and low < high": "low ≤ mode ≤ high 且 low < high",
    "earned_years as [first, last]": "earned_years 按［首年，末年］填写",
    "days of the year as MM-DD": "存在的月日（MM-DD）",
    "filing_days as [least, most]": "filing_days 按［最少，最多］填写",
    "as many weights as values, with a sum > 0": "weights 与 values 个数相同且合计大于 0",
    "spread > 0 exactly for negative_binomial (squared cv) and binomial (trials)": (
        "当且仅当 frequency 为 negative_binomial（变异系数平方）或 binomial（次数）时 spread 大于 0"
    ),
    "target exactly when mode is target": "当且仅当 mode 为 target 时给出 target",
    "path exactly when mode is path": "当且仅当 mode 为 path 时给出 path",
    # the text and its quotes
    "the policy's text, a file beside this one": "政策文本，与本文件同在一个文件夹",
    "it is not UTF-8": "它不是 UTF-8 编码",
    "the text's SHA-256, {}": "文本的 SHA-256：{}",
    "the text has changed: check it, then write this digest": "文本已变动：请核对后写入新的摘要",
    "words of the policy's text": "政策文本中的文字",
    "words that stand in the policy's text": "政策文本中确有的文字",
    "the nearest passage is {}": "最接近的是 {}",
    # names, units, terms
    "another id: base is what an award is computed on": "另一个标识：base 专指计算基数",
    "base, or a declared attribute": "base，或已声明的属性",
    "a declared attribute": "已声明的属性",
    "a fund of this policy": "本政策的资金",
    "a measure of this policy": "本政策的措施",
    "a level of a fund or measure": "某项资金或措施的层级",
    "a department of a fund or measure": "某项资金或措施的部门",
    "a value of {}": "{} 的一个取值",
    "at least one value": "至少一个取值",
    "a test that fits {} ({})": "适合 {}（{}）的条件",
    "0: {} belongs to the claim and has no years": "0：{} 属于申报本身，没有年份",
    "an attribute of the agency: {} belongs to the claim and has no years": (
        "机构的属性：{} 属于申报本身，没有年份"
    ),
    "a threshold in {}, the unit of {}": "以 {} 为单位的门槛（{} 的单位）",
    "an attribute in yuan": "以元计的属性",
    "{}, since the award is {}": "{}，因为 award 为 {}",
    "an amount per_full: a rate needs yuan, the base is {}": "per_full 加 amount：费率只适用于元，基数为 {}",
    "base, or an attribute that is a number": "base，或数值属性",
    "an attribute that is a category": "分类属性",
    "at most {} measures that make claims": "最多 {} 项可申报的措施",
    "the last day in force": "有效期的最后一日",
    "without an end no one can say what has expired": "没有截止日就无法判断是否过期",
    "a day on or after the day of issue, {}": "不早于发文日 {} 的日期",
    "a day within the document's term, {}": "文件有效期 {} 之内的日期",
    "district or per_district, not both": "district 与 per_district 只能填一个",
    "districts in the policy, since a fund is per district": "政策的区县，因为有资金按区县分设",
    "adjustable, since {}": "adjustable，因为 {}",
    "kind: ranked beside it": "同时写 kind: ranked",
    "kind: by_rule, since the measure is outside": "kind: by_rule，因为措施属于其他政策",
    "a level, since the measure is outside": "level，因为措施属于其他政策",
    "no {}, since the measure is outside": "没有 {}，因为措施属于其他政策",
    "ever, since the year is in the key": "ever，因为 key 中已有年度",
    "a measure of no other matter: it is in {}": "不属于其他事项的措施：它已在 {} 中",
    "a measure whose tiers are not topped up: those are a matter of their own": (
        "不补差的分档措施：补差的自成一个事项"
    ),
    # what a computer says of a file, and what stood in the place of a run
    "no space left on device": "磁盘空间不足",
    "disk quota exceeded": "已超出磁盘配额",
    "read-only file system": "文件系统只读",
    "file exists": "文件已存在",
    "not a directory": "不是文件夹",
    "file name too long": "文件名过长",
    "input/output error": "读写错误",
    "operation not permitted": "不允许此操作",
    "a file": "文件",
    "another file": "其他文件",
    "another content": "其他内容",
    "another format": "其他格式",
    "no manifest.json": "没有 manifest.json",
    "no such folder": "没有这个文件夹",
    "measures and matters": "措施和事项",
    "caps of one measure": "一项措施的上限",
    # fields that do not agree, in plans and laws
    "of together with bands": "of 与 bands 同时给出",
    "source, an id of the scenario's sources, for the variables": "variables 的出处（source，情景 sources 中的编号）",
    "at most 60 keys": "最多 60 个名目（keys）",
    "amounts with one unit, not {}": "同一单位的数，而不是 {}",
    "either mean and cv, or shape and scale": "mean 加 cv，或 shape 加 scale，二者取一",
    "labels of values that there are": "仅为 values 中的取值给出 labels",
    "years of target or path after start_year": "target 或 path 的年份晚于 start_year",
    "elasticity: a number, not a distribution": "elasticity 为一个数，不是分布",
    "exactly one of variable, bands, law, weights, chance, key": (
        "variable、bands、law、weights、chance、key 恰好一项"
    ),
    "a path of the scenario or its policy": "情景或其政策中的路径",
    # files of another kind than is asked for
    "a policy": "政策文件",
    "a scenario": "情景文件",
    "an overlay": "overlay（叠加方案）",
    "a saved run": "已保存的运行结果",
    "a saved answer": "已保存的测算结果",
    "a spreadsheet": "电子表格",
    "a folder": "文件夹",
    "a scenario names it under policy: give a scenario; simkit check reads the policy itself": (
        "政策由情景的 policy 一项引用：请给出情景文件；simkit check 可单独检查政策"
    ),
    "it stands by itself: give it first, and overlays after it (simkit compare SCENARIO OVERLAY...)": (
        "情景自成一体：请先写情景，其后写 overlay（simkit compare 情景 overlay…）"
    ),
    "lay it on its scenario {}: simkit run SCENARIO --overlay {}, and so for report": (
        "请叠加在其情景 {} 上：simkit run 情景 --overlay {}，report 同理"
    ),
    "simkit verify-run checks it; give the scenario's file to compute": (
        "核验用 simkit verify-run；测算请给出情景文件"
    ),
    "ask for it again with the file of a scenario": "请给出情景文件重新测算",
    "a list of agencies is named in a scenario (population: roster); simkit overlay import reads parameters": (
        "机构名单写在情景的 population: roster 中；参数表用 simkit overlay import 导入"
    ),
    "give one of its files: {}": "请给出其中一个文件：{}",
    "simkit run {} computes it: give the folder that it names": "请先执行 simkit run {}，再给出其所显示的文件夹",
    "no keys": "没有键",
    "simkit run computes a scenario: give the folder that it names": (
        "请先执行 simkit run，再给出其所显示的文件夹"
    ),
    "the policy's file, beside this one": "政策文件，与本文件同在一个文件夹",
    "no such file: {}": "没有这个文件：{}",
    # lists of agencies
    "a workbook (.xlsx) or a CSV file (.csv)": "Excel 工作簿（.xlsx）或 CSV 文件（.csv）",
    "a workbook with a password": "有密码的工作簿",
    "remove the password and save it again": "请取消密码后重新保存",
    "a workbook of Excel 97-2003 (.xls)": "Excel 97-2003 工作簿（.xls）",
    "open it in Excel or WPS and save it as .xlsx": "请用 Excel 或 WPS 打开并另存为 .xlsx",
    "a file named *{}": "名为 *{} 的文件",
    "a file without an ending": "没有扩展名的文件",
    "a workbook named .csv": "扩展名为 .csv 的工作簿",
    "name it .xlsx": "请把扩展名改为 .xlsx",
    "something else named .xlsx": "扩展名为 .xlsx 的其他文件",
    "a damaged workbook ({})": "损坏的工作簿（{}）",
    "a file of at most {} MB": "不超过 {} MB 的文件",
    "delete pictures, other sheets and empty rows": "请删去图片、其他工作表和空行",
    "headings and rows": "标题行和数据行",
    "another encoding": "其他编码",
    "looks like {}: in Excel or WPS save it as 'CSV UTF-8 (comma delimited)'": (
        "看起来是 {} 编码：请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”"
    ),
    "in Excel or WPS save it as 'CSV UTF-8 (comma delimited)'": "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”",
    "columns separated by commas": "以逗号分列",
    "semicolons": "分号",
    "tabs": "制表符",
    "full-width commas": "全角逗号",
    "bars": "竖线",
    "sound CSV": "正确的 CSV",
    "a quotation mark may be missing": "可能缺少引号",
    "at most {} rows and {} cells": "不超过 {} 行、{} 个单元格",
    "a value": "值",
    "a formula without a stored result": "没有保存结果的公式",
    "open the file in Excel or WPS and save it, or paste the values": (
        "请用 Excel 或 WPS 打开并保存，或选择性粘贴为数值"
    ),
    "the error {}": "错误值 {}",
    "correct the formula or the cell's format": "请更正公式或单元格格式",
    "a row with the headings {} and {}": "有 {} 和 {} 两个标题的一行",
    "none in the first {} rows": "前 {} 行中没有",
    "none in the first {} rows of {}": "前 {} 行中没有（工作表：{}）",
    "each column once": "每列只出现一次",
    "each agency once": "每家机构只列一次",
    "{} again, first in {}": "{} 重复，首次在 {}",
    "a column {}": "列 {}",
    "no such heading": "没有这个标题",
    "a known heading": "已知的标题",
    "delete the column, or let its heading begin with 备注": "请删去该列，或让标题以“备注”开头",
    "a heading with the unit, such as {}": "带单位的标题，如 {}",
    "cells that are not merged": "未合并的单元格",
    "a merged range": "合并区域",
    "unmerge it and fill in each of its cells": "请取消合并并逐格填写",
    "nothing in a column without a heading": "没有标题的列中无内容",
    "{} cells in the row, as many as headings": "本行有 {} 个单元格，与标题行相同",
    "{} cells": "{} 个单元格",
    "write the commas of empty cells too": "空单元格的逗号也要写上",
    "put a value with commas in quotation marks, or leave out the separators of thousands": (
        "含逗号的值请加引号，或去掉千位分隔符"
    ),
    "an empty cell at {}": "空单元格，在 {}",
    "the date {} at {}": "日期 {}，在 {}",
    "a formula without a stored result at {}": "没有保存结果的公式，在 {}",
    "the error {} at {}": "错误值 {}，在 {}",
    "{} (did you mean {}?) at {}": "{}（是否想写 {}？），在 {}",
    "{} cells at {}": "{} 个单元格，在 {}",
    "and {} more cells": "另有 {} 格",
    "{} in the format {}": "{}（单元格格式为 {}）",
    "{} in the format {} at {}": "{}（单元格格式为 {}），在 {}",
    "a name of one alone: it may be {}": "只指一种的名称（此名可指 {}）",
    "the sum of the agencies, {}": "各机构之和 {}",
    "{}, {} too much": "{}，多 {}",
    "{}, {} too little": "{}，少 {}",
    "correct the total or the rows, or delete the row of totals": "请更正合计数或各行，或删去合计行",
    "a row of totals without a licence, or an agency's full name": "不带许可证号的合计行，或机构全称",
    "two agencies have two licences: write both": "若确为两家机构，请分别填写各自的许可证号",
    "agencies below the headings": "标题行下的机构",
    "none": "无",
    "{} more cells that are wrong, this the last": "另有 {} 格有误，此为最后一格",
    "an empty cell": "空单元格",
    "the date {}": "日期 {}",
    "the agency's name": "机构名称",
    "the licence's number as text": "文本格式的许可证号",
    "format the cells as text and enter them anew": "请把单元格设为文本格式并重新录入",
    "a spreadsheet keeps 15 digits of a number: format the cells as text and enter them anew": (
        "电子表格的数只保留 15 位：请把单元格设为文本格式并重新录入"
    ),
    "an empty cell, since the policy names none": "空单元格，因为政策没有列出",
    "是, 否, yes, no, 1, 0 or an empty cell": "是、否、yes、no、1、0 或空单元格",
    "a number in {} from 0 to {}": "以{}为单位、0 至 {} 的数",
    "a number from 0 to {}": "0 至 {} 的数",
    "write the number alone; leave the cell empty where it is not known": "请只写数字；不知道的留空",
    "format the cell as a number and enter it anew": "请把单元格设为数值格式并重新录入",
    # overlays and readings
    "paths with values": "路径和值",
    "a path that exists": "存在的路径",
    "no such path": "没有这个路径",
    "a value for an item of a list": "列表项的值",
    "give the whole list anew": "请重写整个列表",
    "paths none of which lies in another": "互不包含的路径",
    "one in {}": "位于 {} 之内",
    "an overlay that changes something, unless it is the default": "有改动的 overlay（默认解读除外）",
    "{} at {}": "{}，在 {}",
    "changes (path: value), sweep (path: [values]), or both": "changes（路径: 值）、sweep（路径: [多个值]）或两者",
    "{} in changes or in sweep": "{} 只写在 changes 或 sweep 之一",
    "one value a path": "每个路径一个值",
    "{} variants: {}": "{} 个取值方案：{}",
    "compare it whole, or lay on one of its values as PATH=VALUE or under changes": (
        "请整个文件参加比较，或以“路径=值”或在 changes 中只取其中一个值"
    ),
    "a path that no other overlay sets otherwise: {} sets {} to {}": (
        "其他 overlay 未作不同设定的路径（{} 已将 {} 设为 {}）"
    ),
    "lay on one of the two, or write one overlay of both": "请二选一，或合写为一个 overlay",
    "a value that is not the baseline's": "不同于基准情景的值",
    "a value that is not the policy's own": "与政策原值不同的值",
    # settings that nothing reads
    "nothing reads it: leave it out": "没有任何计算读取此项：请删去",
    "no {} beside {}": "不写 {}（与 {} 同时给出时不起作用）",
    "no loading where frequency is fixed": "frequency 为 fixed 时不写 loading",
    "first_time in the measure, beside already": "措施写有 first_time 时才写 already",
    "first_time, a repetition or an attribute that reads the keys": (
        "措施的 first_time、repeat 或某个属性读取 keys 时才写 keys"
    ),
    "an attribute that the measure reads": "该措施读取的属性",
    "remove_elsewhere: true beside it": "同时写 remove_elsewhere: true",
    "heads_elsewhere beside it": "同时写 heads_elsewhere",
    "a fund of a district among the measure's payers": "承担资金中有区（县、市）资金",
    "the district whose fund pays, {}": "承担资金所属的区（县、市）：{}",
    "1, since the award does not read the base": "1，因为该奖补不读取基数",
    "a variable that an attribute reads, since the award does not": "某个属性读取的变量，因为该奖补不读取基数",
    "no growth, since the award does not read the base": "不写 growth，因为该奖补不读取基数",
    "a year from {} to {}": "{} 至 {} 之间的年度",
    "claims among: {}": "写有 among: {} 的申报假设",
    "a measure or claims that read it": "读取此项的措施或申报假设",
    "a fund per district, which reads them": "按区（县、市）分设的资金",
    "mode: priority beside an order": "写有 order 时 mode 为 priority",
    "a path of the policy, or one that begins with {}": "政策中的路径，或以下列词开头的路径：{}",
    "the file of an overlay, or PATH=VALUE": "overlay 文件，或“路径=值”",
    "no such file": "没有这个文件",
    "a path and its value are written PATH=VALUE, such as confidence=80%": (
        "路径和值写作“路径=值”，如 confidence=80%"
    ),
    # the sheet of parameters x scenarios
    "a name of lower-case letters, digits, _ and -": "由小写字母、数字、_ 和 - 组成的名称",
    "at least one scenario that is filled in": "至少填写一个情景",
    "a sheet named {} or {}, as simkit overlay export writes it": (
        "名为 {} 或 {} 的工作表（由 simkit overlay export 导出）"
    ),
    "the heading {} or {}, as simkit overlay export writes it": "标题 {} 或 {}（由 simkit overlay export 导出）",
    "the path of what is filled in beside it": "本行所填值对应的路径",
    "a path of its own: it stands in {} too": "不重复的路径（{} 中已有）",
    "a name of its own: it stands in {} too": "不重复的名称（{} 中已有）",
    "at least one value below": "下方至少填一个值",
    "or clear the column": "或清空该列",
    "a number in {}": "以{}为单位的数",
    "the cell shows a percentage: format it as a number": "该单元格为百分比格式：请改为数值格式",
    "a percentage with its sign, such as {}": "带百分号的百分比，如 {}",
    "write the sign: 0.4 may be 40% or 0.4%": "请写明百分号：0.4 可能指 40% 或 0.4%",
    "a value from {} to {}, near the baseline's {}": "{} 至 {} 的值（基准值为 {}）",
    "it reads as {}: if that is meant, write confirmed behind the value": "读作 {}：若确为此值，请在值后写“确认”",
    "write the number alone, or with its unit": "请只写数字，或写明单位",
    "values separated by semicolons": "以分号隔开的值",
    "put text with signs in quotes": "含特殊符号的文字请加引号",
    "base on a line of its own": "base 单独成行",
    "another layout": "其他排版",
    "write it by hand: {}": "请手工写入：{}",
    "a value as in a file": "与文件写法相同的值",
    "null takes the key away; put text with signs in quotes": "null 表示删去该键；含特殊符号的文字请加引号",
    "at most {} variants of swept overlays laid on one another": "相互叠加的扫描方案不超过 {} 个",
}

for _kind in KINDS.values():
    ZH[f"{_kind.en} from {{}} to {{}}"] = f"{{}} 至 {{}} 之间的{_kind.zh}"
    ZH[f"{_kind.en} from {{}} to {{}} in every draw"] = f"每次抽样均在 {{}} 至 {{}} 之间的{_kind.zh}"
    ZH[f"{_kind.en} from {{}} to {{}}, as is usual"] = f"通常在 {{}} 至 {{}} 之间的{_kind.zh}"


def tell(fault: Fault, language: str = "en") -> str:
    """Write a fault as one line.

    Parameters
    ----------
    fault : Fault
    language : str
        `zh` or `en`.
    """
    if language != "zh":
        return str(fault)
    place = f"{fault.file}:{fault.line}" if fault.line else fault.file
    path = "（文件）" if fault.path == "(file)" else fault.path
    text = f"{place}：{path}：应为{translate(fault.expected)}，实为{translate(fault.found)}"
    return visible(f"{text}（{translate(fault.hint)}）" if fault.hint else text)


def phrase(value: object) -> object:
    """A value of an error in Chinese where it is one of the phrases, whole; else as it is."""
    text = str(value)
    return ZH.get(text) or ZH.get(text.lower()) or _figure(text) or value


def _figure(text: str) -> str:
    """The name of a figure that too few draws carry."""
    for pattern, words in _FIGURES:
        if (match := pattern.fullmatch(text)) is not None:
            return words.format(*match.groups())
    return ""


def translate(text: str) -> str:
    """Put a fault's words into Chinese; what has no phrase stays as it is."""
    if text in ZH:
        return ZH[text]
    for pattern, phrase in _PATTERNS:
        if (match := pattern.fullmatch(text)) is not None:
            return phrase.format(*(part.replace(" or ", "或") for part in match.groups()))
    for between, word in (("; ", "；"), (" or ", "或")):
        if between in text:
            return word.join(translate(part) for part in text.split(between))
    return text


_FIGURES = [
    (re.compile(english), chinese)
    for english, chinese in {
        r"the mean": "均值",
        r"the variance": "方差",
        r"rank correlation": "秩相关系数",
        r"a Sobol index": "Sobol 指数",
        r"quantile at (.+)": "{0} 分位数",
        r"tail value at risk at (.+)": "{0} 尾部均值",
        r"share of the tail at (.+)": "{0} 尾部份额",
    }.items()
]
#: The phrase with the most words of its own first: "{} to {}" fits almost anything. None runs over "; ".
_PATTERNS = [
    (re.compile(re.escape(english).replace(r"\{\}", "((?:(?!; ).)+)"), re.DOTALL), ZH[english])
    for english in sorted(ZH, key=lambda english: -len(english.replace("{}", "")))
    if "{}" in english
]
