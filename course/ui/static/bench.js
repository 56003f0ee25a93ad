// The bench: choose what a detector may look at, train it, and draw its line. After training the scores are here, so
// the line follows the hand without the kernel; where it rests is saved.

const REST = 600; // so long without a move, and the line is saved and spoken

function render({ model, el: host }) {
  const root = ground(host, "Detector bench");
  const setup = model.get("setup");
  const name = newId();
  const labels = Object.fromEntries(setup.features.map((one) => [one.key, one.label]));
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const send = asker({ model, root });
  let resting = null;
  let line = model.get("state").line;

  /* choosing */

  const choice = ({ key, label, about }, type, group) => {
    const box = el("input", { type, name: `${name}-${group}`, value: key });
    return el("label", { class: "lt-option" }, box, el("span", {}, label, el("span", { class: "lt-quiet" }, ` – ${about}`)));
  };
  const features = el("fieldset", {}, el("legend", {}, "What may your detector look at?"),
    el("div", { class: "lt-two" }, ...setup.features.map((one) => choice(one, "checkbox", "feature"))));
  const methods = el("fieldset", {}, el("legend", {}, "How shall it decide?"),
    el("div", { class: "lt-two" }, ...setup.methods.map((one) => choice(one, "radio", "method"))));
  const chosen = () => [...features.querySelectorAll("input:checked")].map((one) => one.value);
  const go = button("Train", async () => {
    if (!chosen().length) return complain("Tick one thing or more that your detector may look at.");
    complain("");
    const asked = send({ type: "train", features: chosen(), method: methods.querySelector("input:checked")?.value });
    go.textContent = "Training …";
    if ((await asked) !== undefined) go.textContent = "Train";
  }, { main: true });
  const old = el("span", { class: "lt-quiet", hidden: true }, "The picture below is of the detector before. Press Train.");
  const complain = (text) => {
    trouble.textContent = text;
    trouble.hidden = !text;
  };
  const same = () => {
    const { features: kept, method } = model.get("state");
    const now = chosen();
    return now.length === kept.length && kept.every((one) => now.includes(one)) && methods.querySelector("input:checked")?.value === method;
  };
  root.addEventListener("change", (event) => {
    if (event.target !== range) old.hidden = !model.get("state").trained || same();
  });

  /* what it says */

  const exams = el("div", { class: "lt-exams" });
  const dots = svg("svg", { viewBox: "0 0 480 206", class: "lt-curve", role: "img" });
  const roc = svg("svg", { viewBox: "0 0 300 304", class: "lt-curve lt-roc", role: "img" });
  const range = el("input", { type: "range", min: 0, max: 100, step: 1, value: line });
  range.id = newId();
  const reading = el("output", { for: range.id, class: "lt-quiet" });
  const words = el("div", { class: "lt-words" });
  const bars = el("div", { class: "lt-bars" });
  const result = el("div", { hidden: true },
    exams,
    el("div", { class: "lt-scores" },
      el("div", {},
        el("p", { class: "lt-label" }, "Every clip a mark: how suspicious is it?"),
        rolling(dots, 430),
        el("div", { class: "lt-line-slider" },
          el("div", { class: "lt-row" }, el("label", { for: range.id }, "The line: flag from here on"), reading), range),
        words),
      el("div", {}, el("p", { class: "lt-label" }, "Every line a point"), rolling(roc, 270))),
    bars);

  root.append(features, methods, el("div", { class: "lt-row", style: "margin-bottom: 8px" }, go, old), trouble, result, say);

  const text = (x, y, words, more = {}) => {
    const node = svg("text", { x, y, ...more });
    node.textContent = words;
    return node;
  };
  const of = (side) => model.get("state").strangers[side];
  const flagged = (side) => of(side).filter((score) => score >= line).length;
  const X = (score) => 8 + (464 * score) / 100;

  /** A row of marks on the axis of scores; those that would lie on each other are piled up, closer where they are many. */
  function pile(side, bottom) {
    const piles = new Map();
    const places = of(side).map((score) => {
      const place = Math.round(score / 2.4);
      const high = piles.get(place) ?? 0;
      piles.set(place, high + 1);
      return { score, place, high };
    });
    const rise = Math.min(11, 60 / Math.max(1, ...[...piles.values()].map((count) => count - 1)));
    return places.map(({ score, place, high }) => {
      const at = [X(place * 2.4), bottom - rise * high];
      const node = side === "camera"
        ? svg("circle", { cx: at[0], cy: at[1], r: 4.5, class: "lt-dot camera" })
        : svg("rect", { x: at[0] - 4.2, y: at[1] - 4.2, width: 8.4, height: 8.4, class: "lt-dot generated" });
      return { node, score };
    });
  }

  let marked = [];
  let head = null;
  let shade = null;
  let point = null;

  const S = (share) => [40 + 250 * share[0], 246 - 236 * share[1]];

  /** Everything that training changes. */
  function build() {
    const { homework, strangers, leanings, method } = model.get("state");
    marked = [];
    shade = svg("rect", { y: 0, height: 184, class: "lt-band" });
    head = svg("line", { y1: 0, y2: 184, class: "lt-head" });
    const rows = [["camera", 82], ["generated", 176]].map(([side, bottom]) => {
      const marks = pile(side, bottom);
      marked.push(...marks);
      return marks.map((one) => one.node);
    });
    dots.replaceChildren(
      shade,
      svg("line", { x1: 8, x2: 472, y1: 184, y2: 184, class: "lt-axis" }),
      text(8, 12, `camera, ${strangers.camera.length} clips`), text(8, 106, `generated, ${strangers.generated.length} clips`),
      ...rows.flat(), head,
      text(8, 201, "0: not at all"), text(472, 201, "100: very", { "text-anchor": "end" }),
    );
    const path = (curve) => curve.map((share, i) => `${i ? "L" : "M"}${S(share).map((n) => n.toFixed(1)).join(" ")}`).join("");
    point = svg("circle", { r: 6, class: "lt-here" });
    roc.replaceChildren(
      svg("rect", { x: 40, y: 10, width: 250, height: 236, class: "lt-axis" }),
      svg("path", { d: path([[0, 0], [1, 1]]), class: "lt-coin" }),
      svg("path", { d: path(homework.roc), class: "lt-line lt-fitted" }),
      svg("path", { d: path(strangers.roc), class: "lt-line" }),
      point,
      text(165, 264, "of 100 camera clips, flagged", { "text-anchor": "middle" }),
      text(40, 264, "0", { "text-anchor": "middle" }), text(290, 264, "100", { "text-anchor": "end" }),
      text(14, 128, "of 100 generated clips, flagged", { "text-anchor": "middle", transform: "rotate(-90 14 128)" }),
      text(34, 22, "100", { "text-anchor": "end" }), text(34, 246, "0", { "text-anchor": "end" }),
      text(40, 284, "solid: exam, dashed: homework,", { class: "lt-small" }), text(40, 300, "dotted: a coin", { class: "lt-small" }),
    );
    const two = (value) => value.toFixed(2);
    const exam = (name, { value, low, high }) => el("div", {}, el("p", {}, name),
      el("p", { class: "lt-area" }, `AUC ${two(value)}`, el("span", { class: "lt-quiet" }, ` (${two(low)} to ${two(high)})`)));
    exams.replaceChildren(
      exam("Homework: the clips it learned from", homework.auc), exam("Exam: sources it had never seen", strangers.auc),
    );
    const most = Math.max(...leanings.map(([, weight]) => Math.abs(weight)), 1e-9);
    const lines = [...leanings].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).map(([key, weight]) => {
      const share = Math.abs(weight) / most;
      const way = Math.abs(weight) < 0.005 ? "not at all" : method === "questions" ? `${Math.round(100 * weight)} of 100` : weight > 0 ? "more: more suspicious" : "less: more suspicious";
      return el("div", { class: "lt-bar" }, el("span", {}, labels[key] ?? key),
        el("span", { class: "lt-track" }, el("span", { style: `width: ${(100 * share).toFixed(0)}%` })), el("span", { class: "lt-quiet" }, way));
    });
    bars.replaceChildren(el("p", { class: "lt-label" }, "What it goes by"), ...lines);
  }

  /** Everything that the line changes. */
  function draw() {
    range.value = line;
    range.setAttribute("aria-valuetext", `flag from a score of ${line}`);
    reading.textContent = `a score of ${line}`;
    const x = X(line);
    head.setAttribute("x1", x);
    head.setAttribute("x2", x);
    shade.setAttribute("x", x);
    shade.setAttribute("width", Math.max(0, 480 - x));
    for (const { node, score } of marked) node.classList.toggle("lt-flagged", score >= line);
    const [accused, caught] = [flagged("camera"), flagged("generated")];
    const [camera, generated] = [of("camera").length, of("generated").length];
    const [cx, cy] = S([accused / camera, caught / generated]);
    point.setAttribute("cx", cx);
    point.setAttribute("cy", cy);
    const per = (part, whole) => Math.round((100 * part) / whole);
    const span = (side, count) => setup.ranges[side][count].join(" to ");
    const first = `Flagged: ${caught} of ${generated} generated clips, and ${accused} of ${camera} camera clips.`;
    const second = `Of 100 camera clips like these it would flag about ${per(accused, camera)} (${span("camera", accused)}). Of 100 generated ones it would catch about ${per(caught, generated)} (${span("generated", caught)}).`;
    words.replaceChildren(el("p", {}, el("strong", {}, first)), el("p", {}, second));
    dots.setAttribute("aria-label", `Two rows of marks on an axis of scores from 0 to 100. With the line at ${line}: ${first}`);
    const { auc } = model.get("state").strangers;
    roc.setAttribute("aria-label", `ROC curve: the share of generated clips flagged against the share of camera clips flagged, for every line. AUC ${auc.value.toFixed(2)}. At the line of ${line} the point lies at ${per(accused, camera)} and ${per(caught, generated)} of 100.`);
    return first;
  }

  range.addEventListener("input", () => {
    line = Number(range.value);
    const spoken = draw();
    clearTimeout(resting);
    resting = setTimeout(() => {
      say.textContent = spoken;
      if (line !== model.get("state").line) send({ type: "line", line }, { beside: true });
    }, REST);
  });

  const take = () => {
    const state = model.get("state");
    for (const box of features.querySelectorAll("input")) box.checked = state.features.includes(box.value);
    for (const box of methods.querySelectorAll("input")) box.checked = box.value === state.method;
  };

  function show(first) {
    const state = model.get("state");
    complain(state.trouble);
    result.hidden = !state.trained;
    if (state.trained && (first || state.what === "trained")) {
      take();
      old.hidden = true;
      build();
      const spoken = draw();
      if (!first) say.textContent = `Trained. AUC on the homework ${state.homework.auc.value.toFixed(2)}, on new sources ${state.strangers.auc.value.toFixed(2)}. ${spoken}`;
    }
  }
  const changed = () => show(false);
  take();
  show(true);
  model.on("change:state", changed);
  return () => {
    send.close();
    clearTimeout(resting);
    model.off("change:state", changed);
  };
}

export default { render };
