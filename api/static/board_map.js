// The map of the board: areas, cases by state, and layers of other points. Colours are the style sheet's.
import * as L from "/static/leaflet/leaflet-src.esm.js";

const MOST = 2_000;

export class BoardMap {
  #map;
  #words;
  #cases = new Map();
  #newer = new Set(); // cases that have changed since the picture of all of them was asked for
  #layers = new Map();
  #choose;
  #fitted = false;

  // choose(id): somebody has pointed at a case.
  constructor(element, words, choose) {
    this.#words = words;
    this.#choose = choose;
    this.#map = L.map(element, { attributionControl: false, zoomControl: false, minZoom: 3, maxZoom: 20, zoomSnap: 0.5 });
    this.#map.setView([31.23, 121.47], 12);
    this.#map.createPane("cases").style.zIndex = 620; // above cameras (600), below what is said of them (650)
    this.#map.createPane("vehicles").style.zIndex = 630; // they pass by: what lies under one is free again soon
    L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(this.#map);
    L.control.scale({ imperial: false }).addTo(this.#map);
  }

  async drawAreas(address) {
    const areas = await ask(address);
    if (!areas?.features.length) return;
    const drawn = L.geoJSON(areas, {
      interactive: true,
      style: (area) => ({ className: `area area-${area.properties.level}` }),
      onEachFeature: (area, layer) => {
        const named = { permanent: true, direction: "center", className: "area-name", interactive: false };
        const { level } = area.properties;
        const name = this.#named(area.properties);
        if (level === "street") layer.bindTooltip(text(name), named);
        else layer.bindTooltip(text(`${this.#words.levels[level]} ${name}`), { sticky: true });
      },
    }).addTo(this.#map);
    drawn.bringToBack();
    this.#fit(drawn.getBounds());
  }

  async drawCases() {
    const asked = new URLSearchParams([["limit", MOST], ...this.#words.open.map((state) => ["state", state])]);
    const newer = (this.#newer = new Set());
    const cases = await ask(`/v1/cases.geojson?${asked}`);
    if (!cases) return;
    for (const id of [...this.#cases.keys()]) if (!newer.has(id)) this.#remove(id);
    for (const { id, geometry, properties } of cases.features) {
      const [lon, lat] = geometry.coordinates;
      if (!newer.has(id)) this.#put({ id, place: { lat, lon }, ...properties });
    }
    if (this.#cases.size) this.#fit(L.featureGroup([...this.#cases.values()]).getBounds().pad(0.2));
  }

  put(one) {
    this.#newer.add(one.id);
    this.#put(one);
  }

  remove(id) {
    this.#newer.add(id);
    this.#remove(id);
  }

  #put(one) {
    this.#remove(one.id);
    if (!one.place || !this.#words.open.includes(one.state)) return;
    const late = one.overdue || one.overdue_at ? " overdue" : "";
    const spot = L.circleMarker([one.place.lat, one.place.lon], { radius: 8, className: `spot-case${late}`, pane: "cases" });
    spot.addTo(this.#map);
    spot.getElement().dataset.state = one.state;
    spot.getElement().dataset.case = one.id;
    const kind = this.#words.kinds[one.kind] ?? one.code ?? this.#words.other;
    spot.bindTooltip(text(`${kind} · ${one.number} · ${this.#words.states[one.state]}`));
    spot.on("click", () => this.#choose(one.id));
    this.#cases.set(one.id, spot);
  }

  #remove(id) {
    this.#cases.get(id)?.remove();
    this.#cases.delete(id);
  }

  mark(id) {
    for (const [other, spot] of this.#cases) spot.getElement()?.classList.toggle("chosen", other === id);
    const spot = this.#cases.get(id);
    if (spot && !this.#map.getBounds().contains(spot.getLatLng())) this.#map.panTo(spot.getLatLng());
  }

  // A layer of points that is asked for again and again, e.g. cameras, or vehicles on the move.
  async follow(layer) {
    const found = document.hidden && this.#layers.has(layer.name) ? null : await ask(layer.address);
    if (found) {
      const pane = this.#map.getPane(layer.name) ? layer.name : "markerPane";
      this.#layers.get(layer.name)?.remove();
      const points = L.geoJSON(found, {
        pointToLayer: (one, at) => L.marker(at, { keyboard: false, icon: icon(layer.name, one), pane }),
        onEachFeature: (one, pin) => pin.bindTooltip(text(this.#named(one.properties))),
      });
      this.#layers.set(layer.name, points.addTo(this.#map));
      if (found.features.length) this.#fit(points.getBounds().pad(0.2));
    }
    setTimeout(() => this.follow(layer), 1000 * layer.every);
  }

  // One point of a layer is somewhere else now, or new.
  move(name, one) {
    const points = this.#layers.get(name);
    const [lon, lat] = one.geometry.coordinates;
    const pin = points?.getLayers().find(({ feature }) => feature.id === one.id);
    if (!pin) return points?.addData(one);
    pin.setLatLng([lat, lon]);
    pin.setIcon(icon(name, one));
  }

  #named({ name, name_en }) {
    return this.#words.language === "en" && name_en ? name_en : name;
  }

  #fit(bounds) {
    if (this.#fitted) return;
    this.#fitted = true;
    this.#map.fitBounds(bounds, { maxZoom: 17 });
  }
}

function icon(name, { properties }) {
  return L.divIcon({ className: `pin layer-${name}${properties.live === false ? " still" : ""}`, iconSize: [14, 14] });
}

function text(words) {
  return Object.assign(document.createElement("span"), { textContent: words });
}

async function ask(address) {
  const answer = await fetch(address, { headers: { "X-By-Itself": "1" } }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}
