// One camera: zones are drawn, tried out on the pictures at hand, and saved as a new edition.
import { ReferencePoints } from "/static/reference_points.js";
import { LINE, ZoneEditor, addBehind, pointsOf, setPoints } from "/static/zone_editor.js";

const root = document.getElementById("camera");
const words = JSON.parse(root.dataset.words);
const known = JSON.parse(root.dataset.known);
const mayDraw = "mayDraw" in root.dataset;
const at = (id) => document.getElementById(id);
const zones = known.drawing.zones;
let edition = known.edition;
let chosen = zones.length ? 0 : -1;
let found = [];
let residuals = [];

const form = at("zone");
const canvas = at("drawing");
const editor = canvas && new ZoneEditor(canvas, {
  editable: mayDraw,
  changed: forget,
  choose: (index) => choose(index),
  pointName: (index, x, y) => `${words.point} ${index + 1}: ${Math.round(100 * x)} %, ${Math.round(100 * y)} %`,
});
const references = at("points-map") && new ReferencePoints({ map: at("points-map"), rows: at("points"), changed: calibrate });

function tell(text, good) {
  at("told").textContent = text;
  at("told").className = `notice ${good ? "good" : "bad"}`;
  at("told").hidden = !text;
}

async function send(method, path, body) {
  const answer = await fetch(`/v1/cameras/${root.dataset.camera}/${path}`, {
    method,
    headers: { "Content-Type": "application/json", "X-Form-Token": root.dataset.formToken },
    body: JSON.stringify(body),
  }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok) return said;
  tell(said?.detail ?? words.not_sent, false);
  return null;
}

const drawing = () => ({ zones, reference_points: references?.points ?? known.drawing.reference_points });

function forget() {
  found = [];
  at("trial").replaceChildren();
  show();
}

function show() {
  editor?.show(zones, chosen, found.map((one) => ({ box: one.box, name: words.violations[one.kind] })));
  at("zones").replaceChildren(...zones.map(item));
}

function item(zone, index) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: `${zone.id} · ${words.kinds[zone.kind]}` });
  button.setAttribute("aria-pressed", index === chosen);
  button.addEventListener("click", () => choose(index));
  const row = document.createElement("li");
  row.append(button);
  return row;
}

function choose(index) {
  chosen = index;
  const zone = zones[chosen];
  if (form) form.hidden = !zone;
  if (form && zone) {
    const fields = form.elements;
    fields.id.value = zone.id;
    fields.kind.value = zone.kind;
    fields.hours.value = (zone.hours ?? []).join("\n");
    fields.season.value = zone.season ?? "";
    fields.dwell.value = zone.dwell?.default ?? "";
    fields.grace.value = zone.grace?.default ?? "";
    fields.queue.checked = zone.queue ?? false;
  }
  show();
}

// What the form says goes into the zone; exceptions for single classes stay as they are.
function take() {
  const zone = zones[chosen];
  const fields = form.elements;
  const points = pointsOf(zone);
  zone.id = fields.id.value.trim();
  zone.kind = fields.kind.value;
  setPoints(zone, zone.kind !== LINE && points.length < 3 ? [...points, [0.5, 0.9]] : points);
  const put = (name, value) => (value === null ? delete zone[name] : (zone[name] = value));
  const lines = fields.hours.value.split("\n").map((line) => line.trim()).filter(Boolean);
  put("hours", lines.length ? lines : null);
  put("season", fields.season.value.trim() || null);
  put("dwell", fields.dwell.value === "" ? null : { ...zone.dwell, default: Number(fields.dwell.value) });
  put("grace", fields.grace.value === "" ? null : { ...zone.grace, default: Number(fields.grace.value) });
  put("queue", fields.queue.checked || null);
  forget();
}

function add() {
  const name = [...Array(1000).keys()].map((n) => `zone-${n + 1}`).find((id) => !zones.some((zone) => zone.id === id));
  zones.push({ id: name, kind: "no_parking", polygon: [[0.3, 0.55], [0.7, 0.55], [0.7, 0.9], [0.3, 0.9]] });
  choose(zones.length - 1);
  canvas?.querySelector("[data-point]")?.focus();
}

function drop() {
  zones.splice(chosen, 1);
  choose(Math.min(chosen, zones.length - 1));
  forget();
}

async function save() {
  const kept = await send("PUT", "drawing", { instead_of: edition, drawing: drawing() });
  if (!kept) return;
  edition = kept.edition;
  tell(words.saved.replace("{n}", edition), true);
}

async function tryOut() {
  at("try-out").disabled = true;
  const trial = await send("POST", "dry-run", drawing());
  at("try-out").disabled = false;
  if (!trial) return;
  found = trial.findings;
  const said = document.createElement("p");
  said.textContent = (found.length ? words.would_find : words.nothing_found)
    .replace("{n}", found.length).replace("{pictures}", trial.pictures).replace("{lost}", trial.lost);
  const list = document.createElement("ul");
  for (const one of found) {
    const line = document.createElement("li");
    const time = new Date(one.last_seen).toLocaleTimeString("sv-SE", { timeZone: words.zone });
    line.textContent = `${words.violations[one.kind]} · ${one.zone} · ${words.objects[one.object_class] ?? one.object_class} · ${time} · ${Math.round(one.seen_for)} s · ${Math.round(100 * one.confidence)} %`;
    list.append(line);
  }
  at("trial").replaceChildren(said, list);
  show();
}

async function calibrate() {
  const points = references.points;
  residuals = [];
  references.show(points);
  at("fit").textContent = "";
  if (points.length < 4) return;
  const fit = await send("POST", "calibration", points);
  if (!fit) return;
  tell("", true);
  residuals = fit.residuals;
  references.show(points, residuals);
  at("fit").textContent = points.length === 4 ? words.exact : words.worst.replace("{m}", fit.worst.toFixed(2));
}

if (mayDraw) {
  form.addEventListener("change", take);
  form.addEventListener("submit", (event) => event.preventDefault());
  at("zone-more").addEventListener("click", add);
  at("zone-drop").addEventListener("click", drop);
  at("point-more").addEventListener("click", () => {
    addBehind(zones[chosen], pointsOf(zones[chosen]).length - 1);
    forget();
  });
  at("try-out").addEventListener("click", tryOut);
  at("save").addEventListener("click", save);
}
at("reference-more")?.addEventListener("click", () => {
  tell(words.draw_hint, true);
  if (editor) editor.aim((x, y) => references.add(x, y));
  else references.add(0.5, 0.5);
});
at("at")?.addEventListener("change", (event) => {
  at("picture").src = `/v1/cameras/${root.dataset.camera}/picture?${new URLSearchParams({ at: event.target.value })}`;
});
if (references) {
  references.show(known.drawing.reference_points);
  if (known.drawing.reference_points.length) calibrate();
}
choose(chosen);
