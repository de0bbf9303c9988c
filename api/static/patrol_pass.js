// A pass played again: its way, a vehicle that a slider moves, and what was found, each appearing when it was seen.
import { zoomable } from "/static/zoom.js";
const place = document.getElementById("map");
const slider = document.getElementById("time");
const clock = document.getElementById("clock");
const list = document.getElementById("found");
const play = document.getElementById("play");
const WAY = "#1a7f4b", CAR = "#1d5fd1", FOUND = "#d98200";
const FRAME = 100, SPEED = 20;

async function whole() {
  const points = [];
  let found = [], after = null, cut = false;
  for (;;) {
    const address = place.dataset.track + (after ? `?after=${encodeURIComponent(after)}` : "");
    const answer = await fetch(address).catch(() => null);
    cut = !answer?.ok;
    if (cut) break;
    const part = await answer.json();
    points.push(...part.points);
    found = part.found;
    if (!part.more || !part.points.length) break;
    after = part.points.at(-1).at;
  }
  return { points, found, cut };
}

const { points, found, cut } = await whole();
document.getElementById("cut").hidden = !cut;
const lang = document.documentElement.lang;
const local = { timeZone: place.dataset.zone };
const kinds = JSON.parse(list.dataset.kinds);
if (points.length) {
  const times = points.map((point) => Date.parse(point.at));
  const map = L.map(place, { attributionControl: false, zoomControl: false, zoomSnap: 0.25 });
  zoomable(L, map, place.dataset);
  const way = L.polyline(points.map((point) => [point.lat, point.lon]), { color: WAY, weight: 5 }).addTo(map);
  map.fitBounds(way.getBounds().pad(0.2), { maxZoom: 19 });
  const car = L.circleMarker([points[0].lat, points[0].lon], {
    radius: 8, color: "#fff", weight: 2, fillColor: CAR, fillOpacity: 1,
  }).addTo(map);
  const marks = found.map((one) => ({
    at: Date.parse(one.at),
    dot: L.circle([one.lat, one.lon], { radius: Math.max(2, one.off_metres ?? 2), color: FOUND }),
  }));
  for (const one of found) {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.className = "row";
    link.href = `/findings/${one.key}`;
    link.textContent = `${kinds[one.kind]} · ${new Date(one.at).toLocaleTimeString(lang, local)} · ±${Math.round(one.off_metres ?? 0)} m`;
    row.append(link);
    list.append(row);
  }
  slider.max = String(points.length - 1);

  function show() {
    const i = Number(slider.value);
    car.setLatLng([points[i].lat, points[i].lon]);
    clock.textContent = new Date(times[i]).toLocaleTimeString(lang, local);
    for (const mark of marks) {
      if (mark.at <= times[i]) mark.dot.addTo(map);
      else mark.dot.remove();
    }
  }

  let ticking = null, now = 0;
  play.addEventListener("click", () => {
    if (ticking) {
      clearInterval(ticking);
      ticking = null;
      return;
    }
    if (Number(slider.value) === points.length - 1) slider.value = "0";
    now = times[Number(slider.value)];
    ticking = setInterval(() => {
      now += FRAME * SPEED;
      let i = Number(slider.value);
      while (i < points.length - 1 && times[i + 1] <= now) i += 1;
      slider.value = String(i);
      show();
      if (i === points.length - 1) {
        clearInterval(ticking);
        ticking = null;
      }
    }, FRAME);
  });
  slider.addEventListener("input", show);
  slider.value = slider.max;
  show();
}
