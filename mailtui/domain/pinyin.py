"""Chinese names in Latin letters: what looks like one, and which words are surnames."""

import re

from mailtui.domain.chinese import DOUBLE_SURNAMES

# Surnames of one character, the most common first.
_COMMON = (
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang"
    " deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lv lu ding ren yao shen"
    " zhong cui tan fan liao shi jin jia xia fu fang zou xiong bai meng qin qiu hou yin xue yan lei long tao hao"
    " gu mao gong shao wan qian dai kong mo lai chang nie wen pang kang hong ke niu bi ge an ai ou ji zhan bao"
    " ning zhai nan qi rong yi chu hua jing ling mei mi min mu pu qu ruan sheng shu ti tu xin xing you zhuang zhuo"
    " zuo bian lan la lou lian mou nong ping rui shan shang shuai tong weng xi xian xiang ya yue zang zha zhen zhi"
    " zi zong zu"
)
_SYLLABLES = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve",
    **dict.fromkeys(("g", "k", "h"), "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo"),
    **dict.fromkeys(("j", "q", "x"), "i ia ian iang iao ie in ing iong iu u uan ue un"),
    **dict.fromkeys(("zh", "ch", "sh"), "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo"),
    **dict.fromkeys(("z", "c", "s"), "a ai an ang ao e ei en eng i ong ou u uan ui un uo"),
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ao ei en eng o u",
}
_SYLLABLE = "|".join(
    sorted((initial + final for initial, finals in _SYLLABLES.items() for final in finals.split()), key=len)[::-1]
)
_GIVEN = re.compile(f"(?:{_SYLLABLE}){{1,2}}")
_ONE = re.compile(_SYLLABLE)
_COMPOUND = {reading.replace(" ", "") for reading in DOUBLE_SURNAMES.values()}
_RANKS = {surname: rank for rank, surname in enumerate(_COMMON.split())}


def is_syllable(word: str) -> bool:
    """Tell whether a word in plain small letters is one syllable of pinyin."""
    return _ONE.fullmatch(word) is not None


def is_pinyin(word: str) -> bool:
    """Tell whether a word in plain small letters may be a Chinese name of one or two characters."""
    return _GIVEN.fullmatch(word) is not None


def surname_rank(word: str) -> int | None:
    """Tell how sure a word of pinyin is a surname, the surest the lowest; None where it is none."""
    return -1 if word in _COMPOUND else _RANKS.get(word)
