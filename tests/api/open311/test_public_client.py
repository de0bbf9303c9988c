"""Somebody else's client library reads the server as it reads those of other cities."""

from pathlib import Path

import pytest
from georeport import GeoReport

from inference.findings import ViolationKind
from tests.rigs.served_app import served
from tests.web_house import build_house


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
