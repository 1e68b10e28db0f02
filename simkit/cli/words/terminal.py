"""Every text that a person reads on the terminal: Chinese and English."""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from simkit.base.errors import SimkitError
from simkit.base.visible import visible_values
from simkit.cli.words.lab import LAB_ERRORS, LAB_TEXTS
from simkit.cli.words.report import REPORT_ERRORS, REPORT_TEXTS
from simkit.cli.words.run import RUN_ERRORS
from simkit.cli.words.whatif import WHATIF_ERRORS, WHATIF_TEXTS

__all__ = ["ERRORS", "LANGUAGES", "TEXTS", "language_of", "say", "told"]

LANGUAGES = ("zh", "en")

#: Key -> (English, Chinese).
TEXTS = {
    # help
    "about": (
        "simkit sizes a special fund: it simulates what a policy pays, and says how much money is enough "
        "with which confidence.",
        "simkit 测算专项资金规模：模拟一项政策的兑付支出，给出各保障程度所需的资金。",
    ),
    "usage": ("Usage:", "用法："),
    "options": ("Options:", "选项："),
    "commands": ("Commands:", "命令："),
    "exit_codes": (
        "Exit codes: 0 done; 1 failed; 2 something given is wrong; 130 interrupted.",
        "退出码：0 完成；1 运行失败；2 输入有误；130 被中断。",
    ),
    "help_help": ("Show this page.", "显示本页。"),
    "help_lang": (
        "Language of what is printed; else the computer's.",
        "显示的语言；不写则按电脑的语言设置。",
    ),
    "help_report_lang": (
        "Language; given here, the report is written in this language only, else in both.",
        "语言；在此写明时只生成该语言的报告，否则中英文都生成。",
    ),
    "help_debug": ("Show the whole traceback of an unexpected error.", "出现意外错误时显示完整的回溯信息。"),
    "help_version": ("Show the version.", "显示版本。"),
    "about_check": (
        "Check a policy, a scenario, an overlay, or a folder of them: every fault with file, line, path, "
        "what was expected and what was found; or what was read and what is worth a look.",
        "检查政策、情景、overlay 或其所在文件夹：一次列出全部错误（文件、行、路径、应为、实为）；"
        "无误时列出读到的内容和值得留意之处。",
    ),
    "help_all": (
        "Of what is sound, all there is to say: how each provision is modelled, priced and paid, and which readings "
        "are in force.",
        "无误时列出全部内容：每条措施如何建模、定价、由谁支付，以及采用的解读。",
    ),
    "about_run": (
        "Simulate a scenario, save the result, and print a table for a memo.",
        "模拟一个情景，保存结果，并显示可粘贴到公文中的表格。",
    ),
    "about_report": (
        "Simulate a scenario, or all of a folder, and write the budget reports: web page, Excel tables, notebook, "
        "and a page that lists all. What did not change since the last time is not done again.",
        "模拟一个情景或文件夹中的全部情景，生成预算测算报告：网页、Excel 表、notebook，以及全部报告的一览页。"
        "与上次相比未变化的不再重做。",
    ),
    "about_doctor": (
        "Look whether this computer has what simkit needs, with a test run whose answer is known.",
        "检查本机环境，并试算一个答案已知的例子。",
    ),
    "about_verify": (
        "Hold the simulation against exact figures, worked out without draws: parameters at their central "
        "values, one path of the population. Exit code 1 where they differ by more than chance allows.",
        "将模拟结果与不经抽样的精确计算逐项核对：参数取中值，机构变动取同一条路径。"
        "差异超出随机误差时退出码为 1。",
    ),
    "about_schema": (
        "Print the JSON Schema of policy.yaml, of scenarios or of overlays, for completion in editors.",
        "输出 policy.yaml、情景或 overlay 的 JSON Schema，供编辑器自动补全。",
    ),
    "help_draws": ("Number of draws (possible futures).", "模拟次数（可能的未来数）。"),
    "help_seed": (
        "Seed: the same scenario, draws and seed give the same figures to the fen.",
        "随机种子：情景、次数、随机种子相同，结果就一分不差。",
    ),
    "help_parameters": (
        "How what a whole draw shares is drawn (uncertain assumptions, common factor, yearly shocks): crude, "
        "every draw for itself; latin, stratified over groups of 64 draws, for smaller errors.",
        "每次模拟共用的量（不确定假设、共同因子、年度冲击）如何抽取：crude 各次独立；"
        "latin 每 64 次一组分层抽样，误差更小。",
    ),
    "help_cluster": (
        "Compute on the workers of this Dask scheduler instead of on this computer; the figures are the same.",
        "改在该 Dask 调度器的各工作节点上计算，结果相同。",
    ),
    "help_precision": (
        "Instead of --draws: run until, with 95% confidence, the P95 of every paid year is within so many percent "
        "of what is printed (years with at least 1% of the money; the special fund and the whole policy), such as "
        "0.5%. Looked at after 2,000 draws, 4,000, 8,000, ...",
        "代替 --draws：持续模拟，直到各支付年度（占总额1%以上，专项经费口径与全政策口径）P95 的95%置信区间半宽"
        "不超过其数值的这一比例，如 0.5%。在 2000、4000、8000……次时检查。",
    ),
    "help_limit": (
        "Draws at which a run with --precision stops all the same.",
        "使用 --precision 时的模拟次数上限。",
    ),
    "help_jobs": ("Threads; else one a core.", "线程数；不写则每核一个。"),
    "help_out": (
        "Folder that results go to, as DIR/SCENARIO/RUN.",
        "结果所在文件夹，写入 DIR/情景/运行。",
    ),
    "help_overlay": (
        "A what-if laid on the scenario; may be given again.",
        "叠加在情景上的假设方案，可重复给出。",
    ),
    "help_schema_out": ("Write the schemas to this folder instead.", "改为写入该文件夹。"),
    # what is wrong with the command line
    "see_help": ("See: {command} --help", "用法见：{command} --help"),
    "whole_number": (
        "expected a whole number from {low} to {high}, found {found}",
        "应为 {low} 至 {high} 的整数，实为 {found}",
    ),
    "share": (
        "expected a share of the value from 0.0001% to 100%, such as 0.5%, found {found}",
        "应为 0.0001% 至 100% 的比例，如 0.5%，实为 {found}",
    ),
    "draws_or_precision": (
        "--draws and --precision exclude each other: take one of them",
        "--draws 与 --precision 只能选用其一",
    ),
    "no_option": ("there is no option {name}", "没有选项 {name}"),
    "no_command": ("there is no command {name}; there are: {known}", "没有命令 {name}；可用的有：{known}"),
    "no_command_given": ("a command is missing", "缺少命令"),
    "did_you_mean": ("{message}; did you mean {names}?", "{message}；是否想写 {names}？"),
    "missing": ("{name} is missing", "缺少 {name}"),
    "one_of": ("expected one of {known}, found {found}", "应为以下之一：{known}；实为 {found}"),
    "extra": ("this is one argument too many: {found}", "多余的参数：{found}"),
    "no_value": ("{name} needs a value", "{name} 后面要有值"),
    "takes_no_value": ("{name} takes no value", "{name} 后面不带值"),
    # failures
    "stopped": (
        "Stopped; nothing half-written was kept. The same command goes on from the draws that were finished.",
        "已中断，没有留下不完整的文件。再次执行同一命令即从已完成的模拟继续。",
    ),
    "memory": (
        "there is not enough memory for this: take fewer draws (--draws), or fewer jobs (--jobs 1)",
        "内存不足：请减少模拟次数（--draws）或线程数（--jobs 1）",
    ),
    "unexpected": (
        "unexpected failure: {error}\nRun it again with --debug to see where.",
        "意外错误：{error}\n加上 --debug 再运行一次可看到出错位置。",
    ),
    "full": (
        "what is printed cannot be written: no space left on the disk it goes to",
        "无法写出显示的内容：其所在磁盘已满",
    ),
    # check
    "not_a_kind": (
        "{path}: expected a policy (key measures), a scenario (claims) or an overlay (changes), "
        "found {found}",
        "{path}：应为政策（含 measures）、情景（含 claims）或 overlay（含 changes），实为 {found}",
    ),
    "nothing_here": (
        "{path}: expected a folder with a policy.yaml or a scenario, found no YAML file",
        "{path}：应为含 policy.yaml 或情景的文件夹，其中没有 YAML 文件",
    ),
    "base": (
        "the id of a scenario beside this file or up to two folders up",
        "同一文件夹或上一、二级文件夹中某一情景的 id",
    ),
    "skipped": (
        "Not looked at (no policy, scenario or overlay): {path}",
        "未检查（不是政策、情景或 overlay）：{path}",
    ),
    "faults": ("{count} faults.", "共 {count} 处错误。"),
    "fault": ("1 fault.", "共 1 处错误。"),
    "sound_policy": (
        "{path}: sound. {count} provisions, {readings} readings.",
        "{path}：无误。措施 {count} 条，解读 {readings} 项。",
    ),
    "sound_scenario": ("{path}: sound. {title}", "{path}：无误。{title}"),
    "sound_overlay": ("{path}: sound, laid on {base}. {title}", "{path}：无误，叠加于 {base}。{title}"),
    "sound_overlays": (
        "{path}: sound overlays: {count}, laid on {base}.",
        "{path}：overlay {count} 个，均无误，叠加于 {base}。",
    ),
    "claims_assumed": (
        "claims assumed of {claims} measures; {count} agencies at the end of {year} ({source})",
        "对 {claims} 项措施作了申报假设；{year} 年末机构 {count} 家（{source}）",
    ),
    "agencies_assumed": ("assumed", "假设"),
    "renewed_until": ("assumed: the policy is renewed until {until}", "假设政策延续至 {until}"),
    "chosen": ("readings other than by default: {names}", "未按默认采用的解读：{names}"),
    "chosen_none": ("none", "无"),
    "worth_a_look": ("Worth a look:", "值得留意："),
    "look_outdated": (
        "{path}: {count} overlays written for another state of their baseline, or not saying for which "
        "(simkit overlay list)",
        "{path}：{count} 个 overlay 依据基准情景的另一状态编写或未注明（见 simkit overlay list）",
    ),
    "look_recalled": (
        "{count} assumptions are recalled from memory and to be verified",
        "{count} 项假设凭记忆填写，待核",
    ),
    "check_all": (
        "How each provision is modelled, priced and paid: simkit check {path} --all",
        "每条措施如何建模、定价、由谁支付：simkit check {path} --all",
    ),
    "term": ("{number}, in force {since} to {until}", "{number}，有效期 {since} 至 {until}"),
    "no_end": ("without an end", "未定"),
    "provision": ("Provision", "措施"),
    "clause": ("Clause", "条款"),
    "modelled": ("How it is modelled", "如何建模"),
    "priced_by": ("Priced by", "定价依据"),
    "payer": ("Payer", "支付方"),
    "status": ("Status", "效力"),
    "readings": ("Readings in force", "采用的解读"),
    "same": ("as above", "同上"),
    "readings_title": (
        "Readings in force, of clauses that can be read in more than one way:",
        "有歧义条款采用的解读：",
    ),
    "reading": (
        "{name}={option} ({clause}): {question} -> {label}",
        "{name}={option}（{clause}）：{question}→{label}",
    ),
    "not_modelled": ("Not modelled:", "未建模："),
    "priced_title": ("Provisions by what prices them:", "按定价依据统计措施："),
    "assumptions_title": (
        "{count} assumptions, {uncertain} of them uncertain (drawn anew in every draw):",
        "假设 {count} 项，其中 {uncertain} 项为不确定值（每次模拟重新抽取）：",
    ),
    "sourced": ("sourced", "有出处"),
    "comparable": ("comparable case", "可比参照"),
    "judgement": ("judgement", "判断"),
    "recalled": ("recalled, to be verified", "待核"),
    "unpriced": ("Unpriced, so not in any figure ({count}):", "未定价、未计入任何数字的措施（{count} 项）："),
    "none": ("none", "无"),
    "reads": (
        "as of {as_of}, budget year {year}, confidence {confidence}, earned years {first}-{last}",
        "基准日 {as_of}，预算年度 {year}，保障程度 {confidence}，申报年度 {first}—{last}",
    ),
    "renewed": (
        "Assumption: the policy is renewed until {until}. {note}",
        "假设：政策延续至 {until}。{note}",
    ),
    "changes": ("What it changes:", "改动："),
    "change": ("{path}: {before} -> {after}", "{path}：{before} → {after}"),
    "absent": ("(nothing)", "（无）"),
    # run
    "simulating": ("simulating", "模拟中"),
    "compiling": (
        "The first run after a change of simkit compiles its rules; that takes about a minute, once.",
        "simkit 首次运行（或更新后）需编译规则，约一分钟，仅此一次。",
    ),
    "resumed": (
        "Going on where an earlier run was stopped: {done} draws are kept.",
        "从上次中断处继续：已保留 {done} 次模拟。",
    ),
    "headline": (
        "{fund}, paid in {year}: {amount} is enough with {confidence} confidence.",
        "{fund}{year}年度支付：按{confidence}的保障程度需{amount}。",
    ),
    "headline_interval": (
        "Monte Carlo error: with 95% confidence between {low} and {high}.",
        "模拟误差：95%置信区间为 {low} 至 {high}。",
    ),
    "expected_line": (
        "Expected outlay of that year: {amount} (standard error {error}).",
        "该年度预期支出（期望值）：{amount}（标准误 {error}）。",
    ),
    "headline_tied": (
        "{same} of {draws} draws pay exactly this much, so the simulation shows no error of it.",
        "{draws} 次模拟中有 {same} 次恰为该数额，模拟未显示其误差。",
    ),
    "cell_unmet": ("none met", "未出现"),
    "unmet": (
        "none met: in none of {draws} draws; with 95% confidence it happens in fewer than {rare} of all futures. "
        "The expected value is not 0; run at least {least} draws.",
        "未出现：{draws} 次模拟中均未发生；按 95% 的置信度，其发生的可能不到 {rare}。"
        "期望值并非 0；请至少模拟 {least} 次。",
    ),
    "untold": (
        "(—): all draws, or nearly all, lie on one value; they tell no error.",
        "（—）：全部或几乎全部模拟为同一数额，不能显示误差。",
    ),
    "not_whole": (
        "{years}: not all that is paid then is simulated (nothing earned before {first} or after {last}); not to be "
        "compared with other years.",
        "{years}年：未含{first}年以前或{last}年以后取得而在该年支付的金额，不与其他年度比较。",
    ),
    "refused": (
        "{figure} is not given: it needs at least {draws} draws.",
        "{figure}未给出：至少需要 {draws} 次模拟。",
    ),
    "wan": ("{amount} x 10,000 yuan", "{amount}万元"),
    "unit": (
        "Unit: 10,000 yuan (万元); standard error of the simulation in brackets",
        "单位：万元；括号内为模拟标准误",
    ),
    "paid_year": ("Paid in", "支付年度"),
    "expected": ("Expected", "期望值"),
    "all_years": ("all years", "各年合计"),
    "special_view": ("Special fund ({fund})", "专项经费口径（{fund}）"),
    "whole_view": ("Whole policy (all funds)", "全政策口径（全部资金）"),
    "special": ("special fund", "专项经费口径"),
    "whole": ("whole policy", "全政策口径"),
    "not_additive": (
        "Quantiles do not add up: 'all years' is the quantile of the total, not the sum of the column.",
        "分位数不可加总：“各年合计”为总额的分位数，不是各年之和。",
    ),
    "not_priced": ("Not priced, so not in these figures: {names}.", "未定价、未计入以上数字：{names}。"),
    "overlays": ("Changed from the scenario: {paths}.", "相对基准情景的改动：{paths}。"),
    "basis": (
        "Scenario {name}: {title}. {draws} draws, seed {seed}.",
        "情景 {name}：{title}。模拟 {draws} 次，随机种子 {seed}。",
    ),
    "stratified": (
        "Parameters stratified over groups of {group} draws (Latin hypercube); errors from {groups} groups.",
        "参数按每 {group} 次一组分层抽样（拉丁超立方）；误差由 {groups} 组之间的差异估计。",
    ),
    "stratified_few": (
        "Parameters stratified over groups of {group} draws (Latin hypercube); errors overstated, as of "
        "independent draws: with at least {draws} draws they are those of the groups.",
        "参数按每 {group} 次一组分层抽样（拉丁超立方）；误差按独立抽样计算，偏大："
        "不少于 {draws} 次模拟时按组间差异估计。",
    ),
    "precision_reached": (
        "Stopped at {draws} draws, as precise as asked: with 95% confidence every yearly P95 is within {found} "
        "(asked {asked}); the widest is that of {year}, {view}.",
        "模拟 {draws} 次后达到所要求的精度：各年度 P95 的95%置信区间半宽不超过其数值的 {found}（要求 {asked}）；"
        "最宽的是 {year} 年（{view}）。",
    ),
    "precision_limit": (
        "Stopped at the limit of {draws} draws, less precise than asked: the P95 of {year}, {view}, is within "
        "{found} with 95% confidence (asked {asked}). A higher --limit goes further.",
        "已到模拟次数上限 {draws} 次，未达到所要求的精度：{year} 年（{view}）P95 的95%置信区间半宽为其数值的 "
        "{found}（要求 {asked}）。可用 --limit 提高上限。",
    ),
    "precision_nothing": (
        "Stopped at {draws} draws: nothing is paid in any year.",
        "模拟 {draws} 次：各年度均无支付。",
    ),
    "saved": ("Saved in {folder}", "结果已保存：{folder}"),
    # report
    "reporting": ("writing the report", "生成报告中"),
    "page": ("Report: {path}", "报告：{path}"),
    "also": ("Beside it: {names}", "同一文件夹中还有：{names}"),
    "took": ("Done in {seconds:.0f} s.", "用时 {seconds:.0f} 秒。"),
    # doctor
    "ok": ("ok", "正常"),
    "fails": ("FAILS", "不通过"),
    "versions": ("versions", "版本"),
    "cores": ("cores", "处理器核"),
    "cores_found": ("{cores} to be used of {all}", "可用 {cores} 个，共 {all} 个"),
    "font": ("font {name}", "字体 {name}"),
    "glyphs": ("{count} characters", "{count} 个字符"),
    "glyphs_missing": ("lacks {missing}", "缺少 {missing}"),
    "no_fonts": ("no font file in {folder}", "{folder} 中没有字体文件"),
    "cache": ("compiled rules", "已编译的规则"),
    "warm": ("warm: {files} files in {folder}", "已就绪：{folder} 中 {files} 个文件"),
    "cold": (
        "cold: the next run compiles, about a minute; {folder}",
        "尚未编译：下次运行需约一分钟；{folder}",
    ),
    "not_kept": (
        "compiled anew by each command, about a minute: {folder} is no folder of this user's own (a link, another "
        "user's, open to others, or not writable): remove it, and it is made anew",
        "每条命令都要重新编译，约需一分钟：{folder} 不是本用户专有的文件夹"
        "（为链接、属于其他用户、其他用户可写入，或无法写入）。请删除，程序将重新创建",
    ),
    "writable": ("can write", "可写入"),
    "not_writable": ("{folder}: {reason}", "{folder}：{reason}"),
    "not_installed": ("not installed: {names}", "未安装：{names}"),
    "philox": ("random numbers", "随机数"),
    "philox_known": ("Philox 4x32-10 gives the published values", "Philox 4x32-10 与公布值一致"),
    "philox_wrong": (
        "Philox 4x32-10: expected {expected}, found {found}",
        "Philox 4x32-10：应为 {expected}，实为 {found}",
    ),
    "toy": ("test run", "试算"),
    "toy_known": (
        "400,000 yuan a year in every draw, as worked out by hand ({seconds:.1f} s)",
        "每次模拟每年40万元，与手算一致（{seconds:.1f} 秒）",
    ),
    "toy_wrong": (
        "expected 400,000 yuan a year in every draw, found {found}",
        "应为每次模拟每年40万元，实为 {found}",
    ),
    "all_well": ("All is well.", "一切正常。"),
    "not_well": ("{count} of {all} checks fail.", "{all} 项检查中 {count} 项不通过。"),
    # verify
    "twin_about": (
        "{name}: parameters at their central values, no yearly shock of activity, population path {path} of "
        "seed {seed} in every draw; {draws} draws. The exact side is mixed over the common factor.",
        "{name}：参数取中值，不计年度景气冲击，每次模拟均取随机种子 {seed} 的第 {path} 条机构路径；"
        "模拟 {draws} 次。精确值已对共同因子积分。",
    ),
    "twin_means": (
        "Expected award by measure and year in which it is earned (unit: 10,000 yuan)",
        "各措施分申报年度的核定金额期望值（单位：万元）",
    ),
    "twin_levels": (
        "Quantiles: exact, and the interval that the draws give (five standard errors each side)",
        "分位数：精确值，以及模拟给出的区间（两侧各五个标准误）",
    ),
    "earned_year": ("Year", "年度"),
    "twin_exact": ("Exact", "精确值"),
    "twin_error": ("Its error", "其误差上限"),
    "twin_simulated": ("Simulated", "模拟值"),
    "twin_se": ("Std error", "标准误"),
    "twin_z": ("Apart, in SE", "相差（标准误）"),
    "twin_interval": ("simulated", "模拟区间"),
    "twin_certain": ("certain", "确定值不符"),
    "twin_few": ("too few", "样本过少"),
    "twin_covered": (
        "Share of the expected awards whose measures have an exact twin: {share}",
        "有精确值可核对的措施占核定金额期望值的 {share}",
    ),
    "twin_without": ("Without a twin:", "无精确值的措施："),
    "twin_selection": ("ranked selection: its claims compete", "择优评选，各申报件相互竞争"),
    "twin_matter": ("the same matter as {names}", "与以下措施属同一事项：{names}"),
    "twin_own_matter": ("its own claims meet on one matter", "本措施的多件申报属同一事项"),
    "twin_total": ("under the total cap {names}", "受总量控制：{names}"),
    "twin_formula": ("tiers, bands or steps", "分档、超额累进或每满计奖"),
    "twin_share_cap": ("a cap that is a share of an attribute", "上限为某项指标的比例"),
    "twin_years_cap": ("a cap over several years", "跨年度累计上限"),
    "twin_repeat": ("repetition over years of frequent claims", "多次申报的跨年度重复限制"),
    "twin_fixed": ("several fixed numbers of claims", "各业态固定件数不同"),
    "twin_conditions": ("a condition that is not worked out", "条件未推导"),
    "twin_agency": ("a condition on the agency: {names}", "以机构指标为条件：{names}"),
    "twin_factor": (
        "The draws' common factor is {z} standard errors off its mean; measures with a loading go with it.",
        "本次模拟的共同因子均值偏离 {z} 个标准误，受其影响的措施随之同向偏离。",
    ),
    "twin_left_out": (
        "{count} figures are not compared: fewer than {least} claimants are paid in all draws together.",
        "{count} 项未核对：全部模拟中获奖者不足 {least} 家次。",
    ),
    "twin_agrees": (
        "All {count} comparisons agree within {z} standard errors.",
        "{count} 项核对全部在 {z} 个标准误以内。",
    ),
    "twin_fails": (
        "{count} figures of {all} comparisons are beyond {z} standard errors:",
        "{all} 项核对中 {count} 处超出 {z} 个标准误：",
    ),
    # schema
    "written": ("Written: {path}", "已写入：{path}"),
    # overlays
    "about_overlay": (
        "Overlays: what-ifs laid on a scenario. List and check them, mark them as current, fill them in as a "
        "spreadsheet.",
        "overlay（叠加在情景上的假设方案）：列出、检查、更新基准标记，或用电子表格填写。",
    ),
    "about_overlay_list": (
        "List the overlays of a scenario, with title and number of changed paths.",
        "列出某一情景的 overlay、标题和改动路径数。",
    ),
    "about_overlay_check": (
        "Check overlays on a scenario: every fault, or what each changes (path, before, after).",
        "在情景上检查 overlay：列出全部错误，或逐项列出改动（路径、原值、新值）。",
    ),
    "about_overlay_stamp": (
        "Write the digest of the scenario as it is now into overlays, changing that line only.",
        "把情景当前数据的摘要写入 overlay，只改这一行。",
    ),
    "about_overlay_export": (
        "Write a spreadsheet of parameters x scenarios to be filled in.",
        "导出“参数×情景”电子表格，供填写。",
    ),
    "about_overlay_import": (
        "Make an overlay of each column of a spreadsheet that was filled in; every fault is named by its cell, "
        "and nothing is written unless all is right.",
        "把填好的电子表格逐列转为 overlay：错误逐格列出，全部无误才写入文件。",
    ),
    "help_overlay_columns": (
        "Show this overlay as a column (repeatable).",
        "把该 overlay 列为一栏（可重复）。",
    ),
    "help_overlay_force": (
        "Replace files that exist, as far as simkit wrote them and nobody changed them since.",
        "替换已有文件，仅限 simkit 生成且此后未改动的。",
    ),
    "help_overlay_out": (
        "Folder for the overlays; else `overlays` beside the scenario.",
        "overlay 存放文件夹；默认为情景旁的 overlays。",
    ),
    "overlay_line": (
        "{path}: {title} (paths: {paths}, variants: {variants})",
        "{path}：{title}（改动路径 {paths} 个，取值方案 {variants} 个）",
    ),
    "overlay_old": (" - written for another state of the baseline", "——基准情景此后已有变动"),
    "overlay_unmarked": (" - for no known state of the baseline", "——未注明依据基准情景的哪一状态"),
    "overlay_count": ("Overlays of {base}: {count}", "{base} 的 overlay 共 {count} 个"),
    "overlay_stamped": ("Stamped with {digest}: {path}", "已写入摘要 {digest}：{path}"),
    "overlay_current": ("Already current ({digest}): {path}", "摘要已是最新（{digest}）：{path}"),
    "overlay_outdated": (
        "Note: {path} was written for another state of the baseline ({written}, now {current}): see whether it "
        "still means what it meant, then run simkit overlay stamp.",
        "提示：{path} 依据基准情景的另一状态编写（当时 {written}，现为 {current}）。请核对内容是否仍然适用，"
        "再执行 simkit overlay stamp。",
    ),
    "unusual_value": (
        "Note: {fault}. It is taken as it was given here: see whether it is meant.",
        "提示：{fault}。已按此处所给数值测算，请核对是否确为所指。",
    ),
    "overlay_unstamped": (
        "Note: {path} does not say for which state of the baseline it was written (now {current}): "
        "simkit overlay stamp writes it in.",
        "提示：{path} 未注明依据基准情景的哪一状态编写（现为 {current}），可执行 simkit overlay stamp 写入。",
    ),
    # drivers
    "about_drivers": (
        "Which assumption drives the range: what each moves at its P10 and P90 on the same luck, its share of the "
        "variance, and how much is common factor and how much chance.",
        "哪些假设决定波动：在同一组随机数上各假设取P10、P90时资金变动多少，各占方差多少，共同因子和随机性各占多少。",
    ),
    "help_of": (
        "Whose range: the special fund in the budget year (headline) or in all paid years (fund); the whole policy in "
        "the budget year (year) or in all paid years (whole).",
        "测算口径：headline 专项经费预算年度，fund 专项经费各年合计，year 全政策预算年度，whole 全政策各年合计。",
    ),
    "help_driver_draws": (
        "Possible futures of each of some 80 turns; as many as time allows.",
        "每轮抽样次数，共约80轮，时间允许时可增加。",
    ),
    # simkit whatif
    "about_whatif": (
        "Write one web page to mail: the caps as sliders, what they cost and with which error. It needs no "
        "network and no simkit to be read.",
        "生成一个可用邮件发送的网页：以滑块调整各项封顶，即时显示所需资金及其误差；打开时不需联网或安装 simkit。",
    ),
    "help_whatif_output": ("The page's file.", "网页文件。"),
    "help_whatif_draws": (
        "Possible futures on the page, about 3 KB each; more make smaller errors and a larger file.",
        "网页所含的模拟次数，每次约3KB；次数越多误差越小，文件越大。",
    ),
    "help_whatif_date": (
        "Day of making, printed on the page; left out, none is printed.",
        "制作日期，印在网页上；不写则不印。",
    ),
    "help_whatif_lang": (
        "Language of the page [zh], and of messages.",
        "网页语言 [zh]，也是提示信息的语言。",
    ),
    "day": ("expected a day as YYYY-MM-DD, found {found}", "应为 YYYY-MM-DD 形式的日期，实为 {found}"),
    "whatif_page": (
        "Page: {path} ({size:.1f} MB, {sliders} caps)",
        "网页：{path}（{size:.1f} MB，{sliders} 项封顶）",
    ),
    "whatif_fixed": ("Without a slider: {cap} ({reason})", "不设滑块：{cap}（{reason}）"),
    **LAB_TEXTS,
    # readings and provisions
    "about_readings": (
        "Price every ambiguous clause: each reading against the one in force, by year, and the dearest and the "
        "cheapest way to read the whole policy.",
        "测算有歧义条款：每种理解口径与现采用口径相比的分年支出差额，以及全部条款最高、最省的组合。",
    ),
    "about_provisions": (
        "Price every provision: alone, stacked in the policy's order, and free of order, so that all add up.",
        "测算每项条款的成本：单独实施、依序叠加，以及不依次序且可加总的数字。",
    ),
    "pricing_readings": ("pricing readings", "测算条款口径"),
    "pricing_provisions": ("pricing provisions", "测算条款成本"),
    "answer_saved": ("Saved: {path}", "已保存：{path}"),
    "answer_notebook": (
        "As a page with figures, beside the readings: {command}",
        "与各种解读一并生成图文网页：{command}",
    ),
    **REPORT_TEXTS,
} | WHATIF_TEXTS


