// A picture with places marked on it. `Plate` shows marks, `Sheet` lets one be drawn. A mark is a box in shares of the
// picture, [x, y, width, height]; the numbers on the marks are those of the reasons beside the picture.

class Plate extends Stage {
  /** marks: [{box, words, frames: [first, last] | null}] */
  showMarks(marks) {
    this.marks = marks;
    this.notes = marks.map((one, i) =>
      el("div", { class: "lt-mark", "aria-hidden": "true" }, el("span", { class: "lt-badge" }, String(i + 1))));
    this.layer.replaceChildren(...this.notes, ...(this.own ? [this.own] : []));
    this.place();
  }

  build() {
    super.build();
    this.layer = el("div", { class: "lt-over" });
    this.canvases[0].after(this.layer);
  }

  viewControls() {
    this.whole = button("Whole picture", () => this.lookAt({ x: 0, y: 0, size: 1 }));
    this.whole.disabled = true;
    this.row = el("div", { class: "lt-row", style: "margin-top: 8px" }, this.whole);
    return this.row;
  }

  /** Look at a mark from near. */
  near(box) {
    const [x, y, width, height] = box;
    const size = clamp(Math.max(width, height) * 1.4, 0.14, 1);
    this.lookAt({ x: x + width / 2 - size / 2, y: y + height / 2 - size / 2, size });
  }

  draw() {
    super.draw();
    this.place();
  }

  put(node, [x, y, width, height]) {
    const view = this.view;
    const percent = (value) => `${((100 * value) / view.size).toFixed(3)}%`;
    Object.assign(node.style, {
      left: percent(x - view.x), top: percent(y - view.y), width: percent(width), height: percent(height),
    });
  }

  place() {
    this.marks?.forEach(({ box, frames }, i) => {
      this.put(this.notes[i], box);
      // The number stands above its box, so that it hides nothing; at the upper edge it moves in.
      this.notes[i].classList.toggle("lt-inside", box[1] - this.view.y < 0.07 * this.view.size);
      this.notes[i].hidden = this.moving && frames && !(this.frame >= frames[0] && this.frame <= frames[1]);
    });
    if (!this.own || !this.box) return;
    this.put(this.own, this.box);
    const [, y, , height] = this.box;
    this.own.classList.toggle("lt-inside", y + height - this.view.y > 0.93 * this.view.size);
  }
}

const SMALLEST = 0.02;

/** A picture on which one box is drawn, by pointer or by keys. */
class Sheet extends Plate {
  build() {
    super.build();
    this.box = null;
    this.open = true; // whether the box can still be changed
    this.own = el("button", { type: "button", class: "lt-box", hidden: true, "aria-label": "Your box: arrows move it, Shift with arrows changes its size, Delete takes it away" },
      el("span", { class: "lt-corner", "aria-hidden": "true" }), el("span", { class: "lt-badge", "aria-hidden": "true" }, "you"));
    this.layer.append(this.own);
    this.own.addEventListener("pointerdown", (event) => this.grab(event, event.target === this.own ? "move" : "size"));
  }

  viewControls() {
    super.viewControls();
    this.adder = button("Place a box", () => {
      if (!this.box) {
        const { x, y, size } = this.view;
        this.setBox([x + size * 0.4, y + size * 0.4, size * 0.2, size * 0.2]);
      }
      this.own.focus();
      this.tell();
    });
    this.hand = button("Move the picture", () => {
      this.hand.setAttribute("aria-pressed", String(this.hand.getAttribute("aria-pressed") !== "true"));
    }, { pressed: false });
    this.hand.disabled = true;
    this.row.replaceChildren(
      this.adder, button("Zoom in", () => this.zoom(0.5)), button("Zoom out", () => this.zoom(2)), this.whole, this.hand,
    );
    return this.row;
  }

  lookAt(view) {
    super.lookAt(view);
    this.hand.disabled = this.view.size === 1;
    if (this.hand.disabled) this.hand.setAttribute("aria-pressed", "false");
  }

  zoom(factor) {
    const { x, y, size } = this.view;
    const [bx, by, width, height] = this.box ?? [x, y, size, size];
    const next = clamp(size * factor, 0.0625, 1);
    this.lookAt({ x: bx + width / 2 - next / 2, y: by + height / 2 - next / 2, size: next });
    this.say.textContent = zoomed(this.view.size);
  }

  /* the pointer */

  at(event) {
    const frame = this.canvases[0].getBoundingClientRect();
    const { x, y, size } = this.view;
    return [
      clamp(x + ((event.clientX - frame.left) / frame.width) * size, 0, 1),
      clamp(y + ((event.clientY - frame.top) / frame.height) * size, 0, 1),
    ];
  }

