// What every view of the course is built from: elements, controls, and the stage that shows pictures.
// Loaded in front of each view's own module (there is no build step).

const SVG = "http://www.w3.org/2000/svg";

// JupyterLab's own shortcuts match the element in focus (`:focus`) before they look at what is around it, so each thing
// that can have the focus says by itself that its keys are its own; on an ancestor alone the mark comes too late.
const TAKES_KEYS = new Set(["a", "button", "canvas", "input", "select", "summary"]);

/** An element with attributes and children; text goes in as text, never as markup. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  if (TAKES_KEYS.has(name)) node.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A drawing whose text keeps a size at which it can be read: in a place narrower than that it rolls sideways. */
function rolling(drawing, least) {
  drawing.style.minWidth = `${least}px`;
  const box = el("div", { class: "lt-roll", "data-lm-suppress-shortcuts": "true" }, drawing);
  // Only what can roll needs the focus, so that arrow keys can do it.
  new ResizeObserver(() => {
    const rolls = box.scrollWidth > box.clientWidth + 1;
    for (const [key, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "Drawing"]]) {
      if (rolls) box.setAttribute(key, value);
      else box.removeAttribute(key);
    }
  }).observe(box);
  return box;
}

const ICONS = {
  play: "M6 4l14 8-14 8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  back: "M18 5v14l-10-7zM5 5h2.5v14H5z",
  forward: "M6 5v14l10-7zM16.5 5H19v14h-2.5z",
};

function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}

// A button that shows a picture says in words what it does, to the ear and under the pointer.
function setIcon(node, picture, label) {
  node.replaceChildren(icon(picture));
  node.setAttribute("aria-label", label);
  node.title = label;
}

function button(label, onclick, { picture = null, main = false, pressed = null } = {}) {
  const node = el("button", { type: "button", onclick, class: picture ? "lt-icon" : main ? "lt-main" : null });
  if (picture) {
    setIcon(node, picture, label);
  } else {
    node.textContent = label;
  }
  if (pressed !== null) node.setAttribute("aria-pressed", String(pressed));
  return node;
}


const newId = () => `lt-${Math.random().toString(36).slice(2, 10)}`;

function labelled(text, control) {
  control.id = control.id || newId();
  return el("span", { class: "lt-row" }, el("label", { for: control.id }, text), control);
}

/** The ground of a view. */
function ground(host, label) {
  const root = el("div", { class: "lt", role: "group", "aria-label": label, "data-lm-suppress-shortcuts": "true" });
  host.replaceChildren(root);
  return root;
}

// The kernel asks for a picture by its alt text and pixels alone; names, origins and files never come here.
const asBytes = (data) =>
  data instanceof DataView ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data ?? 0);

/** One frame after the other as a bitmap, decoded once. `sizes` are the lengths of the JPEGs that follow each other in `data`. */
async function decode(data, sizes) {
  const bytes = asBytes(data);
  const blobs = [];
  let at = 0;
  for (const size of sizes) {
    blobs.push(new Blob([bytes.subarray(at, at + size)], { type: "image/jpeg" }));
    at += size;
  }
  return Promise.all(blobs.map((blob) => createImageBitmap(blob)));
}

const PIECE = 2_000_000; // bytes; the connection carries at most 10 million at once

/**
 * A button that opens a file of the learner's own and sends it piece by piece. Put `button` and `picker` into the page.
 * `ask` is what asks the kernel; `largest` is in bytes; `more` goes along with each piece, such as the file's name;
 * `complain` shows a sentence; `opened` gets the last answer, once the kernel has the whole.
 */
