// Zones on a picture: polygons and lines, drawn with the mouse, a finger or the keyboard. Points are fractions of the
// picture. Every point can be focused: arrows move it (with Shift further), Insert adds one behind it, Delete drops it.
const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.005;
const FAR = 0.05;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
export const LINE = "shop_front";

export const pointsOf = (zone) => (zone.kind === LINE ? zone.line : zone.polygon) ?? [];

export function setPoints(zone, points) {
  delete zone.line;
  delete zone.polygon;
  zone[zone.kind === LINE ? "line" : "polygon"] = points;
}

export class ZoneEditor {
  #svg;
  #zones = [];
  #marks = [];
  #chosen = -1;
  #said;
  #changed;
  #choose;
  #editable;
  #aiming = null;

  // changed(): something was moved; choose(index): a zone was pointed at; pointName(index, x, y): what a point is called.
  constructor(svg, { editable, changed, choose, pointName }) {
    this.#svg = svg;
    this.#editable = editable;
    this.#changed = changed;
    this.#choose = choose;
    this.#said = pointName;
    svg.addEventListener("pointerdown", (event) => this.#press(event));
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  show(zones, chosen, marks) {
    this.#zones = zones;
    this.#chosen = chosen;
    this.#marks = marks;
    this.draw();
  }

  // The next point that is pressed on the picture goes to `aimed(x, y)`.
  aim(aimed) {
    this.#aiming = aimed;
    this.#svg.classList.toggle("aiming", aimed !== null);
  }

  draw() {
    const focused = this.#svg.contains(document.activeElement) ? document.activeElement.dataset.point : undefined;
    this.#svg.replaceChildren();
    this.#zones.forEach((zone, index) => this.#drawZone(zone, index));
    for (const mark of this.#marks) this.#drawMark(mark);
    const zone = this.#zones[this.#chosen];
    if (zone && this.#editable) pointsOf(zone).forEach((point, index) => this.#drawHandle(zone, point, index));
    if (focused !== undefined) this.#svg.querySelector(`[data-point="${focused}"]`)?.focus();
  }

  #drawZone(zone, index) {
    const points = pointsOf(zone);
    const shape = this.#put(zone.kind === LINE ? "polyline" : "polygon", { points: points.map((point) => point.join(",")).join(" ") });
    shape.classList.add("zone-shape", zone.kind.startsWith("permitted") || zone.kind === "collection_point" ? "permits" : "forbids");
    shape.classList.toggle("chosen", index === this.#chosen);
    shape.dataset.zone = index;
  }

  #drawMark({ box, name }) {
    const [x1, y1, x2, y2] = box;
    const mark = this.#put("rect", { x: x1, y: y1, width: Math.max(0, x2 - x1), height: Math.max(0, y2 - y1) });
    mark.classList.add("found");
    mark.append(Object.assign(document.createElementNS(SVG, "title"), { textContent: name }));
  }

  #drawHandle(zone, [x, y], index) {
    const { width, height } = this.#svg.getBoundingClientRect();
    const radius = 9;
    const handle = this.#put("ellipse", { cx: x, cy: y, rx: radius / (width || 1), ry: radius / (height || 1), tabindex: 0, role: "button" });
    handle.classList.add("handle");
    handle.dataset.point = index;
    handle.setAttribute("aria-label", this.#said(index, x, y));
    handle.addEventListener("keydown", (event) => this.#key(event, zone, index));
  }

  #put(name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    this.#svg.append(element);
    return element;
  }

  #spot(event) {
    const { left, top, width, height } = this.#svg.getBoundingClientRect();
    return [inside((event.clientX - left) / width), inside((event.clientY - top) / height)];
  }

  #press(event) {
    if (this.#aiming) {
      const aimed = this.#aiming;
      this.aim(null);
      return aimed(...this.#spot(event));
    }
    const zone = this.#zones[this.#chosen];
    const index = event.target.dataset.point;
    if (index !== undefined && zone) return this.#drag(event, zone, Number(index));
    if (event.target.dataset.zone !== undefined) return this.#choose(Number(event.target.dataset.zone));
  }

  #drag(event, zone, index) {
    event.preventDefault();
    const move = (moved) => {
      pointsOf(zone)[index] = this.#spot(moved);
      this.draw();
    };
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      this.#svg.querySelector(`[data-point="${index}"]`)?.focus();
      this.#changed();
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  #key(event, zone, index) {
    const points = pointsOf(zone);
    const arrow = ARROWS[event.key];
    let focus = index;
    if (arrow) {
      const step = event.shiftKey ? FAR : STEP;
      points[index] = [inside(points[index][0] + step * arrow[0]), inside(points[index][1] + step * arrow[1])];
    } else if (event.key === "Delete" && points.length > (zone.kind === LINE ? 2 : 3)) {
      points.splice(index, 1);
      focus = Math.max(0, index - 1);
    } else if (event.key === "Insert" || event.key === "+") {
      focus = addBehind(zone, index);
    } else return;
    event.preventDefault();
    this.draw();
    this.#svg.querySelector(`[data-point="${focus}"]`)?.focus();
    this.#changed();
  }
}

// A point half-way to the next one; gives its index.
export function addBehind(zone, index) {
  const points = pointsOf(zone);
  const next = points[index + 1] ?? (zone.kind === LINE ? points[index - 1] : points[0]);
  const place = points[index + 1] || zone.kind !== LINE ? index + 1 : index;
  points.splice(place, 0, [(points[index][0] + next[0]) / 2, (points[index][1] + next[1]) / 2]);
  return place;
}

const inside = (value) => Math.min(Math.max(value, 0), 1);
