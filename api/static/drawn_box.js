// A box that a reviewer draws on the last picture: with the mouse or a finger, from corner to corner. Escape gives up.
export class DrawnBox {
  #canvas;
  #done;
  #picture = null;
  #from = null;

  // done(box): x1, y1, x2, y2 in pixels of the picture.
  constructor(canvas, done) {
    this.#canvas = canvas;
    this.#done = done;
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    canvas.addEventListener("pointerup", (event) => this.#end(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.stop());
  }

  start(picture) {
    this.#picture = picture;
    const { width, height } = picture.getBoundingClientRect();
    Object.assign(this.#canvas, { width, height, hidden: false });
  }

  stop() {
    this.#canvas.hidden = true;
    this.#from = null;
  }

  #spot(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const inside = (value, most) => Math.min(Math.max(value, 0), most);
    return [inside(event.clientX - left, width), inside(event.clientY - top, height)];
  }

  #begin(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#from = this.#spot(event);
  }

  #drag(event) {
    if (!this.#from) return;
    const [x, y] = this.#spot(event);
    const pen = this.#canvas.getContext("2d");
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    pen.lineWidth = 3;
    pen.strokeStyle = "#ffc857";
    pen.strokeRect(this.#from[0], this.#from[1], x - this.#from[0], y - this.#from[1]);
  }

  #end(event) {
    if (!this.#from) return;
    const [x, y] = this.#spot(event);
    const [fromX, fromY] = this.#from;
    const wide = this.#picture.naturalWidth / this.#canvas.width;
    const high = this.#picture.naturalHeight / this.#canvas.height;
    this.stop();
    if (Math.abs(x - fromX) < 4 || Math.abs(y - fromY) < 4) return;
    this.#done([Math.min(x, fromX) * wide, Math.min(y, fromY) * high, Math.max(x, fromX) * wide, Math.max(y, fromY) * high]);
  }
}
