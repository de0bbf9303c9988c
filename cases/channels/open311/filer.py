"""The channel: posts a case as a service request, looks for one that may have arrived, asks how one stands."""

from collections.abc import Callable, Mapping
from datetime import UTC, timedelta, tzinfo
from urllib.parse import quote

from cases.case import Case
from cases.channels.open311.answers import Entry
from cases.channels.open311.looking import Search
from cases.channels.open311.server import TIMEOUT, Calls, CaseField, Server, Web, as_written, readable
from cases.channels.wording import marker, public_copy, text
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import Filing
from cases.ports import Clock, Receipt, Tidings

LONGEST_DESCRIPTION = 4_000  # characters, as GeoReport v2 says

CodeOf = Callable[[Case], str | None]
"""The city's event code of a case; None where nobody has named one."""


class Open311Filer:
    """Delivers to departments with an Open311 server. It does not know a repetition: it is asked instead.

    Args:
        servers: by department.
        web: posts and reads.
        base_url: where our own pages are.
        code_of: the event code that decides about the service.
        clock: now.
        zone: in which times are written for people.
        timeout: for one call.
    """

    recognises_repetitions = False

    def __init__(
        self,
        servers: Mapping[str, Server],
        web: Web,
        *,
        base_url: str,
        code_of: CodeOf,
        clock: Clock,
        zone: tzinfo = UTC,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        self._servers = servers
        self._calls = Calls(web, clock, timeout)
        self._base_url = base_url.rstrip("/")
        self._code_of = code_of
        self._clock = clock
        self._zone = zone

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        """Post the case as a service request.

        Raises:
            FilingFailed: it was not taken, or nobody can tell.
        """
        server = self._server(filing)
        form = self._form(server, dossier, filing)
        answer = self._calls.post(server, form, before=filing.leased_until)
        return _receipt(self._calls.judged(answer, server, is_repetition=filing.tries > 1))

    def find(self, dossier: Dossier, filing: Filing) -> Receipt | None:
        """See `cases.ports.Inquirer.find`: the request whose description holds our marker."""
        server = self._server(filing)
        search = Search(self._calls, server, service=self._service(server, dossier), marker=marker(filing))
        found = search.around(filing.tried_at or filing.created_at, self._clock())
        return _receipt(found) if found else None

    def tidings(self, filing: Filing) -> Tidings:
        """See `cases.ports.Followed.tidings`: exchanges a token for the number, then reads the status."""
        server = self._server(filing)
        if not filing.reference:
            exchanged = self._one(server, f"tokens/{quote(filing.token or '', safe='')}")
            return Tidings(reference=exchanged.get("service_request_id"))
        entry = self._one(server, f"requests/{quote(filing.reference, safe='')}")
        state = entry.get("status", "").lower()
        said = " ".join(entry[name] for name in ("status_notes", "agency_responsible") if name in entry)
        is_over = state == "closed"
        return Tidings(
            reference=filing.reference,
            state=state or None,
            said=said,
            is_over=is_over,
            is_handled=is_over and server.closed_means_handled,
        )

    def _one(self, server: Server, path: str) -> Entry:
        shown = readable(self._calls.get(server, path), server)
        if not shown:
            raise FilingFailed("the Open311 server's answer cannot be read", retry=True)
        return shown[0]

    def _server(self, filing: Filing) -> Server:
        server = self._servers.get(filing.department)
        if server is None:
            raise FilingFailed(
                f"department {filing.department} has no Open311 server; add one to the city file", retry=True
            )
        return server

    def _service(self, server: Server, dossier: Dossier) -> str:
        code = self._code_of(dossier.case)
        if code is None or code not in server.services:
            raise FilingFailed(
                f"no Open311 service is named for event code {code or 'of the fallback'}; add it to the city file",
                retry=False,
            )
        return server.services[code]

    def _form(self, server: Server, dossier: Dossier, filing: Filing) -> dict[str, str]:
        case = dossier.case
        form = {
            "api_key": server.api_key,
            "service_code": self._service(server, dossier),
            "description": text(dossier, filing, base_url=self._base_url, zone=self._zone, longest=LONGEST_DESCRIPTION),
        }
        if server.jurisdiction:
            form["jurisdiction_id"] = server.jurisdiction
        if case.place:
            form |= {"lat": f"{case.place.lat:.7f}", "long": f"{case.place.lon:.7f}"}
        else:  # one kind of place is required
            form["address_string"] = case.address or ", ".join(
                part for part in (case.area, case.camera, case.zone) if part
            )
        if (copy := public_copy(dossier)) is not None:
            form["media_url"] = f"{self._base_url}/v1/evidence/{copy}"
        fields = self._fields(case, filing)
        return form | {f"attribute[{code}]": fields[name] for code, name in server.attributes.items()}

    def _fields(self, case: Case, filing: Filing) -> dict[CaseField, str]:
        return {
            CaseField.NUMBER: case.number,
            CaseField.KIND: case.kind or "",
            CaseField.CAMERA: case.camera or "",
            CaseField.ZONE: case.zone or "",
            CaseField.AREA: case.area or "",
            CaseField.FIRST_SEEN: as_written(case.first_seen),
            CaseField.LAST_SEEN: as_written(case.last_seen),
            CaseField.DEADLINE: as_written(case.deadline_at) if case.deadline_at else "",
            CaseField.MARKER: marker(filing),
            CaseField.URL: f"{self._base_url}/cases/{case.id}",
        }


def _receipt(entry: Entry) -> Receipt:
    reference = entry.get("service_request_id")
    return Receipt(reference=reference, token=None if reference else entry.get("token"))
