"""Cases as GeoJSON."""

import pytest

from tests.web_house import WHERE, House


def test_a_case_is_a_point_with_what_a_map_shows(house: House) -> None:
    case = house.case()
    answer = house.browser().get("/v1/cases.geojson", params={"bbox": "121.4,31.2,121.5,31.3", "state": "candidate"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/geo+json")
    said = answer.json()
    assert (said["type"], said["numberMatched"], said["numberReturned"]) == ("FeatureCollection", 1, 1)
    [feature] = said["features"]
    assert (feature["type"], feature["id"]) == ("Feature", case.id)
    assert feature["geometry"] == {"type": "Point", "coordinates": [WHERE.lon, WHERE.lat]}
    assert feature["properties"]["number"] == case.number
    assert feature["properties"]["overdue"] is False


def test_what_lies_elsewhere_is_left_out(house: House) -> None:
    house.case()
    for asked in ({"bbox": "0,0,1,1"}, {"state": "closed"}, {"kind": "exposed_garbage"}, {"department": "police"}):
        assert house.browser().get("/v1/cases.geojson", params=asked).json()["numberMatched"] == 0


@pytest.mark.parametrize("bbox", ["1,2,3", "a,b,c,d", "nan,0,1,1", "0,0,1,91", "2,0,1,1", "0,1,1,0", "181,0,182,1"])
def test_a_box_that_is_none_is_said_so(house: House, bbox: str) -> None:
    answer = house.browser().get("/v1/cases.geojson", params={"bbox": bbox})
    assert answer.status_code == 422
    assert "bbox" in answer.text
    assert "south" in answer.text


def test_a_case_is_exported_as_a_bundle(house: House) -> None:
    case = house.case()
    answer = house.browser().get(f"/v1/cases/{case.id}/bundle")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert case.number in answer.headers["content-disposition"]
    path = house.folder / "bundle.zip"
    path.write_bytes(answer.content)
    from cases.audit.verifier import verify

    assert verify(path).startswith(f"whole: case {case.number}")
    assert house.browser().get("/v1/cases/nothing/bundle").status_code == 404
