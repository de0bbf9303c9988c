// One candidate after the other. The next ones are fetched and decoded ahead; a key counts only once the pictures of the
// candidate have been on the screen long enough to be seen, so that nobody judges what they did not look at.
import { DrawnBox } from "/static/drawn_box.js";
import { Outbox } from "/static/outbox.js";
import { Wall } from "/static/wall.js";

const AHEAD = 8;
// So many are left when the next ones are asked for: of one at a time the service never sends a second look.
const ENOUGH = 5;
const LEAST_LOOK = 250;
const root = document.getElementById("review");
const words = JSON.parse(root.dataset.words);
const at = (id) => document.getElementById(id);

let queue = [];
let current = null;
let ready = false;
let fetching = false;
let explained = false;
const settled = new Set();
const judged = new Map();

const outbox = new Outbox({
  place: words.person,
  token: root.dataset.formToken,
  changed: (count) => (at("outbox").textContent = count),
  told: (outcome, entry, detail) => tell(`${judged.get(entry.caseId)?.item.number ?? ""} ${words[outcome]} ${detail}`),
});
const drawn = new DrawnBox(at("drawing"), (box) => correct({ right_box: box }));
const wall = new Wall({ root: at("wall"), nothing: at("nothing"), words, judge: (item, said) => judge({ item }, said), tell });
outbox.caseIds.forEach((id) => settled.add(id));

function tell(text) {
  at("told").textContent = text;
  at("told").hidden = !text;
}

function load(address) {
  return Object.assign(new Image(), { src: address, alt: "", decoding: "async", draggable: false });
}

// A candidate with its pictures on their way. The marked ones are fetched once somebody wants to see them: they would
// double what has to travel ahead.
function prepare(item) {
  const { first, last, crop } = item.pictures;
  const plain = [first ?? last, last ?? first].map(load);
  const one = { item, plain, marked: null, crop: load(crop ?? plain[1].src) };
  loaded(one);
  return one;
}

// The two pictures that lie over each other, with zone and box or without.
function pair(one) {
  if (!explained) return one.plain;
  const { explained_first, explained_last } = one.item.pictures;
  one.marked ??= [explained_first ?? one.plain[0].src, explained_last ?? one.plain[1].src].map(load);
  return one.marked;
}

// Whether all that is shown of a candidate is decoded; false where one of the pictures cannot be had.
function loaded(one) {
  return Promise.all([...pair(one), one.crop].map((picture) => picture.decode())).then(() => true, () => false);
}

async function fill(headers = {}) {
  if (fetching || queue.length >= ENOUGH) return;
  fetching = true;
  try {
    const known = [...settled, ...queue.map((one) => one.item.case_id), ...(current ? [current.item.case_id] : [])];
    const asked = new URLSearchParams([["limit", AHEAD - queue.length], ...known.slice(-150).map((id) => ["known", id])]);
    const answer = await fetch(`/v1/review?${asked}`, { headers });
    if (answer.status === 401) return location.reload();
    if (!answer.ok) return tell(words.offline);
    const { items, waiting } = await answer.json();
    at("waiting").textContent = Math.max(0, waiting - outbox.caseIds.length);
    const fresh = items.filter((item) => !settled.has(item.case_id));
    queue.push(...fresh.map(prepare));
    if (!current) next();
  } catch {
    tell(words.offline);
  } finally {
    fetching = false;
  }
}

function next() {
  show(queue.shift() ?? null);
  fill();
}

async function show(one) {
  current = one;
  ready = false;
  delete at("bench").dataset.ready;
  drawn.stop();
  const watching = wall.hidden;
  at("bench").hidden = !one || !watching;
  if (watching) at("nothing").hidden = Boolean(one);
  if (!one) return;
  describe(one.item);
  offer(one.item.conditions);
  at("class").value = "";
  lay();
  at("crop").replaceChildren(one.crop);
  const whole = await loaded(one);
  if (current !== one) return;
  if (!whole) return tell(words.no_picture);
  await new Promise((drawnOnce) => requestAnimationFrame(() => requestAnimationFrame(drawnOnce)));
  await new Promise((seen) => setTimeout(seen, LEAST_LOOK));
  if (current !== one) return;
  ready = true;
  at("bench").dataset.ready = one.item.case_id;
}

