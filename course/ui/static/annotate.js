// Mark the place: a box or nothing, a family, how sure; then what others have marked there, and why. Nothing that tells
// comes into the browser before the answer is saved.

function render({ model, el: host }) {
  const root = ground(host, "Mark the place");
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const body = el("div");
  root.append(body, say);
  let sheet = null;
  let shown = null; // the position whose picture is on the screen

  const trouble = (text) => {
    const note = body.querySelector(".lt-trouble");
    if (!note) return;
    note.textContent = text;
    note.hidden = !text;
  };
  const send = asker({ model, root });
  const note = (text) => el("p", { class: "lt-note lt-trouble", role: "alert", hidden: !text }, text);

  const bar = ({ position, done, total }) => {
    const at = position === null ? `${total} of ${total}` : `Picture ${position + 1} of ${total}`;
    return el(
      "div", { style: "margin-bottom: 8px" },
      el("div", { class: "lt-row", style: "justify-content: space-between" },
        el("span", { class: "lt-label" }, at),
        el("span", { class: "lt-quiet", "data-saved": done }, done === 1 ? "1 answer saved" : `${done} answers saved`)),
      el("progress", { max: total, value: done, "aria-label": `${done} of ${total} done` }),
    );
  };

  const ready = (state) => {
    const start = button(state.done ? "Go on" : "Start", () => send({ type: "go", position: null }), { main: true });
    const text = state.done
      ? `You stopped after ${state.done} of ${state.total}. Your answers are saved; the rest waits for you.`
      : `${state.total} pictures, one at a time. Most come from a camera. After each one you see what we marked, and why. Every answer is saved at once.`;
    body.replaceChildren(el("h3", {}, state.title), el("p", {}, text), start, note(state.trouble));
    return start;
  };

  const done = (state) => {
    body.replaceChildren(
      bar(state),
      el("h3", {}, `All ${state.total} answers are saved.`),
      el("p", {}, "Run the next box to see what they add up to."),
      button("Look through them again", () => send({ type: "go", position: 0 })),
      note(state.trouble),
    );
    return null;
  };

  const families = () => {
    const name = newId();
    const list = el("fieldset", { class: "lt-families" }, el("legend", {}, "If something is odd: of which family?"));
    for (const { key, title, short } of model.get("families")) {
      list.append(el("label", { class: "lt-option" }, el("input", { type: "radio", name, value: key }),
        el("span", {}, title, el("span", { class: "lt-quiet" }, ` – ${short}`))));
    }
    list.addEventListener("change", () => trouble(""));
    return list;
  };

  const asking = (state) => {
    const steps = model.get("steps");
    const list = families();
    const range = el("input", { type: "range", min: 0, max: steps.length - 1, step: 1, value: 0 });
    range.id = newId();
    const reading = el("output", { for: range.id, class: "lt-quiet", style: "display: block" });
    const read = () => {
      reading.textContent = steps[range.value][1];
      range.setAttribute("aria-valuetext", steps[range.value][1]);
    };
    range.addEventListener("input", read);
    read();
    const answer = (box, family) => {
      trouble("");
      send({ type: "answer", position: state.position, box, family, confidence: steps[range.value][0] });
    };
    const save = button("Save my mark", () => {
      const family = list.querySelector("input:checked");
      if (!sheet?.box) return trouble("Draw a box round what looks odd first. If nothing does, say so with the other button.");
      if (!family) return trouble("Choose a family for what you have marked. A guess is fine.");
      answer(sheet.box, family.value);
    }, { main: true });
    const nothing = button("Nothing I can point at", () => answer(null, null), { main: true });
    return [
      list,
      el("div", { style: "margin-bottom: 16px" }, el("label", { class: "lt-label", for: range.id }, "How sure are you of your answer? "), reading, range),
      el("div", { class: "lt-row" }, save, nothing),
      note(state.trouble),
    ];
  };

  const told = (state) => {
    const reply = model.get("told");
    body.querySelector(".lt-how").textContent = reply.own ? "Your box is solid, ours are dashed and have numbers." : "Our boxes are dashed and have numbers.";
    if (!reply.marks.length) body.querySelector(".lt-how").textContent = reply.own ? "Your box is solid." : "";
    sheet.closeBox(reply.own);
    sheet.showMarks(reply.marks);
    const next = button(state.position + 1 < state.total ? "Next picture" : "To the end", () => send({ type: "go", position: state.position + 1 }), { main: true });
    const back = button("Back", () => send({ type: "go", position: state.position - 1 }));
    back.disabled = state.position === 0;
    return [...toldParts(reply, sheet), el("div", { class: "lt-row" }, next, back), note(state.trouble)];
  };

  const picture = (state) => {
    const ask = el("div", { class: "lt-ask" });
    if (shown === state.position && sheet) {
      body.querySelector(".lt-ask").replaceWith(ask); // the same picture: it stays where it is
      body.firstChild.replaceWith(bar(state));
    } else {
      sheet?.close();
      const place = el("div", { class: "lt-shown" });
      const hint = el("p", { class: "lt-quiet lt-how" }, "Drag a box round what looks odd. By keys: “Place a box”, then arrows, or Shift and arrows.");
      body.replaceChildren(bar(state), el("div", { class: "lt-trial lt-annotate" }, place, ask));
      sheet = new Sheet(place, [model.get("track")], [model.get("picture")]);
      sheet.row.before(hint);
      sheet.changed = () => trouble("");
      host.marking = sheet; // the browser test looks at it
      shown = state.position;
    }
    ask.append(...(state.phase === "told" ? told(state) : asking(state)));
    return state.phase === "told" ? ask.querySelector("button.lt-main") : sheet.adder;
  };

  const draw = (first) => {
    const state = model.get("state");
    const held = root.contains(document.activeElement) || document.activeElement === document.body;
    if (state.trouble && !first && state.phase === host.phase && shown === state.position) return trouble(state.trouble);
    const begun = !first && host.phase === "ready";
    host.phase = state.phase;
    if (state.phase !== "asking" && state.phase !== "told") {
      sheet?.close();
      sheet = null;
      shown = null;
    }
    const focus = { ready, done, asking: picture, told: picture }[state.phase](state);
    if (!first && held) focus?.focus({ preventScroll: true });
    if (begun) root.scrollIntoView({ block: "start" }); // the whole picture on the screen, once, at the beginning
    if (first) return;
    const reply = model.get("told");
    say.textContent = state.phase === "told"
      ? [reply.title, ...reply.words, ...reply.marks.map(({ words }, i) => `Mark ${i + 1}. ${words}`), ...reply.after].join(" ")
      : state.phase === "asking" ? `Picture ${state.position + 1} of ${state.total}. ${model.get("track").alt}` : "";
  };
  const changed = () => draw(false);
  draw(true);
  model.on("change:state", changed);
  return () => {
    send.close();
    model.off("change:state", changed);
    sheet?.close();
  };
}

export default { render };
