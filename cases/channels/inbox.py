"""The built-in inbox: the department reads its cases in our own pages; what is written down is delivered."""

from cases.dossier import Dossier
from cases.filing import Filing
from cases.ports import Receipt


class InboxFiler:
    """Delivers to the built-in inbox."""

    recognises_repetitions = True

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        """The case is in the inbox as soon as it is dispatched; there is nothing to carry."""
        return Receipt(reference=f"{filing.department}/{dossier.case.number}")
