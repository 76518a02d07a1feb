"""Names of people, as they are written at home and as they become an address."""

import random
import unicodedata
from dataclasses import dataclass

# Letters that lose more than an accent when they become ASCII.
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "å": "a", "æ": "ae", "ł": "l", "đ": "d", "ı": "i", "þ": "th"}
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name: as it is shown, its parts, other spellings, and the local part of the address that it becomes."""

    shown: str
    given: str
    surname: str
    local: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Latin:
    """Names of one European language; `prefix` begins the telephone numbers of the country."""

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    prefix: str

    def pick(self, dice: random.Random) -> PersonName:
        """Pick a name."""
        return latin_name(dice.choice(self.given), dice.choice(self.surnames))


@dataclass(frozen=True, slots=True)
class Foreign:
    """Names in another script; each part is followed by its romanisation. `family_first` is the order they are in."""

    given: tuple[tuple[str, str], ...]
    surnames: tuple[tuple[str, str], ...]
    prefix: str
    family_first: bool

    def pick(self, dice: random.Random) -> PersonName:
        """Pick a name; a Chinese given name has one character or two."""
        surname, given = dice.choice(self.surnames), dice.choice(self.given)
        if self.family_first and dice.random() < 0.7:
            second = dice.choice(self.given)
            given = (given[0] + second[0], given[1] + second[1])
        return chinese_name(surname, given) if self.family_first else arabic_name(given, surname)


def latin_name(given: str, surname: str) -> PersonName:
    """Make a name in Latin letters."""
    return PersonName(f"{given} {surname}", given, surname, f"{ascii_form(given)}.{ascii_form(surname)}")


def chinese_name(surname: tuple[str, str], given: tuple[str, str]) -> PersonName:
    """Make a Chinese name of its parts, each with its pinyin."""
    romanised = f"{surname[1].capitalize()} {given[1].capitalize()}"
    return PersonName(surname[0] + given[0], given[0], surname[0], f"{surname[1]}.{given[1]}", (romanised,))


def arabic_name(given: tuple[str, str], surname: tuple[str, str]) -> PersonName:
    """Make an Arabic name of its parts, each with its transliteration."""
    romanised = f"{given[1]} {surname[1]}"
    local = f"{ascii_form(given[1])}.{ascii_form(surname[1])}"
    return PersonName(f"{given[0]} {surname[0]}", given[0], surname[0], local, (romanised,))


def ascii_form(text: str) -> str:
    """Give the ASCII letters and digits that a name becomes in an address."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def _latin(given: str, surnames: str, prefix: str) -> Latin:
    def words(text: str) -> tuple[str, ...]:
        return tuple(word.replace("_", " ") for word in text.split())

    return Latin(words(given), words(surnames), prefix)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Read words that are each a spelling and its romanisation, with a slash between."""
    pairs = (word.split("/") for word in text.split())
    return tuple((written.replace("_", " "), romanised.replace("_", " ")) for written, romanised in pairs)


LATIN = (
    _latin(
        "Anna Jürgen Käthe Björn Sören Ulrike Günther Sabine Jörg Petra Matthias Heike Lukas Bärbel Stefan Ines",
        "Müller Schröder Weiß Groß Köhler Schäfer Vogel Böhm Krüger Jäger Lösch Hübner Fuchs Winkler Kühn Strauß",
        "+49 30 5550",
    ),
    _latin(
        "François Hélène Éric Zoé Loïc Agnès Benoît Chloé Gaël Noémie Rémi Inès Jérôme Maëlle Cédric Sylvie",
        "Lefèvre Béranger Dupont Garçon Hervé Noël Périgord Châtelet Fontaine Gauthier Lemaître Moreau Thévenin",
        "+33 1 5550",
    ),
    _latin(
        "José María Íñigo Begoña Ángel Lucía Andrés Inés Tomás Concepción Óscar Raquel Sebastián Núria Joaquín Pilar",
        "García Muñoz Núñez Ibáñez Peña Sánchez Gutiérrez Vázquez Ordóñez Rodríguez Zúñiga Márquez Castaño Bermúdez",
        "+34 91 555",
    ),
    _latin(
        "Łukasz Małgorzata Paweł Żaneta Michał Agnieszka Grażyna Stanisław Zofia Wojciech Bożena Krzysztof Jadwiga",
        "Wójcik Dąbrowski Kowalczyk Źrebiec Łęcki Pająk Gałązka Świątek Żółkiewski Szczęsny Brzęczyszczykiewicz Nowak",
        "+48 22 555",
    ),
    _latin(
        "Åsa Göran Malin Jörgen Märta Håkan Sigrid Øystein Kåre Bjørn Ingebjørg Søren Mette Åke Linnéa Torbjørn",
        "Sjöberg Åkesson Lindström Ødegård Bjørnstad Høyer Nørgaard Öberg Sørensen Ström Hägg Kjær Løvås Björklund",
        "+46 8 555",
    ),
    _latin(
        "Jiří Božena Tomáš Lucie Řehoř Kateřina Vojtěch Zdeňka Ondřej Jitka Štěpán Ludmila Miloš Žofie",
        "Dvořák Černý Novotná Růžička Šťastný Kříž Procházka Žáček Čapek Beneš Hájek Němec Šimůnek Vaněk",
        "+420 222 55",
    ),
    _latin(
        "Gül Şule Çağla İbrahim Oğuz Zeynep Tuğba Emre Ümit Nurgül Özgür Sıla Barış Ayşe Yiğit Işıl",
        "Öztürk Yıldız Şahin Çelik Aydın Güneş Erdoğdu Kılıç Özdemir Doğan Şimşek Kaplan Tunç Uçar",
        "+90 212 555",
    ),
    _latin(
        "João Inês Tomé Gonçalo Conceição Luís Beatriz Estêvão Mónica Rúben Patrícia Nádia Xavier Cátia",
        "Conceição Magalhães Simões Guimarães Antão Brandão Araújo Falcão Leitão Vilaça Mourão Peixoto Sá Romão",
        "+351 21 555",
    ),
    _latin(
        "Oliver Siobhán Rhys Emily Niamh Callum Charlotte Eoin Megan Duncan Zoë Fiona Graham Heather Liam Poppy",
        "O'Brien Smith MacDonald Jones Ó_Dálaigh Taylor-Wright Fitzgerald Brontë Ashworth Llewellyn Sinclair Byrne",
        "+44 20 5550",
    ),
)

# Surnames whose character is read another way as a name than as a word are here on purpose, and double ones.
CHINESE = Foreign(
    given=_pairs(
        "伟/wei 芳/fang 娜/na 秀/xiu 敏/min 静/jing 丽/li 强/qiang 磊/lei 军/jun 洋/yang 勇/yong 艳/yan 杰/jie"
        " 娟/juan 涛/tao 明/ming 超/chao 兰/lan 霞/xia 平/ping 刚/gang 桂/gui 文/wen 轩/xuan 子/zi 涵/han 宇/yu 欣/xin"
        " 怡/yi 浩/hao 然/ran 雨/yu 梓/zi 思/si 佳/jia 晨/chen 一/yi 诺/nuo 乐/le 行/xing 朝/zhao 重/chong"
        " 长/chang 和/he 传/chuan"
    ),
    surnames=_pairs(
        "王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 赵/zhao 黄/huang 周/zhou 吴/wu 徐/xu 孙/sun 胡/hu 朱/zhu"
        " 高/gao 林/lin 何/he 郭/guo 马/ma 罗/luo 曾/zeng 单/shan 仇/qiu 解/xie 查/zha 翟/zhai 任/ren"
        " 华/hua 区/ou 盖/ge 朴/piao 尉迟/yuchi 长孙/zhangsun 欧阳/ouyang 上官/shangguan 诸葛/zhuge"
        " 司马/sima 万俟/moqi 吕/lv"
    ),
    prefix="+86 21 5550",
    family_first=True,
)

ARABIC = Foreign(
    given=_pairs(
        "محمد/Mohammed أحمد/Ahmad فاطمة/Fatima علي/Ali عائشة/Aisha يوسف/Yusuf مريم/Maryam عمر/Omar خالد/Khalid"
        " ليلى/Layla حسن/Hassan زينب/Zaynab إبراهيم/Ibrahim نور/Nour سارة/Sara طارق/Tariq هدى/Huda كريم/Karim"
        " رانيا/Rania سامي/Sami عبد_الله/Abdullah عبد_الرحمن/Abdulrahman ياسمين/Yasmin مصطفى/Mustafa"
    ),
    surnames=_pairs(
        "الأحمد/Al-Ahmad حداد/Haddad الخطيب/Al-Khatib منصور/Mansour النجار/Al-Najjar خوري/Khoury سليمان/Suleiman"
        " العلي/Al-Ali درويش/Darwish الحسن/Al-Hassan عباس/Abbas شاهين/Shahin القاسم/Al-Qasim بن_سعيد/bin_Said"
        " الشريف/Al-Sharif زيدان/Zidan المصري/Al-Masri حمدان/Hamdan"
    ),
    prefix="+971 4 555",
    family_first=False,
)
