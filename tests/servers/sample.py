"""The sample company's mail store on a directory with chosen entries."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mailtui.demo.address import DemoAddress
from mailtui.demo.hosting import Host, new_tree
from mailtui.demo.mailstore.configured import config_for
from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.owners import Owner
from mailtui.mailstore.doveadm import Doveadm
from mailtui.mailstore.opening import open_store
from mailtui.mailstore.over_http import HttpLine
from mailtui.mailstore.port import MailStore
from tests.servers.embedded import load
from tests.servers.ldif import Record


class SampleStore:
    """A store that runs in this process; mail is put into it directly."""

    def __init__(self, host: Host, address: DemoAddress) -> None:
        assert address.mailstore is not None
        self.host, self.address = host, address
        self.config, self.key = config_for(address.mailstore), address.mailstore.key
        self.port = address.mailstore.port

    @property
    def office(self) -> Office:
        """What it keeps."""
        return self.host.mailstore.office()

    def owner(self, user: str) -> Owner:
        """Give an account as the store knows it."""
        found = self.office.owners.find(user)
        assert found is not None
        return found

    def open(self) -> MailStore:
        """Give it as the program opens it, with the key that it finds."""
        return open_store(self.config)

    def line(self) -> HttpLine:
        """Give a way to ask it single commands."""
        return HttpLine(self.config, self.key)

    def over_http(self) -> Doveadm:
        """Give it with the key that is known."""
        return Doveadm(self.line(), self.config)

    def deliver(self, user: str, *mails: bytes) -> None:
        """Put mails into an inbox."""
        self.save(user, "INBOX", *mails)

    def save(self, user: str, folder: str, *mails: bytes) -> None:
        """Put mails into a folder, which is made if it is not there."""
        with self.office.lock:
            self.office.folder_of(self.owner(user), folder).take(len(mails), sum(map(len, mails)))


@contextmanager
def sample_store(records: Iterable[Record]) -> Iterator[SampleStore]:
    """Run a store for the accounts of these entries, beside their directory, in threads of this process."""
    with tempfile.TemporaryDirectory(prefix="mailtui-sample-") as folder:
        tree = new_tree()
        for dn, attributes in records:
            load(tree, dn, attributes)
        host = Host(tree, Path(folder))
        address = host.listen()
        with host.running():
            yield SampleStore(host, address)