function opener({ ask, text, chooser, accept, largest, complain, opened = () => {}, more = () => ({}) }) {
  const picker = el("input", { type: "file", accept, class: "lt-spoken", tabindex: "-1", "aria-label": chooser });
  const open = button(text, () => picker.click());

  async function send(file) {
    if (file.size > largest) {
      complain(`That file is ${Math.ceil(file.size / 1e6)} MB large. Choose one of at most ${largest / 1e6} MB.`);
      return;
    }
    complain("");
    const held = document.activeElement === open || document.activeElement === document.body;
    open.disabled = true;
    try {
      for (let start = 0; start === 0 || start < file.size; start += PIECE) {
        open.textContent = file.size > PIECE ? `Opening: ${Math.round((100 * start) / file.size)} of 100` : "Opening …";
        const piece = await file.slice(start, start + PIECE).arrayBuffer();
        const answer = await ask({ type: "piece", start, size: file.size, ...more(file) }, { buffers: [piece] });
        if (!answer || answer.trouble) return; // what is to be said of that is said already
        if (answer.type === "opened") return opened(answer);
      }
    } catch {
      complain("That file cannot be read. Copy it to another folder and try again.");
    } finally {
      open.disabled = false;
      open.textContent = text;
      if (held) open.focus();
    }
  }

  picker.addEventListener("change", () => {
    const [file] = picker.files;
    if (file) send(file).finally(() => (picker.value = ""));
  });
  return { button: open, picker };
}

/** How near one looks, in words. */
const zoomed = (size) => {
  const times = Math.round(1 / size);
  return times === 1 ? "The whole picture" : `Zoom ${times} times`;
};
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const SPEEDS = [0.1, 0.25, 0.5, 1, 2];

/**
 * The stage: one picture or clip, or two that share one playhead, with play, scrub, step, speed, loop and zoom.
 * Everything after the first decoding happens in the browser: no message goes to the kernel for a frame.
 *
 * tracks: [{alt, label, role, sizes, width, height, fps}], data: one buffer of JPEG frames a track.
 */
class Stage {
  constructor(root, tracks, data, { layout = "side", curves = null, start = 0, pick = null, over = null } = {}) {
    this.root = root;
    this.pick = pick; // told of a click that is no drag: x and y in shares of the picture
    this.over = over; // draws on top of a frame: (context, canvas, stage)
    this.tracks = tracks;
    this.layout = tracks.length > 1 ? layout : "single";
    this.curves = curves;
    this.fps = Math.max(...tracks.map((track) => track.fps || 0));
    this.moving = this.fps > 0 && tracks.some((track) => track.sizes.length > 1);
    this.length = this.moving
      ? Math.max(...tracks.map((t) => Math.round((t.sizes.length / (t.fps || this.fps)) * this.fps)))
      : 1;
    this.frame = clamp(start, 0, this.length - 1);
    this.speed = 1;
    this.loop = true;
    this.playing = false;
    this.view = { x: 0, y: 0, size: 1 }; // the part that is shown, in shares of the picture
    this.wipe = 0.5;
    this.drawn = 0; // frames painted so far; the browser test reads it
    this.build();
    this.ready = Promise.all(tracks.map((track, i) => decode(data[i], track.sizes))).then((bitmaps) => {
      if (this.gone) return bitmaps.flat().forEach((bitmap) => bitmap.close());
      this.bitmaps = bitmaps;
      this.root.dataset.ready = "true";
      this.draw();
    });
    this.ready.catch(() => {
      this.say.textContent = "This picture could not be shown. Run the box again with Shift+Enter.";
      this.say.className = "lt-note lt-trouble";
    });
  }

  build() {
    const stage = el("div", { class: "lt-stage" });
    this.canvases = (this.layout === "wipe" ? [this.tracks[0]] : this.tracks).map((track) => {
      const width = 640;
      const canvas = el("canvas", {
        width,
        height: Math.round((width * track.height) / track.width),
        role: "img",
        tabindex: "0",
        "aria-label": this.layout === "wipe" ? this.tracks.map((t) => `${t.label}: ${t.alt}`).join(" ") : track.alt,
      });
      const region = el("div", { class: "lt-region", hidden: true });
      const figure = el("figure", { class: "lt-picture" }, canvas, region);
      const caption = this.layout === "wipe" ? `${this.tracks[0].label} | ${this.tracks[1].label}` : track.label;
      if (caption) figure.append(el("figcaption", { class: this.layout === "wipe" ? null : track.role }, caption));
      this.listen(canvas, region);
      stage.append(figure);
      return canvas;
    });
    this.say = el("p", { class: "lt-spoken", "aria-live": "polite" });
    const parts = [stage];
    if (this.layout === "wipe") parts.push(this.wipeControl());
    if (this.moving) parts.push(this.timeControls());
    if (this.curves) parts.push(rolling(this.curveView(), 560));
    parts.push(this.viewControls(), this.say);
    const alts = this.tracks.map((t) => el("p", {}, t.label ? `${t.label}: ${t.alt}` : t.alt));
    parts.push(el("details", { class: "lt-text" }, el("summary", {}, "What the picture shows, in words"), ...alts));
    this.stageBox = el("div", {}, ...parts);
    this.root.append(this.stageBox);
    this.stageBox.addEventListener("keydown", (event) => this.key(event));
  }

