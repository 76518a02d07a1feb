"""Chinese surnames: how they are read as such, and which have more than one character."""

SURNAMES = {
    "曾": "zeng", "仇": "qiu", "单": "shan", "單": "shan", "解": "xie", "查": "zha", "翟": "zhai", "朴": "piao",
    "任": "ren", "区": "ou", "區": "ou", "盖": "ge", "蓋": "ge", "缪": "miao", "繆": "miao", "纪": "ji", "紀": "ji",
    "乐": "yue", "樂": "yue", "重": "chong", "种": "chong", "尉": "wei", "尹": "yin", "覃": "qin", "折": "she",
    "黑": "he", "秘": "bi", "祕": "bi", "冼": "xian", "洗": "xian", "员": "yun", "員": "yun", "召": "shao",
    "句": "gou", "那": "na", "宁": "ning", "寧": "ning", "甯": "ning", "葛": "ge", "牟": "mu", "晁": "chao",
    "隗": "wei", "郇": "xun", "郗": "xi", "过": "guo", "過": "guo", "华": "hua", "華": "hua", "逄": "pang",
    "庞": "pang", "角": "jue", "藏": "zang", "臧": "zang", "长": "zhang", "長": "zhang", "车": "che", "車": "che",
    "占": "zhan", "曲": "qu", "薄": "bo", "卜": "bu", "能": "nai", "万": "wan", "萬": "wan", "俞": "yu",
    "於": "yu", "于": "yu", "石": "shi", "沈": "shen", "谌": "chen", "諶": "chen", "盛": "sheng",
    "应": "ying", "應": "ying", "哈": "ha", "娄": "lou", "柏": "bai", "贾": "jia", "賈": "jia", "褚": "chu",
    "殷": "yin", "咸": "xian", "乜": "nie", "幺": "yao", "么": "yao", "眭": "sui", "睢": "sui",
    "佴": "nai", "祭": "zhai", "郝": "hao", "莘": "shen",
    "贠": "yun", "吕": "lv", "呂": "lv", "撒": "sa", "阚": "kan", "闞": "kan",
    "麦": "mai", "粘": "nian", "干": "gan", "戚": "qi", "酆": "feng", "钭": "tou",
}  # fmt: skip
"""The reading of a character as a surname, where it is not its most usual one, or is often taken for another."""
DOUBLE_SURNAMES = {
    "欧阳": "ou yang", "歐陽": "ou yang", "司马": "si ma", "司馬": "si ma", "上官": "shang guan", "诸葛": "zhu ge",
    "諸葛": "zhu ge", "夏侯": "xia hou", "东方": "dong fang", "東方": "dong fang", "皇甫": "huang fu",
    "尉迟": "yu chi", "尉遲": "yu chi", "公孙": "gong sun", "公孫": "gong sun", "长孙": "zhang sun",
    "長孫": "zhang sun", "慕容": "mu rong", "司徒": "si tu", "司空": "si kong", "令狐": "ling hu", "宇文": "yu wen",
    "独孤": "du gu", "獨孤": "du gu", "南宫": "nan gong", "南宮": "nan gong", "轩辕": "xuan yuan",
    "軒轅": "xuan yuan", "端木": "duan mu", "百里": "bai li", "呼延": "hu yan", "西门": "xi men", "西門": "xi men",
    "东郭": "dong guo", "東郭": "dong guo", "申屠": "shen tu", "澹台": "tan tai", "澹臺": "tan tai",
    "公冶": "gong ye", "宗政": "zong zheng", "濮阳": "pu yang", "濮陽": "pu yang", "淳于": "chun yu",
    "单于": "chan yu", "單于": "chan yu", "太叔": "tai shu", "仲孙": "zhong sun", "仲孫": "zhong sun",
    "钟离": "zhong li", "鍾離": "zhong li", "鲜于": "xian yu", "鮮于": "xian yu", "闾丘": "lv qiu", "閭丘": "lv qiu",
    "赫连": "he lian", "赫連": "he lian", "拓跋": "tuo ba", "万俟": "mo qi", "闻人": "wen ren",
    "聞人": "wen ren", "第五": "di wu", "谷梁": "gu liang", "穀梁": "gu liang", "左丘": "zuo qiu", "梁丘": "liang qiu",
    "纳兰": "na lan", "納蘭": "na lan", "完颜": "wan yan", "完顏": "wan yan", "贺兰": "he lan", "賀蘭": "he lan",
    "亓官": "qi guan", "公羊": "gong yang", "漆雕": "qi diao", "壤驷": "rang si", "乐正": "yue zheng",
    "樂正": "yue zheng", "巫马": "wu ma", "巫馬": "wu ma", "颛孙": "zhuan sun", "宰父": "zai fu", "叔孙": "shu sun",
    "屈突": "qu tu", "东里": "dong li", "羊舌": "yang she", "微生": "wei sheng", "段干": "duan gan",
    "范姜": "fan jiang", "張簡": "zhang jian", "张简": "zhang jian", "耶律": "ye lv", "爱新觉罗": "ai xin jue luo",
    "叶赫那拉": "ye he na la",
}  # fmt: skip
"""The readings of surnames of more than one character, a blank between the syllables."""

_LONGEST_SURNAME = max(map(len, DOUBLE_SURNAMES))


def split_characters(name: str) -> tuple[str, str]:
    """Give the surname and the given name of a name in Chinese characters."""
    for length in range(min(_LONGEST_SURNAME, len(name) - 1), 1, -1):
        if name[:length] in DOUBLE_SURNAMES:
            return name[:length], name[length:]
    return name[:1], name[1:]


def surname_syllables(surname: str) -> list[str]:
    """Give the readings that the characters of a surname have as one; none where they are read as usual."""
    if surname in DOUBLE_SURNAMES:
        return DOUBLE_SURNAMES[surname].split()
    return [SURNAMES[surname]] if surname in SURNAMES else []
