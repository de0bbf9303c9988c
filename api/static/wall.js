// Many candidates at once: pick those that are alike, and judge all of them with one button. What is not to be seen yet
// cannot be picked.
const ON_THE_WALL = 60;

export class Wall {
  #root;
  #words;
  #judge;
  #tiles;
  #nothing;
  #tell;

  // nothing: what is shown where no tile is left; tell(text): says what went wrong.
  constructor({ root, nothing, words, judge, tell }) {
    this.#root = root;
    this.#nothing = nothing;
    this.#tell = tell;
    this.#words = words;
    this.#judge = judge;
    this.#tiles = root.querySelector("ol");
    for (const button of root.querySelectorAll("[data-bulk]")) {
      button.addEventListener("click", () => this.#settle(button.dataset.bulk));
    }
  }

  get hidden() {
    return this.#root.hidden;
  }

  async show(shown, known) {
    this.#root.hidden = !shown;
    this.#tiles.replaceChildren();
    if (!shown) return;
    this.#nothing.hidden = true;
    this.#count();
    const asked = new URLSearchParams([["limit", ON_THE_WALL], ...known.slice(-150).map((id) => ["known", id])]);
    const answer = await fetch(`/v1/review?${asked}`).catch(() => ({ ok: false }));
    if (answer.status === 401) return location.reload();
    if (!answer.ok) return this.#tell(this.#words.offline);
    const { items } = await answer.json();
    if (this.hidden) return;
    this.#tiles.replaceChildren(...items.map((item) => this.#tile(item)));
    this.#nothing.hidden = items.length > 0;
  }

  #tile(item) {
    const picture = Object.assign(new Image(), { alt: "", loading: "lazy", decoding: "async" });
    const tile = document.createElement("button");
    const label = document.createElement("span");
    tile.type = "button";
    tile.disabled = true;
    tile.item = item;
    tile.setAttribute("aria-pressed", "false");
    picture.addEventListener("load", () => (tile.disabled = false));
    picture.src = item.pictures.crop ?? item.pictures.last ?? item.pictures.first ?? "";
    label.textContent = `${this.#words.kinds[item.kind]} · ${item.number} · ${Math.round(100 * item.confidence)} %`;
    tile.append(picture, label);
    tile.addEventListener("click", () => {
      tile.setAttribute("aria-pressed", tile.getAttribute("aria-pressed") === "false");
      this.#count();
    });
    const row = document.createElement("li");
    row.append(tile);
    return row;
  }

  get #picked() {
    return [...this.#tiles.querySelectorAll("[aria-pressed=true]")];
  }

  #count() {
    const picked = this.#picked.length;
    this.#root.querySelector("#picked").textContent = picked;
    for (const button of this.#root.querySelectorAll("[data-bulk]")) button.disabled = !picked;
  }

  #settle(what) {
    for (const tile of this.#picked) {
      this.#judge(tile.item, what === "confirm" ? { ruling: "confirm" } : { ruling: "reject", why: what });
      tile.parentElement.remove();
    }
    this.#nothing.hidden = this.#tiles.childElementCount > 0;
    this.#count();
  }
}