  wipeControl() {
    const range = el("input", { type: "range", min: 0, max: 100, step: 1, value: this.wipe * 100 });
    range.addEventListener("input", () => {
      this.wipe = range.value / 100;
      this.draw();
    });
    const row = labelled("Wipe", range);
    row.style.flexWrap = "nowrap";
    return row;
  }

  timeControls() {
    this.range = el("input", { type: "range", min: 0, max: this.length - 1, step: 1, value: this.frame, "aria-label": "Frame" });
    this.range.addEventListener("input", () => {
      this.pause();
      this.show(Number(this.range.value));
    });
    this.clock = el("output");
    this.playButton = button("Play", () => this.toggle(), { picture: "play" });
    const speed = el("select", {}, ...SPEEDS.map((s) => el("option", { value: s, selected: s === 1 }, `${s} ×`)));
    speed.addEventListener("change", () => this.setSpeed(Number(speed.value)));
    this.speedBox = speed;
    const loop = button("Loop", () => {
      this.loop = !this.loop;
      loop.setAttribute("aria-pressed", String(this.loop));
    }, { pressed: true });
    this.loopButton = loop;
    return el(
      "div", {},
      el("div", { class: "lt-time" }, this.range, this.clock),
      el(
        "div", { class: "lt-row" },
        button("One frame back", () => this.step(-1), { picture: "back" }),
        this.playButton,
        button("One frame forward", () => this.step(1), { picture: "forward" }),
        labelled("Speed", speed),
        loop,
      ),
    );
  }

  viewControls() {
    this.whole = button("Whole picture", () => this.lookAt({ x: 0, y: 0, size: 1 }));
    this.whole.disabled = true;
    return el(
      "div", { class: "lt-row", style: "margin-top: 8px" },
      button("Zoom in", () => this.zoom(0.5)),
      button("Zoom out", () => this.zoom(2)),
      this.whole,
      el("span", { class: "lt-quiet" }, "or drag a region on the picture"),
    );
  }

  /* time */

  show(frame) {
    this.frame = clamp(frame, 0, this.length - 1);
    this.draw();
  }

  step(by) {
    this.pause();
    this.stepped?.();
    this.show(this.loop ? (this.frame + by + this.length) % this.length : this.frame + by);
    this.say.textContent = `Frame ${this.frame + 1} of ${this.length}`;
  }

  toggle() {
    if (this.playing) return this.pause();
    if (!this.moving || !this.bitmaps) return;
    if (!this.loop && this.frame === this.length - 1) this.frame = 0;
    this.playing = true;
    this.turn = (this.turn ?? 0) + 1;
    const turn = this.turn; // a pause and a new start before the next repaint must not leave two loops
    setIcon(this.playButton, "pause", "Pause");
    let from = performance.now();
    let first = this.frame;
    const tick = (now) => {
      if (!this.playing || turn !== this.turn) return;
      const passed = Math.floor(((now - from) / 1000) * this.fps * this.speed);
      let next = first + Math.max(0, passed);
      if (next >= this.length && !this.loop) {
        this.show(this.length - 1);
        return this.pause();
      }
      next %= this.length;
      if (next !== this.frame) this.show(next);
      requestAnimationFrame(tick);
    };
    this.restart = () => {
      from = performance.now();
      first = this.frame;
    };
    requestAnimationFrame(tick);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    setIcon(this.playButton, "play", "Play");
  }

  setSpeed(speed) {
    this.speed = speed;
    this.speedBox.value = String(speed);
    this.restart?.();
  }

  /* space */

  lookAt({ x, y, size }) {
    const s = clamp(size, 0.0625, 1);
    this.view = { size: s, x: clamp(x, 0, 1 - s), y: clamp(y, 0, 1 - s) };
    this.whole.disabled = s === 1;
    this.draw();
  }

