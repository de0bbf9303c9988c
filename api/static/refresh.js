// Keeps the overview fresh: asks for the counts every few seconds, and for the page when they have changed or a minute
// has passed. Rests while nobody looks, and while the server does not answer.
const EVERY = 5_000;
const AT_LEAST = 60_000;

const live = document.getElementById("live");
const mark = document.getElementById("live-mark");
let counts = null;
let renewedAt = performance.now();

async function renew() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-By-Itself": "1" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  if (!fresh || live.contains(document.activeElement)) return;
  live.replaceChildren(...fresh.childNodes);
  renewedAt = performance.now();
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live.dataset.summary, { headers: { "X-By-Itself": "1" } });
    mark.hidden = !answer.ok;
    if (!answer.ok) return;
    const now = await answer.text();
    const changed = counts !== null && now !== counts;
    counts = now;
    if (changed || performance.now() - renewedAt > AT_LEAST) await renew();
  } catch {
    mark.hidden = true;
  }
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
look();
