// The map of a day's coverage, and where vehicles are now. There are no tiles: what is drawn is the city's own roads.
import { zoomable } from "/static/zoom.js";
const EVERY = 5_000;
const SEEN = "#1a7f4b", MISSED = "#c2402d", CAR = "#1d5fd1";
const place = document.getElementById("map");
const lang = document.documentElement.lang;
const local = { timeZone: place?.dataset.zone };

async function get(address) {
  const answer = await fetch(address, { headers: { "X-By-Itself": "1" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function says(stretch) {
  const { passes, last_seen_at } = stretch.properties;
  const last = last_seen_at ? new Date(last_seen_at).toLocaleString(lang, local) : "–";
  return `${stretch.id} · ×${passes} · ${last}`;
}

if (place) {
  const map = L.map(place, { attributionControl: false, zoomControl: false, zoomSnap: 0.25 });
  zoomable(L, map, place.dataset);
  const roads = L.geoJSON(await get(place.dataset.coverage), {
    style: (stretch) => ({
      color: stretch.properties.passes ? SEEN : MISSED,
      weight: stretch.properties.passes ? 6 : 4,
      dashArray: stretch.properties.passes ? null : "4 6",
    }),
    onEachFeature: (stretch, layer) => layer.bindTooltip(document.createTextNode(says(stretch)).textContent),
  }).addTo(map);
  map.fitBounds(roads.getBounds().pad(0.03));
  const cars = L.layerGroup().addTo(map);

  async function look() {
    if (document.hidden) return;
    try {
      const vehicles = await get(place.dataset.vehicles);
      cars.clearLayers();
      for (const car of vehicles) {
        const dot = L.circleMarker([car.lat, car.lon], {
          radius: 8, color: "#fff", weight: 2, fillColor: CAR, fillOpacity: car.live ? 1 : 0.45,
        });
        const words = document.createElement("span");
        words.textContent = `${lang.startsWith("zh") ? car.name : car.name_en} · ${new Date(car.at).toLocaleTimeString(lang, local)}`;
        dot.bindTooltip(words, { permanent: car.live }).addTo(cars);
      }
    } catch {
      cars.clearLayers();
    }
  }

  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  look();
}
