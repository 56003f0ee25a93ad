// A reel: small pictures that change step by step, some beside each other, under one slider. Once they are here, no
// message goes to the kernel.

const REEL_SECONDS = 3; // for the whole way

/** Pictures of `side` x `side` pixels as bitmaps, one after the other in `data`: three bytes a pixel, nothing lost. */
function unpack(data, side) {
  const bytes = asBytes(data);
  const size = side * side;
  return Promise.all(
    Array.from({ length: bytes.length / (3 * size) }, (_, i) => {
      const image = new ImageData(side, side);
      for (let at = 0; at < size; at += 1) {
        for (let colour = 0; colour < 3; colour += 1) image.data[4 * at + colour] = bytes[3 * (i * size + at) + colour];
        image.data[4 * at + 3] = 255;
      }
      return createImageBitmap(image);
    }),
  );
}

/**
 * captions: of each picture, under it; name: of the slider; plays: whether there is a button to play it; width, height:
 * of each canvas in pixels; sharp: whether single pixels shall be seen.
 */
class Reel {
  constructor({ captions, name, width, height, plays = false, sharp = false, group = captions.length }) {
    this.canvases = captions.map(() => el("canvas", { width, height, role: "img", class: sharp ? "lt-sharp" : null }));
    this.pictures = captions.map((caption, i) =>
      el("figure", { class: "lt-picture" }, this.canvases[i], el("figcaption", {}, caption)),
    );
    this.range = el("input", { type: "range", min: 0, max: 0, step: 1, value: 0, disabled: true });
    this.range.id = newId();
    this.range.addEventListener("input", () => {
      this.pause();
      this.show(Number(this.range.value));
    });
    this.words = el("output", { for: this.range.id, class: "lt-reel-words" });
    this.play = plays ? button("Play", () => this.toggle(), { picture: "play" }) : null;
    if (this.play) this.play.disabled = true;
    const columns = [];
    for (let i = 0; i < captions.length; i += group) columns.push(el("div", { class: "lt-reel-column" }, this.pictures.slice(i, i + group)));
    this.node = el(
      "div", { class: "lt-reel" },
      el("div", { class: "lt-reel-pictures" }, columns),
      el("label", { class: "lt-label", for: this.range.id }, name),
      el("div", { class: "lt-row lt-reel-time" }, this.play, this.range),
      this.words,
    );
    this.strips = null;
    this.step = 0;
  }

  /** strips: the bitmaps of each picture; words: one line a step; alts: of each picture, put before the line. */
  load(strips, words, alts) {
    this.pause();
    this.clear();
    [this.strips, this.lines, this.alts] = [strips, words, alts];
    this.range.max = words.length - 1;
    this.range.disabled = false;
    if (this.play) this.play.disabled = false;
    this.node.dataset.ready = "true";
    this.show(0);
  }

  show(step) {
    this.step = clamp(step, 0, this.lines.length - 1);
    this.canvases.forEach((canvas, i) => {
      const context = canvas.getContext("2d");
      context.imageSmoothingEnabled = false;
      context.drawImage(this.strips[i][this.step], 0, 0, canvas.width, canvas.height);
      canvas.setAttribute("aria-label", `${this.alts[i]} ${this.lines[this.step]}`);
    });
    this.range.value = this.step;
    this.range.setAttribute("aria-valuetext", this.lines[this.step]);
    this.words.textContent = this.lines[this.step];
  }

  toggle() {
    if (this.playing) return this.pause();
    if (!this.strips) return;
    const last = this.lines.length - 1;
    const first = this.step === last ? 0 : this.step;
    this.show(first);
    this.playing = true;
    this.turn = (this.turn ?? 0) + 1;
    const turn = this.turn; // a pause and a new start before the next repaint must not leave two loops
    setIcon(this.play, "pause", "Pause");
    const from = performance.now();
    const tick = (now) => {
      if (!this.playing || turn !== this.turn) return;
      const next = Math.min(last, first + Math.floor((Math.max(0, now - from) / 1000 / REEL_SECONDS) * last));
      if (next !== this.step) this.show(next);
      if (next === last) return this.pause();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    setIcon(this.play, "play", "Play");
  }

  clear() {
    this.strips?.flat().forEach((bitmap) => bitmap.close());
    this.strips = null;
  }

  close() {
    this.pause();
    this.clear();
  }
}
