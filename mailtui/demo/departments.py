"""The departments of the sample company: a tree of units five levels deep."""

from dataclasses import dataclass

from mailtui.demo.naming import spell

# Two blanks a level. Names hold what directories really hold: commas, ampersands, other scripts.
_OUTLINE = """\
Executive Board
Sales
  Sales Europe
    DACH
      Germany
        Berlin
        München
        Zürich & Bern
      Austria
    Nordics
    Iberia
    France, Benelux
      Paris
      Bruxelles
  Sales Asia
    Greater China
      East China
        上海销售部
        杭州
      South China
        深圳
        广州
    Japan
  Sales Middle East
    المبيعات
      دبي
      الرياض
  Key Accounts
Marketing
  Brand
  Events
  Press & Public Affairs
Engineering
  Platform
    Storage
      Replication
        Team Ø
        Team "Quorum"
    Networking
  Applications
    Mobile
      iOS
      Android
    Web
  质量保证部
Research
  Algorithms
    Search
      Ranking
  人工智能实验室
Operations
  Data Centres
    Frankfurt
      Shift A
        Nights
      Shift B
  Logistics
    Warehouse #3
  Facilities
Finance
  Accounting
    Payables
    Receivables
  Controlling
Human Resources
  Recruiting
  Payroll
Legal
  Contracts, Licences + Patents
IT
  Service Desk
  Identity & Access
  Workplace
"""


@dataclass(frozen=True, slots=True)
class Department:
    """One unit: its DN, its name, and the number that people of it carry; `above` is None at the top."""

    dn: str
    name: str
    number: str
    above: "Department | None"

    @property
    def level(self) -> int:
        """How many departments are above it."""
        return self.above.level + 1 if self.above else 0


def departments(people: str) -> tuple[Department, ...]:
    """Give all departments, those above before those below; `people` is the DN that they are below."""
    found: list[Department] = []
    for index, line in enumerate(_OUTLINE.splitlines()):
        name = line.strip()
        level = (len(line) - len(line.lstrip())) // 2
        above = next((one for one in reversed(found) if one.level == level - 1), None) if level else None
        number = f"{above.number[:1] if above else len(found) % 9 + 1}{index * 7 % 1000:03d}"
        found.append(Department(f"ou={spell(name)},{above.dn if above else people}", name, number, above))
    return tuple(found)
