// The probe: a picture, a measurement on it, and sliders that follow the hand.
//
// One question is under way at a time, and of those that wait only the newest is kept. What is on the screen stays until
// the next picture is decoded, so nothing flickers; boxes keep their size by the picture's shape, so nothing jumps.

const QUIET = 700; // after so long without a change, what is new is spoken
const WIDE = 656; // two pictures of 320 pixels side by side

function render({ model, el: host }) {
  const root = ground(host, "Probe");
  const send = asker({ model, root });
  const setup = () => model.get("setup");
  const gaugeOf = (key) => setup().gauges.find((one) => one.key === key);

  let state = null; // as the kernel said it last
  let wish = null; // what the hand did since the last question: {choice, asked, at}
  let asking = null; // the question under way: {at, late}
  let heading = null; // the measurement that was chosen last; until it is here, the sliders of the one before do nothing
  let has = null; // which pixels the page holds already
  let picture = null; // bitmaps on show
  let overlay = null;
  let latest = null; // the last answer that was drawn
  let over = null; // laid over the picture, or side by side; null until the width is known
  let gone = false;
  // The browser test reads this: milliseconds from the hand to the new picture, and what is on show.
  host.probe = { times: [], kernel: [], sent: 0, drawn: 0, shown: null };

  /* elements */

  const pictureBox = el("select", {});
  const gaugeBox = el("select", {});
  const own = opener({
    ask: send, largest: model.get("largest"), text: "Open a file of your own", chooser: "Choose a picture or a clip of your own",
    accept: "image/*,video/*", complain: (text) => complain(text),
    opened: ({ refused, sentence }) => (refused ? complain(sentence) : ask({})),
  });
  const explanation = el("p", { class: "lt-quiet" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const sizeNote = el("p", { class: "lt-quiet", hidden: true });
  const canvases = [0, 1].map(() => el("canvas", { width: 4, height: 4, role: "img", "aria-label": "No picture yet" }));
  for (const canvas of canvases) canvas.removeAttribute("data-lm-suppress-shortcuts"); // they take no keys here
  const captions = [el("figcaption", {}, "The picture"), el("figcaption", {})];
  const figures = canvases.map((canvas, i) => el("figure", { class: "lt-picture" }, canvas, captions[i]));
  const lay = button("Lay it over the picture", () => arrange(!over), { pressed: false });
  const blend = slider({ label: "Blend", lowest: 0, highest: 100, step: 1, words: (value) => `${value} of 100` }, 60, () => paint());
  const sliders = el("div", { class: "lt-sliders", role: "group", "aria-label": "Settings" });
  const back = button("Back to the start", () => {
    if (heading !== state?.gauge) return;
    for (const one of gaugeOf(state.gauge).parameters) controls.get(one.name)?.set(one.default);
    ask({ parameters: defaults() });
  });
  const measure = button("Measure", () => ask({}, true), { main: true });
  const value = el("strong", {});
  const unit = el("span", {});
  const words = el("p", { class: "lt-words" });
  const where = el("div", { class: "lt-where" });
  const chart = el("div", {});
  const movers = el("ul", {});
  const more = el("details", { class: "lt-text" }, el("summary", {}, "What else moves this number"), movers);
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });

  root.append(
    el(
      "div", { class: "lt-probe" },
      el(
        "div", { class: "lt-row lt-choose" },
        labelled("Picture", pictureBox), labelled("Measurement", gaugeBox), own.button, own.picker,
      ),
      el(
        "div", { class: "lt-bench" },
        el("div", { class: "lt-shown" }, el("div", { class: "lt-stage" }, ...figures), blend.box),
        el("div", { class: "lt-hand" }, explanation, sliders, el("div", { class: "lt-row" }, measure, lay, back), trouble, sizeNote),
        el("div", { class: "lt-said-of-it" },
          el("p", { class: "lt-number" }, value, " ", unit), words, where, chart,
          el("p", { class: "lt-motto" }, model.get("motto")), more),
      ),
      say,
    ),
  );

  /** A labelled slider that says its value beside its label. */
  function slider({ label, lowest, highest, step, unit: of = "", words: spell }, start, moved) {
    const range = el("input", { type: "range", min: lowest, max: highest, step, value: start });
    range.id = newId();
    const reading = el("span", { class: "lt-quiet" });
    const read = () => {
      const text = spell ? spell(Number(range.value)) : `${Number(range.value)}${of ? ` ${of}` : ""}`;
      reading.textContent = text;
      range.setAttribute("aria-valuetext", text);
    };
    range.addEventListener("input", (event) => {
      read();
      moved(Number(range.value), event.timeStamp);
    });
    read();
    return {
      box: el("div", { class: "lt-slider" }, el("div", { class: "lt-row" }, el("label", { for: range.id }, label), reading), range),
      get value() { return Number(range.value); },
      set(next) {
        if (range.value !== String(next)) range.value = next;
        read();
      },
    };
  }

  /* asking: the newest wish alone */

  function ask(choice, asked = false, at = performance.now()) {
    const merged = { ...wish?.choice, ...choice };
    if (choice.gauge) {
      heading = choice.gauge;
      delete merged.parameters; // they were for the measurement before
    } else if (wish?.choice.parameters && choice.parameters) {
      merged.parameters = { ...wish.choice.parameters, ...choice.parameters };
    }
    wish = { choice: merged, asked: asked || (wish?.asked ?? false), at };
    pump();
  }

  function pump() {
    if (!wish || (asking && !asking.late) || gone) return;
    const { choice, asked, at } = wish;
    wish = null;
    if (asked) measure.textContent = "Measuring …";
    const mine = { at, late: false };
    asking = mine;
    host.probe.sent += 1;
    send({ type: "ask", choice, asked, has }, { beside: true, quiet: !asked, late: (answer) => mine === asking && answered(answer, mine) }).then((answer) => {
      if (answer) return answered(answer, mine);
      mine.late = true; // the kernel may be busy with other boxes; a late answer is welcome until the hand asks anew
      measure.textContent = "Measure";
      if (wish) pump();
    });
  }

  async function answered(answer, mine) {
    const { at } = mine;
    const { buffers } = answer;
    mine.late = false; // what the hand asks while this is decoded has to wait
    let next = 0;
    const take = (sent) => (sent ? createImageBitmap(new Blob([asBytes(buffers[next++])], { type: "image/jpeg" })) : null);
    try {
      if (answer.trouble) return; // said already
      host.probe.kernel.push(answer.spent);
      const [newPicture, newOverlay] = await Promise.all([take(answer.picture), take(answer.overlay)]);
      if (gone) return;
      if (newPicture) {
        picture?.close();
        picture = newPicture;
        has = answer.seen;
      } else if (!answer.seen) {
        picture?.close();
        picture = has = null;
      }
      if (!answer.refused) {
        overlay?.close();
        overlay = newOverlay;
      }
      show(answer, at);
    } catch {
      has = null;
      complain("This picture could not be shown. Run the box again with Shift+Enter.");
    } finally {
      if (asking === mine) asking = null;
      measure.textContent = "Measure";
      pump();
    }
  }

  /* showing */

  let controls = new Map();
  let controlsFor = "";
  const defaults = () => Object.fromEntries(gaugeOf(state.gauge).parameters.map((one) => [one.name, one.default]));

  function fill() {
    const options = (box, pairs, chosen) => {
      box.replaceChildren(...pairs.map(([key, text]) => el("option", { value: key }, text)));
      if (chosen !== undefined) box.value = chosen;
    };
    options(pictureBox, setup().pictures.map((label) => [label, label]), state?.picture);
    options(gaugeBox, setup().gauges.map((one) => [one.key, one.title]), state?.gauge);
  }

  /** Sliders for the measurement, the frame and the part; built anew only when it is others that are needed. */
  function dress() {
    const gauge = gaugeOf(state.gauge);
    const wanted = JSON.stringify([state.gauge, state.frames, state.part !== null]);
    if (wanted !== controlsFor) {
      const held = [...controls].find(([, one]) => one.box.contains(document.activeElement))?.[0];
      controlsFor = wanted;
      controls = new Map();
      for (const one of gauge.parameters) {
        const moved = (to, at) => heading === gauge.key && ask({ parameters: { [one.name]: to } }, false, at);
        controls.set(one.name, slider(one, state.parameters[one.name], moved));
      }
      if (state.frames > 1) {
        const total = state.frames + (gauge.looks_at === "pair" ? 1 : 0);
        const spell = (n) => (gauge.looks_at === "pair" ? `${n} and ${n + 1} of ${total}` : `${n} of ${total}`);
        const label = gauge.looks_at === "pair" ? "Frames" : "Frame";
        const range = { label, lowest: 1, highest: state.frames, step: 1, words: spell };
        controls.set("frame", slider(range, state.frame + 1, (to, at) => ask({ frame: to - 1 }, false, at)));
      }
      if (state.part) {
        const ends = [["Part, from left to right", 0], ["Part, from top to bottom", 1]];
        for (const [label, axis] of ends) {
          controls.set(label, slider({ label, lowest: 0, highest: 100, step: 5, words: (n) => `${n} of 100` }, state.part[axis], (to, at) => {
            const part = ends.map(([name]) => controls.get(name).value);
            ask({ part }, false, at);
          }));
        }
      }
      sliders.replaceChildren(...[...controls.values()].map((one) => one.box));
      if (held) (controls.get(held)?.box.querySelector("input") ?? gaugeBox).focus();
    }
    if (!wish) {
      heading = state.gauge;
      for (const one of gauge.parameters) controls.get(one.name).set(state.parameters[one.name]);
      controls.get("frame")?.set(state.frame + 1);
      pictureBox.value = state.picture;
      gaugeBox.value = state.gauge;
    }
    back.hidden = !gauge.parameters.length;
    measure.hidden = gauge.live;
    explanation.textContent = gauge.explanation;
    captions[1].textContent = gauge.title;
    sizeNote.textContent = state.note;
    sizeNote.hidden = !state.note;
  }

  /** Build a part of the page again only if what it shows has changed: while a slider moves, time is short. */
  const built = new Map();
  function anew(part, content, build) {
    const key = JSON.stringify(content ?? null);
    if (built.get(part) === key) return;
    built.set(part, key);
    build();
  }

  const complain = (text) => {
    trouble.textContent = text;
    trouble.hidden = !text;
  };

  function show(answer, at) {
    state = answer.state;
    dress();
    if (answer.refused) {
      complain(answer.sentence);
      return;
    }
    latest = answer;
    complain(answer.waits ? "" : answer.sentence);
    const gauge = gaugeOf(state.gauge);
    value.textContent = answer.number ?? "–";
    unit.textContent = answer.unit ?? "";
    words.textContent = answer.words ?? (answer.waits ? answer.sentence : "");
    anew(movers, answer.confounders, () => movers.replaceChildren(...(answer.confounders ?? []).map((text) => el("li", {}, text))));
    more.hidden = !answer.confounders?.length;
    arrange(over ?? root.clientWidth < WIDE, at);
    curves();
    settle();
  }

  function curves() {
    if (!latest) return;
    const gauge = gaugeOf(latest.state.gauge);
    anew(where, [latest.unplaced, latest.place, gauge.key, room], () => place(latest, gauge));
    anew(chart, [latest.chart, room], () => chart.replaceChildren(...(latest.chart ? [drawing(latest.chart)] : [])));
  }

  /** Side by side, or one over the other with a slider between them. */
  function arrange(wanted, at = null) {
    over = wanted;
    const possible = !state || gaugeOf(state.gauge).on_the_picture;
    const laid = over && possible;
    lay.hidden = !possible;
    lay.setAttribute("aria-pressed", String(laid));
    blend.box.hidden = !laid;
    figures[1].hidden = laid;
    captions[0].textContent = laid && state ? `The picture, with ${captions[1].textContent.toLowerCase()} over it` : "The picture";
    root.firstChild.dataset.laid = String(laid);
    paint(at);
  }

  let painting = null;
  /** Draw before the next repaint of the page; `at` is when the hand asked for it. */
  function paint(at = null) {
    painting = { at: at ?? painting?.at ?? null, frame: painting?.frame ?? requestAnimationFrame(draw) };
  }

  function draw() {
    const at = painting?.at;
    painting = null;
    if (gone) return;
    const laid = !blend.box.hidden;
    for (const [i, canvas] of canvases.entries()) {
      const bitmap = i === 0 ? picture : overlay;
      const size = bitmap ?? picture ?? canvas;
      if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, { width: size.width, height: size.height });
      canvas.classList.toggle("lt-empty", !bitmap);
      const context = canvas.getContext("2d");
      context.globalAlpha = 1;
      if (bitmap) context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      else context.clearRect(0, 0, canvas.width, canvas.height);
      if (i === 0 && laid && overlay) {
        context.globalAlpha = blend.value / 100;
        context.drawImage(overlay, 0, 0, canvas.width, canvas.height);
      }
    }
    if (at === null || at === undefined) return;
    host.probe.shown = state;
    host.probe.drawn += 1;
    host.probe.times.push(performance.now() - at);
  }

  /** What is new, in words, once the hand rests: spoken, and as the text alternative of the pictures. */
  let resting = null;
  function settle() {
    clearTimeout(resting);
    const speak = () => {
      if (!latest || gone) return;
      const title = gaugeOf(latest.state.gauge).title;
      const said = latest.number === undefined ? `${title}: ${latest.sentence}` : `${title}: ${latest.number} ${latest.unit}.`;
      const alt = latest.alt || "No picture";
      canvases[0].setAttribute("aria-label", blend.box.hidden ? alt : `${alt} Over it: ${said}`);
      canvases[1].setAttribute("aria-label", `${said} ${latest.words ?? ""} The picture: ${alt}`);
      // The first answer is not news, and what went wrong was said already, as an alert.
      if (host.probe.drawn > 1 && (latest.waits || latest.number !== undefined)) say.textContent = `${said} ${latest.place?.words ?? ""}`;
    };
    resting = setTimeout(speak, QUIET);
    if (canvases[0].getAttribute("aria-label") === "No picture yet") speak();
  }

  /* where the number lies, and curves */

  const label = (x, y, content, more = {}) => {
    const node = svg("text", { x, y, ...more });
    node.textContent = content;
    return node;
  };
  const short = (n) => (Math.abs(n) >= 100 ? n.toFixed(0) : String(Number(n.toPrecision(2)))).replace("-", "−");

  // Drawn in the width there is, so that the letters are never shrunk. It is measured when it changes and not at each
  // move of a slider: to ask for it makes the browser lay out the whole notebook first.
  let room = 360;
  const widths = new ResizeObserver(() => {
    room = clamp(chart.clientWidth || 360, 220, 480);
    curves();
  });

  /** The camera pictures as dots, their middle half as a quiet band, and this one as a diamond. */
  function place(answer, gauge) {
    if (!answer.place) {
      where.replaceChildren(...(answer.unplaced ? [el("p", { class: "lt-quiet" }, answer.unplaced)] : []));
      where.classList.toggle("lt-none", !gauge.null.length);
      return;
    }
    where.classList.remove("lt-none");
    const { lower_quartile: lower, median, upper_quartile: upper, words: said } = answer.place;
    const [width, height, edge, middle] = [room, 64, 12, 24];
    const low = Math.min(answer.value, gauge.null[0]);
    const high = Math.max(answer.value, gauge.null.at(-1));
    const x = (n) => edge + ((n - low) / (high - low || 1)) * (width - 2 * edge);
    const strip = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "lt-curve", role: "img", "aria-label": said });
    strip.append(
      svg("rect", { class: "lt-band", x: x(lower), width: Math.max(2, x(upper) - x(lower)), y: middle - 20, height: 40 }),
      svg("path", { class: "lt-axis", d: `M${x(median)} ${middle - 20}v40` }),
    );
    // Dots that would hide each other are stacked around the middle.
    const taken = new Map();
    for (const n of gauge.null) {
      const column = Math.round(x(n) / 4);
      const rank = taken.get(column) ?? 0;
      taken.set(column, rank + 1);
      const lift = Math.ceil(rank / 2) * (rank % 2 ? 4 : -4);
      strip.append(svg("circle", { class: "camera", cx: x(n), cy: middle + clamp(lift, -18, 18), r: 1.8 }));
    }
    const here = x(answer.value);
    strip.append(
      svg("path", { class: "lt-here", d: `M${here} ${middle - 9}l7 9l-7 9l-7-9z` }),
      label(edge, height - 5, short(low)),
      label(width - edge, height - 5, short(high), { "text-anchor": "end" }),
      label(width / 2, height - 5, answer.unit, { "text-anchor": "middle" }),
    );
    where.replaceChildren(strip, el("p", { class: "lt-quiet" }, said));
  }

  function drawing({ title, x: xTitle, y: yTitle, words: said, lines, marker, log_x: byOctaves }) {
    const [width, height, left, right, top, bottom] = [room, 180, 40, 12, 40, 32];
    const scale = byOctaves ? Math.log : (n) => n;
    const xs = lines.flatMap((line) => line.x);
    const ys = lines.flatMap((line) => line.y);
    const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
    const y0 = Math.min(0, ...ys);
    const y1 = Math.max(...ys, y0 + 1e-6);
    const x = (n) => left + ((scale(n) - scale(x0)) / (scale(x1) - scale(x0) || 1)) * (width - left - right);
    const y = (n) => height - bottom - ((n - y0) / (y1 - y0)) * (height - top - bottom);
    const node = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "lt-curve", role: "img", "aria-label": `${title}. ${said}` });
    node.append(
      label(0, 13, title, { "font-weight": 600 }),
      label(0, 30, yTitle),
      svg("path", { class: "lt-axis", d: `M${left} ${top}V${height - bottom}H${width - right}` }),
      label(left, height - 14, short(x0)),
      label(width - right, height - 14, short(x1), { "text-anchor": "end" }),
      label((left + width - right) / 2, height - 14, xTitle, { "text-anchor": "middle" }),
    );
    const ticks = [y1, y0, 0].filter((one, i, all) => all.slice(0, i).every((other) => Math.abs(y(one) - y(other)) > 14));
    for (const tick of ticks) node.append(label(left - 6, y(tick) + 4, short(tick), { "text-anchor": "end" }));
    lines.forEach((line, i) => {
      const look = line.measured ? "lt-line" : "lt-line lt-fitted";
      const points = line.x.map((n, k) => `${x(n).toFixed(1)} ${y(line.y[k]).toFixed(1)}`);
      node.append(svg("path", { class: look, d: `M${points.join("L")}` }));
      if (lines.length === 1) return;
      const down = height - bottom - 28 + 18 * i; // the curves fall, so the lower left corner is free
      node.append(svg("path", { class: look, d: `M${left + 10} ${down - 4}h24` }), label(left + 40, down, line.label));
    });
    if (marker !== null) node.append(svg("path", { class: "lt-head", d: `M${x(clamp(marker, x0, x1))} ${top}V${height - bottom}` }));
    return node;
  }

  /* listening */

  pictureBox.addEventListener("change", () => ask({ picture: pictureBox.value, frame: 0 }));
  gaugeBox.addEventListener("change", () => ask({ gauge: gaugeBox.value }));
  model.on("change:setup", fill);
  fill();
  ask({});
  widths.observe(chart);
  return () => {
    gone = true;
    widths.disconnect();
    clearTimeout(resting);
    send.close();
    model.off("change:setup", fill);
    picture?.close();
    overlay?.close();
  };
}

export default { render };
