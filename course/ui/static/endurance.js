// The bench for a mark: what happens to the picture on sliders, what the reader finds beside it.
// One question is under way at a time, and of those that wait only the newest is kept (as in the probe). What is on the
// screen stays until the next picture is decoded, and boxes keep their size, so nothing flickers and nothing jumps.

const QUIET = 700; // after so long without a change, what is new is spoken
const [LOW, HIGH] = [-10, 36]; // the axis of strength

function render({ model, el: host }) {
  const root = ground(host, "Mark bench");
  const setup = model.get("setup");
  let wish = null;
  let asking = null;
  let latest = null;
  let gone = false;
  let resting = null;
  // The browser test reads this: milliseconds from the hand to the new picture, and what is on show.
  host.bench = { times: [], kernel: [], sent: 0, drawn: 0, shown: null };

  /* elements */

  const chooser = (pairs) => el("select", {}, pairs.map(([key, text]) => el("option", { value: key }, text)));
  const pictureBox = chooser(setup.pictures.map((one) => [one, one]));
  const readerBox = chooser(setup.readers);
  const screenBox = chooser(setup.screens);
  const canvas = el("canvas", { width: 384, height: 384, role: "img", "aria-label": "No picture yet" });
  canvas.removeAttribute("data-lm-suppress-shortcuts"); // it takes no keys
  const caption = el("figcaption", {});
  const letters = el("p", { class: "lt-letters", "aria-hidden": "true" });
  const squares = svg("svg", { viewBox: "0 0 266 36", class: "lt-bits", role: "img" });
  const counted = el("p", { class: "lt-number" });
  const axis = svg("svg", { viewBox: "0 0 320 92", class: "lt-curve", role: "img" });
  const words = el("p", { class: "lt-words" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const log = el("div", { class: "lt-log" });
  const send = asker({ model, root, place: trouble });
  const note = button("Note this down", () => ask({}, { note: true }), { main: true });
  const search = button("Search other sizes too", () => ask({}, { thorough: true }));
  const back = button("Back to the start", () => {
    for (const one of setup.sliders) sliders.get(one.name).set(one.rest);
    screenBox.value = "no";
    ask({ settings: Object.fromEntries(setup.sliders.map((one) => [one.name, one.rest])), screen: "no" });
  });

  const slider = (one) => {
    const range = el("input", { type: "range", min: one.lowest, max: one.highest, step: one.step, value: one.rest });
    range.id = newId();
    const reading = el("span", { class: "lt-quiet" });
    const read = () => {
      const at = Number(range.value);
      reading.textContent = at === one.rest ? "not at all" : `${at}${one.unit ? ` ${one.unit}` : ""}`;
      range.setAttribute("aria-valuetext", reading.textContent);
    };
    range.addEventListener("input", (event) => {
      read();
      ask({ settings: { [one.name]: Number(range.value) } }, {}, event.timeStamp);
    });
    read();
    return {
      box: el("div", { class: "lt-slider" }, el("div", { class: "lt-row" }, el("label", { for: range.id }, one.label), reading), range),
      set(next) {
        if (range.value !== String(next)) range.value = next;
        read();
      },
    };
  };
  const sliders = new Map(setup.sliders.map((one) => [one.name, slider(one)]));
  const screenRow = labelled("Shown on a screen", screenBox);
  screenRow.classList.add("lt-slider");

  pictureBox.addEventListener("change", () => ask({ picture: pictureBox.value }));
  readerBox.addEventListener("change", () => ask({ reader: readerBox.value }));
  screenBox.addEventListener("change", () => ask({ screen: screenBox.value }));

  root.append(
    el("div", { class: "lt-endurance" },
      el("div", { class: "lt-row lt-choose" }, labelled("Picture", pictureBox), labelled("It is", readerBox)),
      el("div", { class: "lt-arrival" },
        el("figure", { class: "lt-picture" }, canvas, caption),
        el("div", {},
          el("p", { class: "lt-label" }, "What the reader reads"), letters, squares, counted,
          el("p", { class: "lt-label" }, "How strong it is"), rolling(axis, 296), words)),
      el("div", { class: "lt-sliders", role: "group", "aria-label": "What happens to the picture" },
        ...[...sliders.values()].map((one) => one.box), screenRow),
      el("div", { class: "lt-row" }, note, search, back),
      trouble, log),
    say,
  );

  /* asking: the newest wish alone */

  function ask(choice, more = {}, at = performance.now()) {
    const settings = { ...wish?.choice.settings, ...choice.settings };
    const merged = { ...wish?.choice, ...choice };
    if (Object.keys(settings).length) merged.settings = settings;
    // A search belongs to what was on the page when it was asked for; a note must never be lost.
    wish = { choice: merged, note: more.note || wish?.note, thorough: more.thorough ?? false, at };
    pump();
  }

  function pump() {
    if (!wish || (asking && !asking.late) || gone) return;
    const { choice, note: noting, thorough, at } = wish;
    wish = null;
    if (thorough) search.textContent = "Searching …";
    const mine = { at, late: false };
    asking = mine;
    host.bench.sent += 1;
    // A note keeps what the last search found.
    const message = { type: "ask", choice, note: noting === true, thorough: thorough === true, chance: !chance.length };
    send(message, { beside: true, quiet: !noting && !thorough, late: (answer) => mine === asking && answered(answer, mine) }).then((answer) => {
      if (answer) return answered(answer, mine);
      // Boxes that run after this one come first. A late answer is still welcome, unless the hand has asked anew.
      mine.late = true;
      search.textContent = "Search other sizes too";
      if (wish) pump();
    });
  }

  async function answered(answer, mine) {
    mine.late = false; // what the hand asks while this is decoded has to wait
    try {
      if (answer.trouble) return; // said already
      const { buffers } = answer;
      host.bench.kernel.push(answer.spent);
      const bitmap = buffers.length ? await createImageBitmap(new Blob([asBytes(buffers[0])], { type: "image/jpeg" })) : null;
      if (gone) return;
      show(answer, bitmap, mine.at);
    } catch {
      complain("This picture could not be shown. Run the box again with Shift+Enter.");
    } finally {
      if (asking === mine) asking = null;
      search.textContent = "Search other sizes too";
      pump();
    }
  }

  /* showing */

  const complain = (text) => {
    trouble.textContent = text;
    trouble.hidden = !text;
  };
  const text = (x, y, content, more = {}) => {
    const node = svg("text", { x, y, ...more });
    node.textContent = content;
    return node;
  };
  const number = (value) => (Math.round(10 * value) / 10 || 0).toFixed(1).replace("-", "−"); // no zero below zero
  const X = (value) => 8 + (304 * (clamp(value, LOW, HIGH) - LOW)) / (HIGH - LOW);

  let chance = [];
  const here = svg("path", { class: "lt-here" });
  function scale() {
    const piles = new Map();
    const dots = chance.map((value) => {
      const place = Math.round(X(value) / 5);
      const high = piles.get(place) ?? 0;
      piles.set(place, high + 1);
      return svg("circle", { class: "camera", cx: 5 * place, cy: 52 - 4.5 * Math.min(high, 9), r: 2 });
    });
    axis.replaceChildren(
      svg("rect", { class: "lt-band", x: 8, y: 2, width: X(setup.found) - 8, height: 56 }),
      svg("path", { class: "lt-axis", d: "M8 58H312" }),
      ...[0, 10, 20, 30].map((at) => text(X(at), 72, number(at).replace(".0", ""), { "text-anchor": "middle" })),
      ...dots, here,
      text(X(setup.found) + 5, 14, "from here on: found"),
      text(8, 88, chance.length ? `dots: ${chance.length} pictures without a mark` : ""),
    );
  }

  function show(answer, bitmap, at) {
    const { state } = answer;
    if (!wish) {
      pictureBox.value = state.picture;
      readerBox.value = state.reader;
      screenBox.value = state.screen;
      for (const [name, one] of sliders) one.set(state.settings[name]);
    }
    if (answer.chance) {
      chance = answer.chance;
      scale();
    }
    complain(answer.sentence ?? "");
    lines(state.notes);
    if (bitmap) {
      Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
      found(answer);
      latest = answer;
    }
    requestAnimationFrame(() => {
      host.bench.shown = answer;
      host.bench.drawn += 1;
      host.bench.times.push(performance.now() - at);
    });
    settle(answer);
  }

  function found(answer) {
    const wrong = answer.read.map((bit, i) => bit !== setup.bits[i]);
    caption.textContent = `What arrives: ${answer.size}`;
    letters.replaceChildren(...[...answer.word].map((letter) => el("span", {}, letter)));
    squares.replaceChildren(...answer.read.flatMap((bit, i) => {
      const x = 3 + 8 * i + 2 * Math.floor(i / 8);
      const box = svg("rect", { x, y: 4, width: 6, height: 18, class: bit ? "lt-bit lt-one" : "lt-bit" });
      return wrong[i] ? [box, svg("path", { class: "lt-wrong", d: `M${x} 27l6 6m0 -6l-6 6` })] : [box];
    }));
    squares.setAttribute("aria-label", `32 bits, 8 for each letter. ${answer.right} of them as they were written.`);
    counted.replaceChildren(el("strong", {}, `${answer.right} of 32`), " bits right. Chance gets about 16.");
    const x = X(answer.strength);
    here.setAttribute("d", `M${x} 22l7 9l-7 9l-7 -9z`);
    axis.setAttribute("aria-label", `Strength ${number(answer.strength)}. From ${setup.found} on a mark counts as found. ${chance.length} pictures without a mark lie between ${number(chance[0] ?? 0)} and ${number(chance.at(-1) ?? 0)}.`);
    words.replaceChildren(el("strong", {}, `Strength ${number(answer.strength)}. `), answer.words);
    search.disabled = answer.found || answer.thorough;
  }

  let kept = "";
  function lines(notes) {
    const now = JSON.stringify(notes);
    if (now === kept) return;
    kept = now;
    if (!notes.length) return log.replaceChildren();
    const head = ["Picture", "What was done to it", "Bits right", "Strength", "The reader says"];
    log.replaceChildren(el("table", {},
      el("caption", {}, "Your log"),
      el("thead", {}, el("tr", {}, head.map((one) => el("th", { scope: "col" }, one)))),
      el("tbody", {}, notes.map((line) => el("tr", {}, line.map((cell) => el("td", {}, cell)))))));
  }

  /** What is new, in words, once the hand rests: spoken, and as the text alternative of the picture. */
  function settle(answer) {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (gone || !latest) return;
      canvas.setAttribute("aria-label", `${latest.alt} What arrives has ${latest.size}.`);
      const noted = answer.noted ? "Noted. " : "";
      if (host.bench.drawn > 1 && !answer.sentence) say.textContent = `${noted}${latest.right} of 32 bits right, strength ${number(latest.strength)}. ${latest.words}`;
    }, QUIET);
  }

  /* listening */

  scale();
  ask({});
  return () => {
    gone = true;
    clearTimeout(resting);
    send.close();
  };
}

export default { render };
