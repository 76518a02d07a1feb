"""A company of any size, the same each time: who works where, under names of two scripts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mailtui.domain.account import Kind, Standing
from mailtui.domain.mirror import AccountRecord, GroupRecord, Record, UnitRecord

BASE = "dc=example,dc=com"
FIELD, STORES = "field", "stores"
"""The ids of two units: with a tenth of all accounts and 500 units below it, and with 5,000 units below it."""

_WORDS = """
Anna Bob Carla Dieter Eva Franz Grete Hans Ida Jon Jonas Jonathan Karl Lea Max Nora Otto Paula Quentin Rosa Søren Tom \
Ulla Vera Walter Xenia Yusuf Zoë Amélie Björn Chloé Dmitri Elena Fatima George Hannah Igor James Katharina Luis Maria
Smith Müller Rossi Dupont García Novák Jones Brown Łukasz Wright Zhang Larsen Becker Conti Moreau Andersson Bauer \
Costa Duran Evans Fischer Gruber Hoffmann Ivanov Jansen Kovács Lopez Martin Nilsson O'Brien Petrov Quinn Ricci Schmidt \
Taylor Ueda Vogel Weber Yilmaz Zimmermann Schneider Williams Davies Robinson Thompson Walker White Johnson Miller Wilson
ba be bi bo da de di do fa ga ka la le li lo ma me mi mo na ne no pa ra re ri ro sa se ta te ti to va wi
王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 高gao 林lin \
罗luo 曾zeng 仇qiu 单shan 解xie 查zha 翟zhai
伟wei 芳fang 娜na 秀xiu 英ying 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao 明ming \
超chao 兰lan 霞xia 平ping 刚gang 桂gui 建jian 国guo 文wen 华hua 志zhi 玲ling
"""
_GIVEN, _FAMILY, _SYLLABLES, _SURNAMES, _CHARACTERS = (line.split() for line in _WORDS.strip().splitlines())
_TITLES = """
Clerk|Engineer|Senior Engineer|Sales Representative|Nurse|Accountant|Team Lead|Consultant|Driver|Technician
|Project Manager|Area Manager|Assistant|Analyst|Sales Director|工程师|销售经理|会计|助理
""".replace("\n", "").split("|")
_DIVISIONS = ("Production", "Sales", "Administration", "Research", "亚太区")
_DEPARTMENTS = ("Logistics", "Purchasing", "Marketing", "Finance", "Support", "Quality", "销售部", "研发部", "财务部")
_CITIES = ("Berlin", "Paris", "London", "Madrid", "Oslo", "Shanghai", "Beijing", "Wien")


@dataclass(frozen=True, slots=True)
class Team:
    """Where accounts are: the names of its units from the top, and its DN."""

    path: tuple[str, ...]
    dn: str


class Company:
    """Records of a company with so many accounts."""

    def __init__(self, accounts: int, now: datetime | None = None) -> None:
        self.accounts = accounts
        self.now = now or datetime.now(UTC)
        self._units: list[UnitRecord] = []
        operations = self._unit("operations", "Operations", Team((), BASE))
        field = self._unit(FIELD, "Field Service", operations)
        stores = self._unit(STORES, "Retail", operations)
        self._field = [self._unit(f"area{n}", f"Area {n}", field) for n in range(500)]
        self._stores = [self._unit(f"store{n}", f"Store {n}", stores) for n in range(5000)]
        self._teams = list(self._offices(max(45, accounts // 100)))

    def records(self) -> Iterator[Record]:
        """Units, accounts and groups, as a directory would give them."""
        yield from self._units
        chance = random.Random(1)
        for number in range(self.accounts):
            yield self._account(number, chance)
        for number in range(self.accounts // 500):
            members = tuple(self.dn(chance.randrange(self.accounts)) for _ in range(50))
            yield GroupRecord(f"group{number}", *self._group(number), members, members[:1])
        crowd = tuple(map(self.dn, range(0, self.accounts, 50)))
        yield GroupRecord("everybody", f"cn=vpn users,ou=groups,{BASE}", "vpn users", crowd)

    def _group(self, number: int) -> tuple[str, str]:
        name = f"{_DEPARTMENTS[number % 6].lower()} {_CITIES[number % 8].lower()} {number}"
        return f"cn={name},ou=groups,{BASE}", name

    def _unit(self, unit_id: str, name: str, above: Team) -> Team:
        team = Team((*above.path, name), f"ou={name},{above.dn}")
        self._units.append(UnitRecord(unit_id, team.dn, name))
        return team

    def _offices(self, teams: int) -> Iterator[Team]:
        departments = []
        for d, division in enumerate(_DIVISIONS):
            above = self._unit(f"division{d}", division, Team((), BASE))
            departments += [self._unit(f"dep{d}.{n}", name, above) for n, name in enumerate(_DEPARTMENTS)]
        for number in range(teams):
            above = departments[number % len(departments)]
            yield self._unit(f"team{number}", f"{_CITIES[number % 8]} Team {number}", above)

    def _team(self, number: int) -> Team:
        if number % 10 == 7:
            return self._field[number // 10 % 500]
        if number % 10 == 3:
            return self._stores[number // 10 % 5000]
        return self._teams[number * 7919 % len(self._teams)]

    def dn(self, number: int) -> str:
        """Give the DN of an account."""
        return f"uid=u{number},{self._team(number).dn}"

    def _account(self, number: int, chance: random.Random) -> AccountRecord:
        name, plain = _person(number, chance)
        team = self._team(number)
        is_shared = number % 50 == 11
        ages = timedelta(minutes=int(chance.expovariate(1 / 30) * 1440))
        return AccountRecord(
            id=f"{number * 2654435761 % (1 << 32):08x}-0000-4000-8000-{number:012}", dn=self.dn(number),
            login=f"{plain[0][0]}{plain[-1]}{number}", name=name, mail=f"{'.'.join(plain)}{number}@example.com",
            kind=Kind.SHARED if is_shared else Kind.SERVICE if number % 200 == 12 else Kind.PERSON,
            standing=_standing(number), aliases=(f"{plain[-1]}.{number}@example.org",) if number % 4 == 0 else (),
            department_path=team.path, title=_TITLES[number % len(_TITLES)], employee_number=str(10_000_000 + number),
            phone=f"+49 30 {number * 7 % 10_000_000:07}", manager_dn=self.dn(number // 10), services=("mail", "imap"),
            quota_limit=0 if number % 97 == 0 else (1 + number % 5) << 31,
            quota_used=None if number % 31 == 0 else int(chance.betavariate(2, 3) * ((1 + number % 5) << 31)),
            last_login=None if number % 40 == 9 else self.now - ages,
            expires=self.now - timedelta(days=3) if number % 300 == 5 else None,
        )  # fmt: skip


def _person(number: int, chance: random.Random) -> tuple[str, tuple[str, str]]:
    """Give a name, and its given and family part in plain letters."""
    if number % 3 == 0:
        surname, given = chance.choice(_SURNAMES), chance.choices(_CHARACTERS, k=chance.choice((1, 2)))
        return surname[0] + "".join(c[0] for c in given), ("".join(c[1:] for c in given), surname[1:])
    first = chance.choice(_GIVEN)
    last = chance.choice(_FAMILY) if number % 2 else "".join(chance.choices(_SYLLABLES, k=3)).title()
    return f"{first} {last}", (_plain(first), _plain(last))


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isascii() and character.isalpha())


def _standing(number: int) -> Standing:
    if number % 20 == 4:
        return Standing.DISABLED
    return Standing.LOCKED if number % 1000 == 17 else Standing.ACTIVE
