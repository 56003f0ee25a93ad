// A thousand dots: generated clips are squares, camera clips are circles; what is flagged is filled, the rest is hollow.

const [ACROSS, DOWN, PITCH] = [40, 25, 16];
// One shuffle for all: 387 shares no factor with 1000, so each place is used once.
const MIXED = Array.from({ length: ACROSS * DOWN }, (_, i) => (i * 387 + 211) % (ACROSS * DOWN));
const KINDS = [
  ["rightly", "generated lt-flagged", "generated, flagged"],
  ["wrongly", "camera lt-flagged", "camera, flagged all the same"],
  ["missed", "generated", "generated, not flagged"],
  ["passed", "camera", "camera, not flagged"],
];
const shape = (kind, x, y) =>
  kind.startsWith("generated")
    ? `M${x - 4.5} ${y - 4.5}h9v9h-9z`
    : `M${x - 4.5} ${y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z`;

function render({ model, el: host }) {
  const root = ground(host, "A thousand clips");
  const { sliders, start, whole } = model.get("setup");
  const inputs = new Map();
  const send = asker({ model, root });
  let busy = false;
  let wish = null;

  const boxes = sliders.map(({ name, label, lowest, highest, unit }) => {
    const range = el("input", { type: "range", min: lowest, max: highest, step: 1 });
    range.id = newId();
    const reading = el("span", { class: "lt-quiet" });
    inputs.set(name, { range, read: () => {
      reading.textContent = `${Number(range.value).toLocaleString("en-GB")} ${unit}`;
      range.setAttribute("aria-valuetext", reading.textContent);
    } });
    range.addEventListener("input", () => (inputs.get(name).read(), ask(false)));
    range.addEventListener("change", () => ask(true));
    return el("div", { class: "lt-slider" }, el("div", { class: "lt-row" }, el("label", { for: range.id }, label), reading), range);
  });
  const together = button("Put the flagged ones together", () => {
    const pressed = together.getAttribute("aria-pressed") !== "true";
    together.setAttribute("aria-pressed", String(pressed));
    draw();
    say.textContent = pressed ? "The flagged ones are together, above the line." : "All clips are mixed.";
  }, { pressed: false });
  const back = button("Back to the example", () => {
    set(start);
    ask(true);
  });
  const picture = svg("svg", { viewBox: `0 0 ${ACROSS * PITCH} ${DOWN * PITCH + 32}`, class: "lt-dots", role: "img" });
  const words = el("div", { class: "lt-sum" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const key = el("p", { class: "lt-key" }, KINDS.map(([, kind, text]) => {
    const mark = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "lt-dots" }, svg("path", { class: kind, d: shape(kind, 8, 8) }));
    return el("span", {}, mark, text);
  }));
  root.append(
    el("div", { class: "lt-sliders lt-thousand", role: "group", "aria-label": "The detector and what it meets" }, boxes),
    el("div", { class: "lt-row" }, together, back), trouble, words, key, rolling(picture, 480), say,
  );

  function set(settings) {
    for (const [name, { range, read }] of inputs) {
      if (Number(range.value) !== settings[name]) range.value = settings[name];
      read();
    }
  }

  // One question under way; of those that wait only the newest is kept, and a wish to save is never lost.
  function ask(keep) {
    wish = { keep: keep || (wish?.keep ?? false), ...Object.fromEntries([...inputs].map(([name, { range }]) => [name, Number(range.value)])) };
    if (busy) return;
    busy = true;
    const now = wish;
    wish = null;
    send(now, { beside: true, quiet: true }).then((answer) => {
      busy = false;
      if (answer === null && !wish) set(model.get("state").settings); // what is not kept is not shown as kept
      if (wish) ask(wish.keep);
    });
  }

  function draw() {
    const { counts } = model.get("state");
    const sorted = together.getAttribute("aria-pressed") === "true";
    const flagged = counts.rightly + counts.wrongly;
    const rows = Math.ceil(flagged / ACROSS);
    let used = 0;
    picture.replaceChildren(...KINDS.map(([name, kind]) => {
      let d = "";
      for (let i = 0; i < counts[name]; i += 1, used += 1) {
        let place = sorted ? used : MIXED[used];
        let shift = 0;
        if (sorted && used >= flagged) {
          place = used - flagged + rows * ACROSS;
          shift = flagged ? 16 : 0;
        }
        d += shape(kind, (place % ACROSS) * PITCH + 8, Math.floor(place / ACROSS) * PITCH + 8 + shift);
      }
      return svg("path", { class: kind, d });
    }));
    if (sorted && flagged && flagged < whole) {
      picture.append(svg("path", { class: "lt-rule", d: `M0 ${rows * PITCH + 8}h${ACROSS * PITCH}` }));
    }
  }

  const changed = () => {
    const { settings, words: lines, trouble: wrong } = model.get("state");
    trouble.textContent = wrong;
    trouble.hidden = !wrong;
    if (!wish) set(settings);
    words.replaceChildren(...lines.map((line, i) => el("p", {}, i === lines.length - 1 ? el("strong", {}, line) : line)));
    picture.setAttribute("aria-label", `A thousand dots. ${lines.join(" ")}`);
    draw();
  };
  let resting = null;
  const spoken = () => {
    clearTimeout(resting);
    resting = setTimeout(() => (say.textContent = model.get("state").words.at(-1)), 700);
  };
  changed();
  model.on("change:state", changed);
  model.on("change:state", spoken);
  return () => {
    clearTimeout(resting);
    send.close();
    model.off("change:state", changed);
    model.off("change:state", spoken);
  };
}

export default { render };
