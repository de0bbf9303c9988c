// The board: what waits for whom beside the map. One press chooses what is to be done, one sends it.
import { BoardMap } from "/static/board_map.js";
import { listen } from "/static/live.js";

const CALM = 400;
const AT_LEAST = 60_000;
const root = document.getElementById("board");
const words = JSON.parse(root.dataset.words);
const at = (id) => document.getElementById(id);
const queue = at("queue");
const panel = at("panel");
let chosen = null;
let renewing = 0;
let asked = 0;

const map = new BoardMap(at("map"), words, (id) => choose(id));

async function fragment(address, byItself = true) {
  const answer = await fetch(address, { headers: { Accept: "text/html", ...(byItself ? { "X-By-Itself": "1" } : {}) } });
  if (answer.redirected || answer.status === 401) return location.reload();
  return answer.ok ? answer.text() : null;
}

function put(element, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  element.replaceChildren(...fresh.body.childNodes);
}

// The list as it is now. What somebody points at stays pointed at; of two answers under way the later question wins.
async function renewQueue(byItself = true) {
  const mine = ++asked;
  const html = await fragment(`/board/queue?show=${queue.dataset.show}`, byItself).catch(() => null);
  if (html === null || html === undefined || mine !== asked) return;
  const focused = document.activeElement?.closest?.("#queue [data-case], #queue [data-show]");
  const again = focused && { case: focused.dataset.case, open: focused.dataset.open, show: focused.dataset.show };
  put(queue, html);
  mark();
  if (!again) return;
  const same = [...queue.querySelectorAll("a, button")].find((one) => one.dataset.case === again.case && one.dataset.open === again.open && one.dataset.show === again.show);
  same?.focus({ preventScroll: true });
}

function renewSoon() {
  clearTimeout(renewing);
  renewing = setTimeout(renewQueue, CALM);
}

function mark() {
  for (const row of queue.querySelectorAll("a[data-case]")) row.toggleAttribute("data-chosen", row.dataset.case === chosen);
  map.mark(chosen);
}

async function choose(id, open = "") {
  const html = await fragment(`/board/cases/${id}`, false).catch(() => null);
  if (!html) return;
  chosen = id;
  put(panel, html);
  panel.hidden = false;
  mark();
  const form = open ? [...panel.querySelectorAll(`[data-part=${open}] form`)].at(-1) : null;
  form?.closest("details")?.setAttribute("open", "");
  const first = form?.querySelector("select, input:not([type=hidden]), textarea, button");
  (first ?? panel).focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

function shut() {
  chosen = null;
  panel.hidden = true;
  panel.replaceChildren();
  mark();
}

function say(answered, good) {
  const said = at("panel-said");
  if (!said || !answered) return;
  said.textContent = answered;
  said.className = `notice ${good ? "good" : "bad"}`;
  said.hidden = false;
}

// A form of the panel does what it does on the page of the case; only the page is not left.
async function send(form) {
  const buttons = [...form.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html", "X-Form-Token": root.dataset.formToken } }).catch(() => null);
  for (const button of buttons) button.disabled = false;
  if (!answer) return say(words.not_sent, false);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.querySelector(answer.ok ? ".notice.good b" : ".notice.bad, .problem p")?.textContent.trim();
  if (answer.ok || answer.status === 409) await choose(chosen);
  say(told ?? "", answer.ok);
  renewQueue();
}

queue.addEventListener("click", (event) => {
  const shown = event.target.closest("a[data-show]");
  const row = event.target.closest("[data-case]");
  if (event.ctrlKey || event.metaKey || event.shiftKey || !(shown || row)) return;
  event.preventDefault();
  if (row) return choose(row.dataset.case, row.dataset.open);
  queue.dataset.show = shown.dataset.show;
  history.replaceState(null, "", `/board?show=${shown.dataset.show}`);
  renewQueue(false);
});
panel.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target);
});
panel.addEventListener("click", (event) => event.target.closest("#panel-close") && shut());
document.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && shut());

function state(now) {
  at("live-mark").querySelector(".dot").classList.toggle("off", now !== "live");
  at("live-said").textContent = words[now];
}

function lookAgain() {
  map.drawCases();
  renewSoon();
}

async function draw() {
  await map.drawAreas("/v1/areas.geojson");
  await map.drawCases();
  for (const layer of JSON.parse(root.dataset.layers)) map.follow(layer);
}
draw();
listen("/v1/stream", {
  change: (one) => {
    map.put(one);
    if (one.id === chosen) map.mark(chosen);
    renewSoon();
  },
  gone: (id) => {
    map.remove(id);
    renewSoon();
  },
  moved: (vehicle) => map.move("vehicles", vehicle),
  reset: lookAgain,
  state,
});
setInterval(() => !document.hidden && renewQueue(), AT_LEAST);
