// Verdicts on their way to the server. Each is held for a few seconds, so that it can be taken back; what cannot be sent
// stays here, across reloads, until it can. Each has a key of its own, so that a repetition does nothing.
const HOLD = 4_000;
const AGAIN = 5_000;

export class Outbox {
  #entries;
  #place;
  #token;
  #changed;
  #told;
  #sending = null;
  #timer = 0;

  // place: a name of its own for each person; changed(count); told(outcome, entry, detail) with an outcome of
  // "stale", "refused", "offline" or "signed_out".
  constructor({ place, token, changed, told }) {
    this.#place = `outbox ${place}`;
    this.#token = token;
    this.#changed = changed;
    this.#told = told;
    this.#entries = JSON.parse(localStorage.getItem(this.#place) ?? "[]").map((entry) => ({ key: crypto.randomUUID(), ...entry, due: 0 }));
    addEventListener("online", () => this.#wake(0));
    addEventListener("pagehide", () => this.#leave());
    this.#keep();
    this.#wake(0);
  }

  get caseIds() {
    return this.#entries.map((entry) => entry.caseId);
  }

  put(caseId, body) {
    this.#entries.push({ caseId, body, key: crypto.randomUUID(), due: Date.now() + HOLD });
    this.#keep();
    this.#wake(HOLD);
  }

  // Takes the latest verdict back that is not on its way yet; gives its case, or null.
  undo() {
    const last = this.#entries.at(-1);
    if (!last || last === this.#sending || last.perhapsSent) return null;
    this.#entries.pop();
    this.#keep();
    return last.caseId;
  }

  #keep() {
    localStorage.setItem(this.#place, JSON.stringify(this.#entries));
    this.#changed(this.#entries.length);
  }

  #wake(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sendNext(), wait);
  }

  async #sendNext() {
    const entry = this.#entries[0];
    if (!entry || this.#sending) return;
    if (entry.due > Date.now()) return this.#wake(entry.due - Date.now());
    this.#sending = entry;
    let settled = false;
    try {
      settled = await this.#send(entry);
    } catch {
      entry.perhapsSent = true;
      this.#told("offline", entry, "");
    } finally {
      this.#sending = null;
    }
    if (settled) this.#entries.shift();
    this.#keep();
    this.#wake(settled ? 0 : AGAIN);
  }

  async #send(entry) {
    const answer = await this.#post(entry);
    if (answer.ok) return true;
    if (answer.status === 401) {
      this.#told("signed_out", entry, "");
      return false;
    }
    if (answer.status === 429 || answer.status >= 500) {
      this.#told("offline", entry, "");
      return false;
    }
    const { detail = "", current } = await answer.json();
    if (current && entry.body.blind) {
      // A second look decides nothing, so it does not matter that the case has moved on meanwhile.
      entry.body.version = current.version;
      entry.key = crypto.randomUUID();
      return false;
    }
    this.#told(answer.status === 409 ? "stale" : "refused", entry, detail);
    return true;
  }

  #post(entry, more = {}) {
    return fetch(`/v1/cases/${entry.caseId}/verdict`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Form-Token": this.#token, "Idempotency-Key": entry.key },
      body: JSON.stringify(entry.body),
      ...more,
    });
  }

  // The page goes away: send what is held without waiting for answers, and remember that it may have arrived.
  #leave() {
    for (const entry of this.#entries) {
      if (entry === this.#sending) continue;
      this.#post(entry, { keepalive: true }).catch(() => {});
      entry.perhapsSent = true;
    }
    this.#keep();
  }
}
