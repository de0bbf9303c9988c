"""How departments are reached: what may stand in a city file, and the sentence for what may not."""

from pathlib import Path

import pytest

from api.city.channels import Email, Open311
from api.city.city import City, load_city
from api.delivering import event_code, read_addresses
from api.errors import CityError
from cases.channels.mail import Security
from cases.filing import Channel
from tests.case_builders import a_case

OPEN311 = """{type: open311, url: 'https://311.example/v2/', api_key_env: KEY_311,
      services: [{code: '0505', service_code: PARK}]}"""
EMAIL = "{type: email, to: [duty@city.example], sender: jiexun@city.example, host: mail.city.example}"
CITY = """\
city: {{name: {{zh: 城, en: City}}}}
departments:
  - id: police
    name: {{zh: 交警, en: Police}}
    channel: {channel}
duty_list:
  fallback: {{department: police, limit: 1 day}}
  editions:
    - name: "1"
      effective_from: 2026-01-01
      lines:
        - {{kind: illegal_parking, code: "0505", department: police, limit: 2 hours, filing_condition: x}}
"""
SECRETS = {"KEY_311": "k-311", "MAIL_USER": "jiexun", "MAIL_PASSWORD": "hunter2"}


def load(tmp_path: Path, channel: str) -> City:
    path = tmp_path / "city.yaml"
    path.write_text(CITY.format(channel=channel), encoding="utf-8")
    return load_city(path, environment=SECRETS)


def test_an_open311_server_is_read(tmp_path: Path) -> None:
    city = load(tmp_path, OPEN311)
    assert isinstance(city.file.departments[0].channel, Open311)
    assert city.order is not None
    assert city.order.channel_of("police") is Channel.OPEN311
    server = read_addresses(city, SECRETS).servers["police"]
    assert (server.url, server.api_key, server.services) == ("https://311.example/v2", "k-311", {"0505": "PARK"})
    assert "k-311" not in repr(server)
    assert server.address("requests", start_date="a b") == "https://311.example/v2/requests.json?start_date=a+b"
    assert event_code(city.order, a_case()) == "0505"


def test_a_mail_server_is_read(tmp_path: Path) -> None:
    more = ", user_env: MAIL_USER, password_env: MAIL_PASSWORD, security: starttls, port: 587}"
    city = load(tmp_path, EMAIL[:-1] + more)
    assert isinstance(city.file.departments[0].channel, Email)
    assert city.order is not None
    assert city.order.channel_of("police") is Channel.EMAIL
    postbox = read_addresses(city, SECRETS).postboxes["police"]
    assert (postbox.relay.port, postbox.relay.security, postbox.relay.user) == (587, Security.STARTTLS, "jiexun")
    assert "hunter2" not in repr(postbox)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("https://311.example/v2/", "http://311.example/v2", "channel.url: must begin with https://"),
        ("/v2/", "/v2?x=1", "channel.url: must be the server's base"),
        ("https://", "https://u:p@", "channel.url: must not hold a user or password"),
        (
            "KEY_311",
            "KEY_312",
            "api_key_env: names an environment variable that is not set",
        ),
        ("'0505'", "'0506'", "channel.services: has no service for event code 0505"),
        ("[{code: '0505', service_code: PARK}]", "[]", "channel.services: "),
        ("PARK}", "PARK}, {code: '0505', service_code: X}", "services[1].code: is the same as that of services[0]"),
        ("services:", "format: csv, services:", "channel.format: "),
        ("services:", "attributes: [{code: A, field: plate}], services:", "attributes[0].field: "),
    ],
)
def test_what_is_wrong_with_an_open311_server_is_said(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in OPEN311
    with pytest.raises(CityError) as refused:
        load(tmp_path, OPEN311.replace(old, new, 1))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("duty@city.example", "duty", "to[0]: must be one e-mail address such as duty@city.example"),
        ("duty@city.example", "a@b.example, c@d", ""),
        ("[duty@city.example]", "['Duty <duty@city.example>']", "to[0]: must be one e-mail address"),
        ("[duty@city.example]", "[]", "channel.to: "),
        ("jiexun@city", "jü@city", "sender: must be one e-mail address"),
        ("mail.city.example", "mail.city.example:25", "host: must be a host's name"),
        ("mail.city.example", "smtp://mail", "host: must be a host's name"),
        ("host:", "port: 0, host:", "channel.port: "),
        ("host:", "security: none, host:", "security: must be tls or starttls"),
        ("host:", "user_env: MAIL_USER, host:", "user_env: and `password_env` belong together"),
        ("host:", "user_env: MAIL_USER, password_env: PW, host:", "password_env: names an environment variable"),
        (
            "host:",
            "security: none, allow_private_hosts: true, user_env: MAIL_USER, password_env: MAIL_PASSWORD, host:",
            "security: must be tls or starttls where a password is sent",
        ),
    ],
)
def test_what_is_wrong_with_a_mail_server_is_said(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in EMAIL
    if not says:
        load(tmp_path, EMAIL.replace(old, new, 1))
        return
    with pytest.raises(CityError) as refused:
        load(tmp_path, EMAIL.replace(old, new, 1))
    assert says in str(refused.value)
    assert "hunter2" not in str(refused.value)