function lay() {
  const [first, last] = pair(current);
  first.alt = words.first;
  last.alt = words.last;
  last.className = "over";
  at("pictures").replaceChildren(first, last);
  slide();
}

function slide() {
  const last = at("pictures").lastElementChild;
  if (last) last.style.clipPath = `inset(0 0 0 ${at("slider").value}%)`;
}

function describe(item) {
  const seconds = Math.round(item.seen_for);
  at("kind").textContent = words.kinds[item.kind];
  at("case").textContent = item.number;
  at("case").href = `/cases/${item.case_id}`;
  at("camera").textContent = words.cameras[item.camera] ?? item.camera;
  at("zone").textContent = item.zone;
  at("object").textContent = words.objects[item.object_class] ?? item.object_class;
  // Swedish writes 2026-03-01 08:00:00, as all other pages do.
  at("since").textContent = new Date(item.first_seen).toLocaleString("sv-SE", { timeZone: words.zone });
  at("for").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  at("confidence").textContent = `${Math.round(100 * item.confidence)} %`;
}

// Where the duty list has several filing conditions (立案条件) for the matter; the usual one is chosen beforehand.
function offer(conditions) {
  at("conditions").hidden = conditions.length === 0;
  const options = conditions.map(({ name, condition, department }) => {
    const owner = department ? ` · ${words.departments[department] ?? department}` : "";
    return new Option(`${condition}${owner}`, name);
  });
  at("condition").replaceChildren(...options);
}

function judge(one, said) {
  settled.add(one.item.case_id);
  judged.set(one.item.case_id, one);
  const released = at("released").checked;
  outbox.put(one.item.case_id, { version: one.item.version, released, blind: one.item.blind, ...said });
  at("waiting").textContent = Math.max(0, Number(at("waiting").textContent) - 1);
}

function decide(said) {
  if (!ready || !current) return;
  ready = false;
  tell("");
  const condition = said.ruling === "reject" ? "" : at("condition").value;
  judge(current, condition ? { ...said, condition } : said);
  next();
}

function correct(what) {
  decide({ ruling: "correct", finding: current?.item.finding, ...what });
}

function undo() {
  const back = judged.get(outbox.undo());
  if (!back) return tell(words.too_late);
  settled.delete(back.item.case_id);
  if (current) queue.unshift(current);
  at("waiting").textContent = Number(at("waiting").textContent) + 1;
  tell(words.undone);
  show(back.plain ? back : prepare(back.item));
}

const ON_KEY = {
  y: () => decide({ ruling: "confirm" }),
  s: () => current && (settled.add(current.item.case_id), next()),
  u: undo,
  b: () => ready && drawn.start(at("pictures").lastElementChild),
  k: () => at("class").focus(),
  c: () => at("condition").focus(),
  z: () => {
    explained = !explained;
    document.querySelector("[data-key=z]").setAttribute("aria-pressed", explained);
    if (current) lay();
    queue.forEach(loaded);
  },
};
for (const button of document.querySelectorAll("[data-why]")) {
  ON_KEY[button.dataset.key] = () => decide({ ruling: "reject", why: button.dataset.why });
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input:not([type=range]):not([type=checkbox]), select, textarea");
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || writing || !wall.hidden) return;
  const act = ON_KEY[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
for (const button of document.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => {
    ON_KEY[button.dataset.key]();
    button.blur();
  });
}
at("class").addEventListener("change", (event) => {
  const right = event.target.value;
  event.target.blur();
  if (right) correct({ right_class: right });
});
at("condition").addEventListener("change", (event) => event.target.blur());
at("slider").addEventListener("input", slide);

function look(asWall) {
  at("one-by-one").setAttribute("aria-pressed", !asWall);
  at("as-wall").setAttribute("aria-pressed", asWall);
  wall.show(asWall, [...settled]);
  if (!asWall) queue = queue.filter((one) => !settled.has(one.item.case_id));
  if (!asWall && current && settled.has(current.item.case_id)) next();
  at("bench").hidden = asWall || !current;
  if (!asWall) at("nothing").hidden = Boolean(current);
  fill();
}
at("one-by-one").addEventListener("click", () => look(false));
at("as-wall").addEventListener("click", () => look(true));

fill().then(() => show(current));
setInterval(() => !document.hidden && fill({ "X-By-Itself": "1" }), 10_000);
