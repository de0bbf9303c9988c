"""The zone editor: with the mouse and with keys alone, in a real browser."""

import pytest

from tests.api.routes.test_cameras import ROAD, draw, ring_of
from tests.rigs.chromium import PROGRAM, Chromium
from tests.web_house import Browser, House

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.timeout(180),
]


def test_a_zone_is_moved_tried_out_and_saved(house: House, browser: Browser, address: str, chromium: Chromium) -> None:
    ring_of(house, 4)
    draw(browser, ROAD)
    for width, phone in ((390, True), (1280, False)):
        chromium.look_like(width, 800, phone=phone)
        chromium.open(f"{address}/cameras/east-gate?lang={'zh' if phone else 'en'}")
        chromium.wait_for("document.querySelectorAll('#drawing .handle').length === 4")
        assert chromium.value("document.documentElement.scrollWidth") <= width
    chromium.value("document.querySelector('[data-point=\"1\"]').focus()")
    for key in ("ArrowLeft", "ArrowDown", "Insert"):
        chromium.value(
            f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
        )
    assert chromium.value("document.activeElement.dataset.point") == "2"
    chromium.value("document.getElementById('try-out').click()")
    chromium.wait_for("document.querySelectorAll('#trial li').length === 1")
    chromium.wait_for("document.querySelectorAll('#drawing .found').length === 1")
    chromium.value("document.getElementById('save').click()")
    chromium.wait_for("document.getElementById('told').textContent.includes('edition 2')")
    [zone] = house.store.cameras.in_force()["east-gate"].drawing["zones"]
    assert zone["polygon"][1] == [0.995, 0.005]
    assert len(zone["polygon"]) == 5
    assert chromium.troubles == []


def test_a_zone_is_dragged_and_a_new_one_is_added(house: House, address: str, chromium: Chromium) -> None:
    ring_of(house, 1)
    chromium.look_like(1280, 800)
    chromium.open(f"{address}/cameras/east-gate?lang=en")
    chromium.wait_for("document.getElementById('picture').complete")
    chromium.value("document.getElementById('zone-more').click()")
    chromium.value("""(() => {
      const handle = document.querySelector('[data-point="0"]');
      const box = document.getElementById('drawing').getBoundingClientRect();
      const at = (x, y) => ({clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true});
      handle.dispatchEvent(new PointerEvent('pointerdown', at(0.3, 0.55)));
      dispatchEvent(new PointerEvent('pointermove', at(0.2, 0.4)));
      dispatchEvent(new PointerEvent('pointerup', at(0.2, 0.4)));
    })()""")
    chromium.value("document.querySelector('#zone [name=id]').value = 'kerb'")
    chromium.value("document.querySelector('#zone [name=id]').dispatchEvent(new Event('change', {bubbles: true}))")
    chromium.value("document.getElementById('save').click()")
    chromium.wait_for("document.getElementById('told').textContent.includes('edition 1')")
    [zone] = house.store.cameras.in_force()["east-gate"].drawing["zones"]
    assert (zone["id"], zone["polygon"][0]) == ("kerb", pytest.approx([0.2, 0.4], abs=0.01))
    assert chromium.troubles == []