  zoom(factor) {
    const { x, y, size } = this.view;
    const next = clamp(size * factor, 0.0625, 1);
    this.lookAt({ x: x + (size - next) / 2, y: y + (size - next) / 2, size: next });
    this.say.textContent = zoomed(this.view.size);
  }

  pan(dx, dy) {
    const { x, y, size } = this.view;
    this.lookAt({ x: x + dx * size, y: y + dy * size, size });
  }

  listen(canvas, region) {
    let from = null;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [clamp((event.clientX - box.left) / box.width, 0, 1), clamp((event.clientY - box.top) / box.height, 0, 1)];
    };
    canvas.addEventListener("pointerdown", (event) => {
      from = at(event);
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [x, y] = at(event);
      region.hidden = false;
      Object.assign(region.style, {
        left: `${Math.min(x, from[0]) * canvas.clientWidth}px`,
        top: `${Math.min(y, from[1]) * canvas.clientHeight}px`,
        width: `${Math.abs(x - from[0]) * canvas.clientWidth}px`,
        height: `${Math.abs(y - from[1]) * canvas.clientHeight}px`,
      });
    });
    canvas.addEventListener("pointerup", (event) => {
      region.hidden = true;
      if (!from) return;
      const [x, y] = at(event);
      const side = Math.max(Math.abs(x - from[0]), Math.abs(y - from[1]));
      if (side > 0.03) {
        const view = this.view;
        const middle = [(x + from[0]) / 2, (y + from[1]) / 2];
        const size = side * view.size;
        this.lookAt({ x: view.x + middle[0] * view.size - size / 2, y: view.y + middle[1] * view.size - size / 2, size });
      } else this.pick?.(this.view.x + x * this.view.size, this.view.y + y * this.view.size);
      from = null;
    });
    canvas.addEventListener("pointercancel", () => {
      region.hidden = true;
      from = null;
    });
  }

  key(event) {
    const typing = /^(SELECT|TEXTAREA)$/.test(event.target.tagName) || /^(range|text|radio|file)$/.test(event.target.type ?? "");
    const pressing = event.target.tagName === "BUTTON" || event.target.tagName === "SUMMARY";
    if (event.altKey || event.ctrlKey || event.metaKey || typing) return;
    if (event.key === " " && pressing) return;
    const pan = { ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], ArrowUp: [0, -0.2], ArrowDown: [0, 0.2] }[event.key];
    if (event.shiftKey && pan) this.pan(...pan);
    else if (event.key === "+" || event.key === "=") this.zoom(0.5);
    else if (event.key === "-") this.zoom(2);
    else if (event.key === "0") this.lookAt({ x: 0, y: 0, size: 1 });
    else if (!this.moving) return;
    else if (event.key === " ") this.toggle();
    else if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "Home") this.pause(), this.show(0);
    else if (event.key === "End") this.pause(), this.show(this.length - 1);
    else if (event.key === "l") this.loopButton.click();
    else if (event.key === "[" || event.key === "]") {
      const next = SPEEDS.indexOf(this.speed) + (event.key === "]" ? 1 : -1);
      this.setSpeed(SPEEDS[clamp(next, 0, SPEEDS.length - 1)]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /* drawing */

  bitmapOf(i) {
    const track = this.tracks[i];
    if (!this.moving) return this.bitmaps[i][0];
    const index = Math.floor((this.frame / this.fps) * (track.fps || this.fps) + 1e-6);
    return this.bitmaps[i][clamp(index, 0, this.bitmaps[i].length - 1)];
  }

  paint(context, bitmap, canvas) {
    const { x, y, size } = this.view;
    context.imageSmoothingQuality = "high";
    context.drawImage(
      bitmap, x * bitmap.width, y * bitmap.height, size * bitmap.width, size * bitmap.height, 0, 0, canvas.width, canvas.height,
    );
  }

  draw() {
    if (!this.bitmaps) return;
    this.canvases.forEach((canvas, i) => {
      const context = canvas.getContext("2d");
      this.paint(context, this.bitmapOf(i), canvas);
      this.over?.(context, canvas, this);
      if (this.layout !== "wipe") return;
      const edge = Math.round(this.wipe * canvas.width);
      context.save();
      context.beginPath();
      context.rect(edge, 0, canvas.width - edge, canvas.height);
      context.clip();
      this.paint(context, this.bitmapOf(1), canvas);
      context.restore();
      context.fillStyle = "#ffffff";
      context.fillRect(edge - 1, 0, 3, canvas.height);
    });
    this.drawn += 1;
    if (!this.moving) return;
    this.range.value = this.frame;
    const seconds = (this.frame / this.fps).toFixed(2);
    this.clock.textContent = `Frame ${this.frame + 1} of ${this.length} · ${seconds} s`;
    this.range.setAttribute("aria-valuetext", `Frame ${this.frame + 1} of ${this.length}`);
    this.head?.setAttribute("transform", `translate(${this.curveX(this.frame)} 0)`);
  }

  /* curves: {title, unit, summary, band: {low, high, label} | null, lines: [{label, role, values, at}]}
     Each line has a strip of its own, one under the other, on one scale and with one playhead. */

  curveView() {
    const { title, unit, summary, band, lines } = this.curves;
    const [width, strip, gap, left, right, top, bottom] = [760, 96, 20, 52, 104, 34, 34];
    const height = top + lines.length * (strip + gap) - gap + bottom;
    const values = lines.flatMap((line) => line.values).concat(band ? [band.high] : []);
    const high = (Math.max(...values) || 1) * 1.08;
    const low = Math.min(0, ...values) * 1.08;
    this.curveX = (frame) => left + (frame / Math.max(1, this.length - 1)) * (width - left - right);
    const text = (x, yy, content, more = {}) => {
      const node = svg("text", { x, y: yy, ...more });
      node.textContent = content;
      return node;
    };
    const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "lt-curve", role: "img", "aria-label": `${title}. ${summary}` });
    chart.append(text(0, 16, title, { "font-weight": 600 }));
    lines.forEach(({ label, role, values: line, at }, i) => {
      const floor = top + i * (strip + gap) + strip;
      const y = (value) => floor - ((value - low) / (high - low)) * strip;
      if (band) {
        chart.append(svg("rect", {
          class: "lt-band", x: left, width: width - left - right, y: y(band.high), height: Math.max(1, y(band.low) - y(band.high)),
        }));
      }
      chart.append(svg("path", { class: "lt-axis", d: `M${left} ${floor - strip}V${floor}M${left} ${y(0)}H${width - right}` }));
      for (const tick of low < 0 ? [low, 0, high] : [0, high]) {
        chart.append(text(left - 6, y(tick) + (tick === high ? 11 : 4), Math.abs(tick) >= 10 || tick === 0 ? tick.toFixed(0) : tick.toPrecision(2), { "text-anchor": "end" }));
      }
      const first = this.length - line.length; // a difference belongs to the later of its two frames
      const points = line.map((value, k) => [this.curveX(at ? at[k] : k + first), y(value)]);
      chart.append(svg("path", { class: `lt-line ${role}`, d: `M${points.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L")}` }));
      const [x, yy] = points[points.length - 1];
      chart.append(
        role === "generated"
          ? svg("rect", { class: role, x: x - 4, y: yy - 4, width: 8, height: 8 })
          : svg("circle", { class: role, cx: x, cy: yy, r: 4.5 }),
        text(Math.max(x, width - right) + 9, clamp(yy + 4, floor - strip + 12, floor), label),
      );
    });
    chart.append(text(left, height - 8, `${unit}, frame by frame${band ? `; grey band: ${band.label}` : ""}`));
    this.head = svg("g", {}, svg("path", { class: "lt-head", d: `M0 ${top}V${height - bottom}` }));
    chart.append(this.head);
    chart.addEventListener("pointerdown", (event) => {
      const box = chart.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * width;
      this.pause();
      this.show(Math.round(((x - left) / (width - left - right)) * (this.length - 1)));
    });
    return chart;
  }

  close() {
    this.gone = true;
    this.playing = false;
    this.bitmaps?.flat().forEach((bitmap) => bitmap.close());
    this.bitmaps = null;
    this.stageBox.remove();
  }
}
