"""What a path means, in Chinese and English: patterns of paths with a phrase each."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["LAW_KEYS", "PHRASES", "WORDS", "Phrase"]


class Phrase(NamedTuple):
    """A pattern of dotted paths and its words; `{0}` is what the first `*` stands for.

    `law`: the path leads to a number, or to a distribution whose numbers are named apart.
    """

    pattern: str
    zh: str
    en: str
    law: bool = False


#: In the order in which a sheet lists them; below `measures.*` and `claims.*` the first `*` is the measure.
PHRASES = (
    Phrase("measures.*.award.rate", "奖补比例", "rate of the award"),
    Phrase("measures.*.award.amount", "奖补标准", "amount of the award"),
    Phrase("measures.*.award.per_full", "每满", "for each full"),
    Phrase("measures.*.award.tiers.*.reached", "第{1}档门槛", "tier {1}: reached from"),
    Phrase("measures.*.award.tiers.*.amount", "第{1}档金额", "tier {1}: amount"),
    Phrase("measures.*.award.by_value.*.*.reached", "{1}：第{2}档门槛", "{1}: tier {2} reached from"),
    Phrase("measures.*.award.by_value.*.*.amount", "{1}：第{2}档金额", "{1}: amount of tier {2}"),
    Phrase("measures.*.award.bands.*.above", "第{1}级起点", "band {1}: above"),
    Phrase("measures.*.award.bands.*.rate", "第{1}级比例", "band {1}: rate"),
    Phrase("measures.*.award.bands.*.per_full", "第{1}级每满", "band {1}: for each full"),
    Phrase("measures.*.award.bands.*.amount", "第{1}级金额", "band {1}: amount"),
    Phrase("measures.*.conditions.*.at_least", "条件：{1}不低于", "condition: {1} at least"),
    Phrase("measures.*.conditions.*.more_than", "条件：{1}超过", "condition: {1} more than"),
    Phrase("measures.*.conditions.*.at_most", "条件：{1}不高于", "condition: {1} at most"),
    Phrase("measures.*.conditions.*.less_than", "条件：{1}低于", "condition: {1} less than"),
    Phrase("measures.*.conditions.*.grew_at_least", "条件：{1}年增幅不低于", "condition: {1} grew at least"),
    Phrase("measures.*.caps.*.amount", "上限（{1}）", "cap ({1})"),
    Phrase("measures.*.caps.*.share", "上限占比（{1}）", "cap as a share ({1})"),
    Phrase("measures.*.selection.envelope", "择优资金额度", "envelope of the ranking"),
    Phrase("measures.*.selection.places", "择优名额", "places of the ranking"),
    Phrase("measures.*.payers.shares.*", "承担比例：{1}", "share paid by {1}"),
    Phrase("measures.*.instalments.*.share", "第{1}期兑付比例", "share of instalment {1}"),
    Phrase("measures.*.lag_days", "审定至支付天数", "days from decision to payment"),
    Phrase("measures.*.status", "执行状态", "status"),
    Phrase("claims.*.intensity.value", "年申领强度（次）", "claims a year", law=True),
    Phrase("claims.*.take_up.value", "申报率", "take-up", law=True),
    Phrase("claims.*.ramp.*", "{1}年执行进度", "ramp of the take-up in {1}"),
    Phrase("claims.*.base.scale.value", "单件基数", "base of a claim", law=True),
    Phrase("claims.*.base.variables.*", "基数：{1}", "base: {1}", law=True),
    Phrase("claims.*.base.growth.value", "基数年增长", "yearly growth of the base", law=True),
    Phrase("claims.*.already.value", "此前已获奖比例", "share rewarded before", law=True),
    Phrase(
        "claims.*.heads_elsewhere.value", "重复计入人数占比", "share of heads counted elsewhere", law=True
    ),
    Phrase("claims.*.companion.chance.value", "其他政策同时兑付概率", "chance that others pay too", law=True),
    Phrase("claims.*.loading.value", "受共同因子影响程度", "loading of the common factor", law=True),
    Phrase("total_caps.*.amount", "总量上限：{0}", "total cap: {0}"),
    Phrase("total_caps.*.share", "总量上限占比：{0}", "total cap as a share: {0}"),
    Phrase("population.growth.start.value", "期初机构数", "agencies at the start", law=True),
    Phrase("population.growth.target.year", "目标年", "year of the target"),
    Phrase("population.growth.target.agencies", "目标机构数", "agencies aimed at"),
    Phrase("population.growth.entry_rate.value", "新设率", "entry rate", law=True),
    Phrase("population.growth.entry_by_year.*.value", "{0}年新设率", "entry rate in {0}", law=True),
    Phrase("population.growth.exit_rate.value", "退出率", "exit rate", law=True),
    Phrase("population.growth.exit_by_year.*.value", "{0}年退出率", "exit rate in {0}", law=True),
    Phrase(
        "population.growth.entries.*.value", "{0}年另行新设数", "agencies that come besides in {0}", law=True
    ),
    Phrase("population.growth.shock_sd.value", "新设率年度波动", "yearly shock on the entry rate", law=True),
    Phrase("population.growth.path.*", "{0}年末机构数", "agencies at the end of {0}"),
    Phrase("population.eligible.value", "符合附则比例", "share that qualifies", law=True),
    Phrase("population.lines.*.value", "业态占比：{0}", "line of business: {0}", law=True),
    Phrase("population.districts.*.value", "分布占比：{0}", "district: {0}", law=True),
    Phrase("population.statuses.*.share.value", "期初占比：{0}", "share at the start: {0}", law=True),
    Phrase("population.statuses.*.rate.value", "年转入概率：{0}", "yearly chance to become: {0}", law=True),
    Phrase("population.others.*.value", "数量：{0}", "number: {0}", law=True),
    Phrase("calendar.filing_days.0", "条件成就至申报最少天数", "least days to filing"),
    Phrase("calendar.filing_days.1", "条件成就至申报最多天数", "most days to filing"),
    Phrase("calendar.review_days", "审核公示天数", "days of review"),
    Phrase("factor.cv.value", "共同因子变异系数", "coefficient of variation of the common factor", law=True),
    Phrase("factor.loading.value", "共同因子默认影响程度", "default loading of the common factor", law=True),
    Phrase("factor.activity_sd.value", "景气年度波动", "yearly shock on activity", law=True),
    Phrase("budget_year", "预算年度", "budget year"),
    Phrase("confidence", "保障程度", "confidence"),
    Phrase("earned_years.0", "首个取得年度", "first earned year"),
    Phrase("earned_years.1", "最后取得年度", "last earned year"),
)

#: Numbers of a distribution.
LAW_KEYS = {
    "value": ("取值", "value"),
    "low": ("最低", "low"),
    "mode": ("最可能", "mode"),
    "high": ("最高", "high"),
    "mean": ("均值", "mean"),
    "median": ("中位数", "median"),
    "cv": ("变异系数", "coefficient of variation"),
    "sd": ("标准差", "standard deviation"),
}

#: Words that schemas use, and statuses, lines and beneficiaries by their usual ids.
WORDS = {
    "agency": ("每家机构", "an agency"),
    "claim": ("每件", "a claim"),
    "measure": ("本条合计", "the measure"),
    "year": ("每年", "a year"),
    "term": ("有效期内累计", "over the term"),
    "ever": ("历年累计", "ever"),
    "base": ("基数", "the base"),
    "in_force": ("执行", "in force"),
    "suspended": ("暂停", "suspended"),
    "removed": ("删去", "removed"),
    "above_scale": ("规上机构", "above scale"),
    "high_tech": ("高新技术企业", "high-tech"),
    "exporter": ("出口机构", "exporter"),
    "listed": ("上市机构", "listed"),
    "recruitment": ("人力资源招聘", "recruitment"),
    "dispatch": ("劳务派遣", "dispatch"),
    "consulting": ("管理咨询", "consulting"),
    "personnel_agency": ("人事代理", "personnel agency"),
    "outsourcing": ("服务外包", "outsourcing"),
    "training": ("培训", "training"),
    "headhunting": ("猎头", "headhunting"),
    "assessment": ("测评", "assessment"),
    "software": ("信息软件服务", "software"),
    "park": ("产业园", "parks"),
    "building": ("楼宇", "buildings"),
    "city": ("市级项目", "city programmes"),
    "export_base": ("出口基地", "export base"),
    "pay": ("年薪", "pay"),
    "fee_rate": ("猎头费率", "fee rate"),
    "heads": ("人数", "heads"),
    "exports": ("年出口额", "exports"),
    "investment": ("投入", "investment"),
    "amount": ("金额", "amount"),
    "distance": ("路程倍数", "distance"),
    "size": ("规模倍数", "size"),
    "pool": ("入库", "pool"),
    "tutoring": ("辅导", "tutoring"),
    "accepted": ("受理", "accepted"),
    "other": ("其他", "other"),
}
