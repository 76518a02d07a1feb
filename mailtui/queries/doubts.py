"""Words that say of an account on a list that it is not meant: it stays, waits, or stands there in another part."""

import re

from mailtui.cache.folding import fold, words

_NEGATING_WORDS = """
    not no non never neither nor cannot dont doesnt isnt wont keep keeps keeping kept but unless without ignore skip
    hold except besides other than
    stay stays staying remain remains remaining retain retained return returns returned
    returning later wrong false instead active nicht kein keine keinen nie ohne sondern statt noch
    sauf pas reste restent garder
    conserver ne excepto salvo bleibt bleiben behalten behaelt behält weiterhin exempt
    unaffected
"""
_NEGATIONS = frozenset(_NEGATING_WORDS.split())
_NEGATING_STEMS = ("exclud", "exclus", "excep", "postpon", "cancel", "withdr", "revok", "extend", "reinstat", "rehir",
                   "ausgenommen", "ausser", "verschob", "verschieb", "verlanger", "stornier")  # fmt: skip
_NEGATING_HAN = re.compile("不|勿|别停|未|除外|除了|保留|暂缓|暂不|延期|推迟|取消|留任|继续|撤销|撤回|无需|無需|保持")
_PART_WORDS = """
    cc bcc fyi successor successors replacement replaces deputy deputies manager managers supervisor contact contacts
    approver approvers approved requester requested owner owners forward forwards questions question joiner joiners new
    nachfolger nachfolgerin vorgesetzte vorgesetzter ansprechpartner kontakt vertretung stellvertreter fragen neu neue
    informed notified successeur responsable
"""
_PARTS = frozenset(_PART_WORDS.split())
_LABELLED_NO = re.compile(r"\b(?:staff|employee|emp|pers\w*|phone|tel|room|id|account|ticket|dep\w*)[ .-]*no\b")
_PARTS_HAN = re.compile("接任|接替|接手|联系|负责|经理|主管|审批|批准|抄送|新员工|入职|转发")


def negates(text: str) -> bool:
    """Tell whether a text has a word by which somebody is not meant, not yet, or no longer."""
    folded = _LABELLED_NO.sub(" ", fold(text)).replace("'", "").replace("\u2019", "")
    return (
        any(word in _NEGATIONS or word.startswith(_NEGATING_STEMS) for word in words(folded))
        or _NEGATING_HAN.search(folded) is not None
    )


def casts_doubt(text: str) -> bool:
    """Tell whether those named below such a heading may be there in another part: who stays, succeeds or approves."""
    folded = fold(text)
    return negates(text) or any(word in _PARTS for word in words(folded)) or _PARTS_HAN.search(folded) is not None
