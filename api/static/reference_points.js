// Reference points: where a spot of the picture lies on the map, and by how many metres the ground misses it.
import * as L from "/static/leaflet/leaflet-src.esm.js";
import { zoomable } from "/static/zoom.js";

export class ReferencePoints {
  #rows;
  #map;
  #pins;
  #points = [];
  #changed;

  constructor({ map, rows, changed }) {
    this.#rows = rows;
    this.#changed = changed;
    const home = map.dataset.lat ? [Number(map.dataset.lat), Number(map.dataset.lon)] : [31.23, 121.47];
    this.#map = L.map(map, { attributionControl: false, zoomControl: false, maxZoom: 22 }).setView(home, map.dataset.lat ? 18 : 12);
    zoomable(L, this.#map, map.dataset);
    L.control.scale({ imperial: false }).addTo(this.#map);
    this.#pins = L.layerGroup().addTo(this.#map);
    this.#map.on("click", ({ latlng }) => this.#place(latlng));
    this.#drawAreas();
  }

  get points() {
    return this.#points;
  }

  show(points, residuals = []) {
    this.#points = points;
    this.#rows.replaceChildren(...points.map((point, index) => this.#row(point, index, residuals[index])));
    this.#pins.clearLayers();
    points.forEach(({ place }, index) => {
      const icon = L.divIcon({ className: "pin reference", html: "", iconSize: [16, 16] });
      if (Number.isFinite(place.lat) && Number.isFinite(place.lon)) L.marker([place.lat, place.lon], { icon, keyboard: false }).bindTooltip(`${index + 1}`, { permanent: true, direction: "right" }).addTo(this.#pins);
    });
  }

  add(x, y) {
    const { lat, lng } = this.#map.getCenter();
    this.#points.push({ picture: [x, y], place: { lat, lon: lng } });
    this.#changed();
    this.#rows.lastElementChild?.querySelector("input")?.focus();
  }

  // A press on the map places the point in whose row somebody is, else the last one.
  #place({ lat, lng }) {
    const row = this.#rows.querySelector("tr[data-here]") ?? this.#rows.lastElementChild;
    if (!row) return;
    this.#points[Number(row.dataset.index)].place = { lat, lon: lng };
    this.#changed();
  }

  #row(point, index, residual) {
    const row = document.createElement("tr");
    row.dataset.index = index;
    const cell = (content) => {
      const made = document.createElement("td");
      made.append(content);
      row.append(made);
    };
    cell(`${index + 1}`);
    const number = (value, label, put, digits) => {
      const field = Object.assign(document.createElement("input"), { type: "number", step: "any", value: Number(value.toFixed(digits)), required: true });
      field.setAttribute("aria-label", `${index + 1} ${label}`);
      field.addEventListener("change", () => {
        put(Number(field.value));
        this.#changed();
      });
      field.addEventListener("focus", () => {
        for (const other of this.#rows.children) delete other.dataset.here;
        row.dataset.here = "";
      });
      cell(field);
    };
    number(100 * point.picture[0], "x", (value) => (point.picture[0] = Math.min(1, Math.max(0, value / 100))), 2);
    number(100 * point.picture[1], "y", (value) => (point.picture[1] = Math.min(1, Math.max(0, value / 100))), 2);
    number(point.place.lat, "lat", (value) => (point.place.lat = value), 7);
    number(point.place.lon, "lon", (value) => (point.place.lon = value), 7);
    cell(residual === undefined ? "–" : residual.toFixed(2));
    const drop = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    drop.setAttribute("aria-label", `${index + 1} ×`);
    drop.addEventListener("click", () => {
      this.#points.splice(index, 1);
      this.#changed();
    });
    cell(drop);
    return row;
  }

  async #drawAreas() {
    const answer = await fetch("/v1/areas.geojson", { headers: { "X-By-Itself": "1" } }).catch(() => null);
    if (!answer?.ok) return;
    L.geoJSON(await answer.json(), { interactive: false, style: (area) => ({ className: `area area-${area.properties.level}` }) }).addTo(this.#map);
  }
}