#: What a failed run says, by the template of its error: Chinese.
ERRORS = {
    "{folder}: cannot be written: {reason}": "{folder}：无法写入：{reason}",
    "{folder}: cannot be written: {reason}; this run was not saved: make room, and run the same command "
    "again, or choose another folder with --out DIR": (
        "{folder}：无法写入：{reason}；本次结果未保存。请腾出磁盘空间后再次执行同一命令，或用 --out DIR 另选文件夹"
    ),
    "{folder}: the draws from {first} on cannot be kept: {reason}; what was finished before is kept: "
    "make room, and the same command goes on from there": (
        "{folder}：无法保存第 {first} 次起的模拟：{reason}；此前已完成的部分均已保留。"
        "请腾出磁盘空间，再次执行同一命令即可接着运行"
    ),
    "precision: expected a share of the value from 0.0001% to 100%, found {found}": (
        "precision：应为数值的 0.0001% 至 100%，实为 {found}"
    ),
    "a cluster needs the packages of the extra `cluster`, dask and distributed: {reason}": (
        "集群计算需要安装 dask 和 distributed（可选依赖 cluster）：{reason}"
    ),
    "{address}: expected the address of a Dask scheduler, such as tcp://10.0.0.5:8786": (
        "{address}：应为 Dask 调度器的地址，如 tcp://10.0.0.5:8786"
    ),
    "{address}: expected certificates for TLS in Dask's settings (distributed.comm.tls: ca-file, client.cert, "
    "client.key), found none: make and name them as docs/cluster.md shows": (
        "{address}：Dask 设置中应有 TLS 证书（distributed.comm.tls 的 ca-file、client.cert、client.key），未找到。"
        "请按 docs/cluster.md 生成并填写"
    ),
    "{address}: the certificates for TLS in Dask's settings (distributed.comm.tls: ca-file, client.cert, client.key) "
    "cannot be used: {reason}: make and name them as docs/cluster.md shows": (
        "{address}：Dask 设置中的 TLS 证书（distributed.comm.tls 的 ca-file、client.cert、client.key）无法使用："
        "{reason}。请按 docs/cluster.md 生成并填写"
    ),
    "{address}: expected a Dask scheduler, found none: {reason}": "{address}：应为 Dask 调度器，无法连接：{reason}",
    "{address}: expected a scheduler with workers, found none within {seconds} seconds": (
        "{address}：调度器下应有工作节点，{seconds} 秒内未发现"
    ),
    "{worker}: expected a worker with the same simkit, Python and packages as here ({expected}), found {found}: "
    "install the same on every machine": (
        "{worker}：工作节点的 simkit、Python 和软件包应与本机相同（{expected}），实为 {found}。请在各台电脑安装相同版本"
    ),
    "{address}: the scheduler or its workers are lost: {reason}; what was finished is kept: the same command "
    "goes on from there, on this computer alone or on a cluster": (
        "{address}：调度器或工作节点已失去连接：{reason}。已完成的部分均已保留，再次执行同一命令即可接着运行，"
        "用本机或集群均可"
    ),
    "{name}: expected a whole number from {low} to {high}, found {found}": (
        "{name}：应为 {low} 至 {high} 的整数，实为 {found}"
    ),
    "parameters: expected {ways}, found {found}": "parameters（参数抽取方式）：应为 {ways}，实为 {found}",
    "claims to keep: expected measures of the policy ({known}), found {found}": (
        "要保留申报的措施：应为政策中的措施（{known}），实为 {found}"
    ),
    "kept claims: expected a change of the rules that leaves the claims as they are (caps, rates, thresholds, "
    "payers, instalments, matters, a measure less, a shorter term), found one that moves the claims themselves: "
    "run the changed scenario with the same seed instead": (
        "已保留的申报：只适用于不影响申报本身的规则调整（限额、比例、门槛、资金分担、分期、同一事项、取消措施、缩短有效期），"
        "本次调整会改变申报本身，请用同一随机种子重新模拟调整后的情景"
    ),
    "kept claims: expected a change that touches only measures whose claims are kept, found one that touches "
    "{measures}: keep theirs too": (
        "已保留的申报：调整应只涉及已保留申报的措施，本次还涉及 {measures}，请一并保留其申报"
    ),
    "kept claims: expected measures that meet no others than before, on a matter or under a total cap, found a "
    "change that lets {measures} meet: run the changed scenario with the same seed instead": (
        "已保留的申报：同一事项或总限额所关联的措施不应增加，本次调整使 {measures} 相互关联，"
        "请用同一随机种子重新模拟调整后的情景"
    ),
    "a worker process has died, perhaps for lack of memory: take fewer processes": (
        "一个工作进程已意外终止，可能是内存不足：请减少进程数"
    ),
    "{paths}: expected names of new files, found files that exist: nothing was written; "
    "rename the scenarios, choose another folder with --out, or replace with --force what simkit wrote": (
        "{paths}：应为新文件名，实为已有文件；未写入任何文件。"
        "请改情景名称、用 --out 另选文件夹，或用 --force 替换 simkit 生成的文件"
    ),
    "{paths}: expected files that simkit wrote and nobody changed since, found others, which --force does not "
    "overwrite either: nothing was written; rename the scenarios, choose another folder with --out, or move the "
    "files away": (
        "{paths}：应为 simkit 生成且此后未改动的文件，实为其他文件，--force 也不覆盖；未写入任何文件。请改情景名称、"
        "用 --out 另选文件夹，或先移走这些文件"
    ),
    "{path}: expected a file named *.xlsx": "{path}：应为名称以 .xlsx 结尾的文件",
    "{path}: expected the name of a new file, found a file that exists: choose another, or add --force, which "
    "replaces what simkit wrote and writes beside what it did not": (
        "{path}：应为新文件名，实为已有文件。请另取名称，或加 --force（simkit 生成的予以替换，其他的保留并另存新文件）"
    ),
    "{path}: cannot be written: {reason}; nothing was kept": "{path}：无法写入：{reason}；未保留任何内容",
    "of: expected {known}, found {found}": "of（测算口径）：应为 {known} 之一，实为 {found}",
    "drivers: expected money that differs between draws, found the same in each: nothing drives it": (
        "drivers：应为各次抽样不同的资金，实际每次相同，没有可分析的波动"
    ),
    # simkit whatif
    "{file}: a page of caps needs a cap with an amount on a measure that claims, found none that can be moved "
    "alone ({found}): give the policy such a cap, or compare scenarios instead": (
        "{file}：封顶试算页面需要至少一项有固定金额、且本情景有申报的封顶，但没有可单独调整的封顶（{found}）。"
        "请为政策设定这样的封顶，或改用情景比较"
    ),
    "{path}: cannot be written: {reason}: choose another file with -o FILE": (
        "{path}：无法写入：{reason}。请用 -o 另指定文件"
    ),
    **LAB_ERRORS,
    # readings and provisions
    "{path}: expected provisions of the scenario, draws and seed of the readings, found others": (
        "{path}：应为与条款口径结果同一情景、模拟次数和随机种子的条款成本结果，实为其他"
    ),
    **REPORT_ERRORS,
    **RUN_ERRORS,
} | WHATIF_ERRORS


def told(error: SimkitError, language: str) -> str:
    """What an error says, in a language if it is known there."""
    template = ERRORS.get(error.template) if language == "zh" else None
    if template is None:
        return str(error)
    from simkit.documents.fault_words import phrase

    return template.format(**visible_values({name: phrase(value) for name, value in error.values.items()}))


def say(language: str, key: str, **values: Any) -> str:
    """One of TEXTS in a language."""
    return TEXTS[key][language == "zh"].format(**visible_values(values))


def language_of(arguments: Sequence[str]) -> str:
    """Language that the command line asks for, else that of the computer: `zh` or `en`."""
    for number, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            given = value or next(iter(arguments[number + 1 :]), "")
            if given in LANGUAGES:
                return given
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    with suppress(ValueError):  # a locale that Python does not know
        names.append(locale.getlocale()[0])
    found = next((name for name in names if name), "")
    return "zh" if found.lower().startswith(("zh", "chinese")) else "en"
