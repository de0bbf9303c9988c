"""Clients that others wrote read the server as they read those of other cities, file a request and follow it."""

from functools import partial
from pathlib import Path

import pytest
from civicbot import Endpoint, HttpError, HttpTransport, Open311Client
from civicbot.http import RateLimiter
from georeport import GeoReport

from api.accounts.roles import Right
from inference.findings import ViolationKind
from tests.rigs.served_app import served
from tests.web_house import WHERE, build_house


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_public_client_library_follows_a_request(tmp_path: Path, form: str) -> None:
    house = build_house(tmp_path)
    with house.store, served(house.doors) as address:
        case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
        client = GeoReport(f"{address}/open311/v2", output_format=form)
        services = {one["service_code"]: one["service_name"] for one in client.get_service_list()}
        assert services["0110"] == "暴露垃圾"
        assert client.get_service_definition("0110")["service_code"] == "0110"
        found = client.get_service_request(case.number)
        assert (found["status"], found["service_code"], found["agency_responsible"]) == ("open", "0110", "环卫所")
        assert len(client.get_service_requests(service_request_id=f"{case.number},none")) > 0


def test_a_public_client_library_files_a_report_and_follows_it_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    house = build_house(tmp_path)
    key = house.accounts.make_key("robots", rights=[Right.REPORT])[1]
    with house.store, served(house.doors) as address:
        endpoint = Endpoint(id="here", name="here", base_url=f"{address}/open311/v2", write=True)
        client = Open311Client(endpoint, HttpTransport(rate_limiter=RateLimiter(0)))
        file = partial(client.create_request, "0110", dry_run=False, confirm="SEND", lat=WHERE.lat, lng=WHERE.lon)
        with pytest.raises(HttpError) as refused:
            file(api_key="jx_none", description="bags")
        assert refused.value.status == 403
        filed = file(api_key=key, validate_remote=True, description="bags beside the bin", email="li@example.org")
        [case] = house.store.cases().items
        assert filed.response[0]["service_request_id"] == case.number
        request = client.get_request(case.number)
        assert request is not None
        assert (request["status"], request["service_code"]) == ("open", "0110")
        case = house.confirmed(case)
        [listed] = client.list_requests(service_code="0110", status="open")
        assert (listed["service_request_id"], listed["agency_responsible"]) == (case.number, "环卫所")
        assert "li@example.org" not in str(listed)
        house.doors.desk.void(case.id, version=case.version, by="Chen Yu", reason="not ours")
        request = client.get_request(case.number)
        assert request is not None
        assert request["status"] == "closed"
