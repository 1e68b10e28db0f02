"""A small policy that is complete and sound, to be edited by the tests of policy files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from simkit.base.errors import Fault, FaultsError
from simkit.documents.tree import Tree, scan_yaml
from simkit.policy.load import load_policy

__all__ = ["TEXT", "YAML", "find_faults", "read_yaml", "write_policy"]

TEXT = """一、猎头服务：按服务费的50%给予补助，
最高50万元。
二、规模奖励：营业收入达到1亿元的，给予 30 万元。
三、基地出口：按出口额分档奖励。
四、不得重复享受，就高、补差。
五、到2025年，机构达到2500家。
"""

YAML = """\
id: small
document:
  number: 甬人社发〔2023〕9号
  title: {zh: 小政策, en: small policy}
  issued: 2023-04-12
  in_force: {since: 2023-04-12, until: 2026-04-11}
  text: {file: text.txt, sha256: SHA256}
funds:
  hr:
    name: {zh: 人力资源专项, en: HR fund}
    department: 人社局
    level: city
    special: true
  district:
    name: {zh: 区级资金, en: district fund}
    department: 区人社局
    level: district
    per_district: true
districts: [海曙, 鄞州]
attributes:
  income_tax: {of: claim, unit: yuan, name: {zh: 个税, en: income tax}}
  revenue: {of: agency, unit: yuan, name: {zh: 营业收入, en: revenue}}
  line:
    of: agency
    unit: category
    name: {zh: 业态, en: line of business}
    values: [headhunting, outsourcing]
  listed: {of: agency, unit: flag, name: {zh: 上市, en: listed}}
measures:
  headhunting:
    name: {zh: 猎头补助, en: headhunting}
    clause: 三（一）1
    quote:
      - 按服务费的50%给予补助，最高50万元
    departments: [人社局]
    priced_by: text
    rigidity: entitlement
    modelled: {zh: 费率, en: a rate}
    award: {kind: rate, rate: 50%}
    conditions:
      tax: {of: income_tax, at_least: 10万元}
      lines: {of: line, one_of: [headhunting]}
      growth: {of: revenue, grew_at_least: 10%, years: 2}
    caps:
      yearly: {per: agency, within: year, amount: 50万元}
      of_revenue: {per: agency, within: term, share: 10%, of: revenue, year: -1}
    payers: {shares: {hr: 60%, district: 40%}}
    instalments:
      - {share: 50%}
      - share: 50%
        after_years: 1
        conditions:
          - {of: listed, is_true: false}
  size:
    name: {zh: 规模奖励, en: size award}
    clause: 三（二）
    quote: [给予30万元]
    priced_by: text
    rigidity: entitlement
    modelled: {zh: 分档, en: tiers}
    award:
      kind: tiers
      on: revenue
      tiers:
        - {reached: 1亿元, amount: 30万元}
        - {reached: 2亿元, amount: 60万元}
      by: line
      by_value:
        outsourcing:
          - {reached: 3亿元, amount: 30万元}
      top_up: true
    payers: {shares: {hr: 100%}}
  exports:
    name: {zh: 出口奖励, en: exports}
    clause: 三（三）
    quote: [按出口额分档奖励]
    priced_by: text_ceiling
    rigidity: adjustable
    modelled: {zh: 超额累进, en: bands}
    base_unit: usd
    award:
      kind: bands
      bands:
        - {above: 50万美元, per_full: 10万美元, amount: 1万元}
        - {above: 100万美元, per_full: 10万美元, amount: 2万元}
    selection: {kind: ranked, envelope: 100万元}
    payers: {shares: {hr: 100%}}
  export_step:
    name: {zh: 出口每满, en: export step}
    clause: 三（三）2
    quote: [按出口额分档奖励]
    priced_by: text
    rigidity: entitlement
    modelled: {zh: 每满, en: a step}
    base_unit: usd
    award: {kind: step, per_full: 10万美元, amount: 1万元}
    payers: {shares: {hr: 100%}}
    in_force: {since: 2024-01-01, until: 2025-12-31}
  province:
    name: {zh: 省级奖励, en: province}
    clause: 外
    quote: [不得重复享受]
    priced_by: by_rule
    rigidity: entitlement
    modelled: {zh: 事实, en: facts}
    award: {kind: by_rule}
    outside: true
    level: province
  contest:
    name: {zh: 大赛, en: contest}
    clause: 三（二）9
    quote: [机构]
    priced_by: programme
    modelled: {zh: 项目, en: a programme}
matters:
  export:
    name: {zh: 出口, en: export}
    clause: 附则
    why: {zh: 同一出口, en: the same export}
    members: [exports, export_step, province]
    key: [agency, year, matter]
    levels: [city, province]
    departments: [人社局]
total_caps:
  all:
    name: {zh: 总量, en: total}
    clause: 附则
    measures: [headhunting, exports]
    amount: 100万元
readings:
  headhunting_cap:
    clause: 三（一）1
    quote: [最高50万元]
    question: {zh: 按年还是按次, en: a year or a claim}
    options:
      yearly:
        label: {zh: 按年, en: a year}
      per_claim:
        label: {zh: 按次, en: a claim}
        overlay:
          measures.headhunting.caps.yearly: {per: claim, within: claim, amount: 50万元}
      growing:
        label: {zh: 情景, en: of the scenario}
        overlay:
          population.growth: 5%
    default: yearly
    why: {zh: 惯例, en: custom}
goals:
  agencies:
    clause: 二
    quote: 机构达到2500家
    name: {zh: 机构, en: agencies}
    value: 2500
    unit: 家
    by: 2025
"""


def write_policy(folder: Path, *edits: tuple[str, str], text: str = TEXT) -> Path:
    """Write the policy and its text to a folder, each edit (old, new) made once, and give the file."""
    (folder / "text.txt").write_text(text, encoding="utf-8", newline="\n")
    yaml = YAML.replace("SHA256", hashlib.sha256(TEXT.encode()).hexdigest())
    for old, new in edits:
        if old not in yaml:
            raise ValueError(f"not in the small policy: {old}")
        yaml = yaml.replace(old, new, 1)
    path = folder / "policy.yaml"
    path.write_text(yaml, encoding="utf-8")
    return path


def find_faults(path: Path, overlay: Any = None) -> tuple[Fault, ...]:
    """Every fault of a policy; none when it is read."""
    try:
        load_policy(path, overlay)
    except FaultsError as error:
        return tuple(error.faults)
    return ()


def read_yaml(path: Path) -> Tree:
    """A file's tree; FaultsError with every fault of its writing."""
    tree, faults = scan_yaml(path)
    if tree is None or faults:
        raise FaultsError(faults)
    return tree
