"""The desk: stores and directory opened from a Config, and the verbs that need more than one of them."""

from mailtui.desk.access import OPERATOR, SYNC
from mailtui.desk.desk import Desk

__all__ = ["OPERATOR", "SYNC", "Desk"]
