// The tours of a plan, each in its colour; where two share a street, the later one is drawn thinner on top.
import { zoomable } from "/static/zoom.js";
const COLOURS = ["#1d5fd1", "#d98200", "#1a7f4b", "#8a3fb0"];
const place = document.getElementById("map");
if (place) {
  const lines = JSON.parse(place.dataset.lines).filter((line) => line.length);
  const map = L.map(place, { attributionControl: false, zoomControl: false, zoomSnap: 0.25 });
  zoomable(L, map, place.dataset);
  const drawn = lines.map((line, i) =>
    L.polyline(line, { color: COLOURS[i % COLOURS.length], weight: 8 - 2 * (i % 3), opacity: 0.85 }).addTo(map));
  for (const line of lines) {
    L.circleMarker(line[0], { radius: 7, color: "#fff", weight: 2, fillColor: "#222", fillOpacity: 1 }).addTo(map);
  }
  if (drawn.length) map.fitBounds(L.featureGroup(drawn).getBounds().pad(0.05));
  else map.setView([0, 0], 1);
}