  listen(canvas) {
    canvas.addEventListener("pointerdown", (event) => {
      const panning = this.hand.getAttribute("aria-pressed") === "true";
      this.grab(event, panning ? "pan" : "draw");
    });
  }

  grab(event, what) {
    if (event.button || (what !== "pan" && !this.open)) return;
    event.preventDefault();
    event.stopPropagation();
    const [x0, y0] = this.at(event);
    const box = this.box;
    const view = { ...this.view };
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    const move = (one) => {
      const [x, y] = this.at(one);
      if (what === "pan") {
        const frame = this.canvases[0].getBoundingClientRect();
        this.lookAt({
          ...view,
          x: view.x - ((one.clientX - event.clientX) / frame.width) * view.size,
          y: view.y - ((one.clientY - event.clientY) / frame.height) * view.size,
        });
      } else if (what === "draw") this.setBox([Math.min(x, x0), Math.min(y, y0), Math.abs(x - x0), Math.abs(y - y0)], false);
      else if (what === "move") this.setBox([box[0] + x - x0, box[1] + y - y0, box[2], box[3]]);
      else this.setBox([box[0], box[1], box[2] + x - x0, box[3] + y - y0]);
    };
    const end = (one) => {
      target.removeEventListener("pointermove", move);
      target.removeEventListener("pointerup", end);
      target.removeEventListener("pointercancel", end);
      if (what === "pan") return;
      if (one.type === "pointercancel") this.setBox(box);
      // A click is no box: what was there stays.
      else if (what === "draw" && (!this.box || Math.min(this.box[2], this.box[3]) < SMALLEST)) this.setBox(box);
      else if (this.box) this.setBox(this.box);
      if (this.box) this.tell();
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", end);
    target.addEventListener("pointercancel", end);
  }

  /* the keys */

  key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.target !== this.own || !this.open || event.altKey || event.ctrlKey || event.metaKey) return super.key(event);
    if (way) {
      const step = 0.02 * this.view.size;
      const [x, y, width, height] = this.box;
      const [dx, dy] = [way[0] * step, way[1] * step];
      this.setBox(event.shiftKey ? [x, y, width + dx, height + dy] : [x + dx, y + dy, width, height]);
      clearTimeout(this.telling);
      this.telling = setTimeout(() => this.tell(), 300);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.setBox(null);
      this.adder.focus();
      this.say.textContent = "The box is gone.";
    } else return super.key(event);
    event.preventDefault();
    event.stopPropagation();
  }

  /* the box */

  setBox(box, whole = true) {
    if (box && whole) {
      const [width, height] = [clamp(box[2], SMALLEST, 1), clamp(box[3], SMALLEST, 1)];
      box = [clamp(box[0], 0, 1 - SMALLEST), clamp(box[1], 0, 1 - SMALLEST), width, height];
      if (this.box && box[2] === this.box[2] && box[3] === this.box[3]) {
        box[0] = Math.min(box[0], 1 - width);
        box[1] = Math.min(box[1], 1 - height);
      }
      box[2] = Math.min(width, 1 - box[0]);
      box[3] = Math.min(height, 1 - box[1]);
    }
    this.box = box;
    this.own.hidden = !box;
    this.adder.textContent = box ? "Go to the box" : "Place a box";
    this.place();
    this.changed?.();
  }

  tell() {
    if (!this.box) return;
    const [x, y, width, height] = this.box.map((value) => Math.round(100 * value));
    this.say.textContent = `Box from ${x} to ${x + width} % across and from ${y} to ${y + height} % down.`;
  }

  /** No more changes: the box stays as it is shown. */
  closeBox(box) {
    this.open = false;
    this.setBox(box);
    this.own.disabled = true;
    this.own.setAttribute("aria-label", "Your box");
    this.adder.hidden = true;
  }
}

/** What there is to know of a picture: origin, reasons by number, more sentences, credit. */
function toldParts(told, plate) {
  const parts = [el("p", { class: `lt-origin ${told.role}` }, told.title)];
  for (const line of told.words) parts.push(el("p", {}, line));
  if (told.marks.length) {
    parts.push(el("ol", { class: "lt-reasons" }, ...told.marks.map(({ box, words, frames }, i) => {
      const look = button("Look closer", () => {
        if (frames && plate.moving) {
          plate.pause();
          plate.show(frames[0]);
        }
        plate.near(box);
      });
      look.setAttribute("aria-label", `Look closer at mark ${i + 1}`);
      return el("li", {},
        el("span", { class: "lt-badge", "aria-hidden": "true" }, String(i + 1)),
        el("div", {}, el("span", { class: "lt-spoken" }, `Mark ${i + 1}. `), words, el("div", {}, look)));
    })));
  }
  for (const line of told.after) parts.push(el("p", {}, line));
  if (told.credit) parts.push(el("p", { class: "lt-quiet lt-credit" }, told.credit));
  return parts;
}
