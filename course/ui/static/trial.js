// The blind trial: one picture at a time, a verdict, how sure, and what to check next. Where a picture comes from is
// not in the browser: the kernel keeps it until the trial is over.

const VERDICTS = [["camera", "A camera recorded it"], ["generated", "A generator made it"]];

function render({ model, el: host }) {
  const root = ground(host, "Blind trial");
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const body = el("div");
  root.append(body, say);
  let stage = null;
  let shownAt = null; // when the picture was there to be seen; null until then

  const send = asker({ model, root });
  const trouble = (text) => {
    const note = body.querySelector(".lt-trouble");
    if (!note) return;
    note.textContent = text;
    note.hidden = !text;
  };
  const troubleNote = (text) => el("p", { class: "lt-note lt-trouble", role: "alert", hidden: !text }, text);

  const bar = ({ done, total, saved }) =>
    el(
      "div", { style: "margin-bottom: 8px" },
      el("div", { class: "lt-row", style: "justify-content: space-between" },
        el("span", { class: "lt-label" }, done < total ? `Item ${done + 1} of ${total}` : `${total} of ${total}`),
        el("span", { class: "lt-quiet", "data-saved": saved }, saved === 1 ? "1 answer saved" : `${saved} answers saved`)),
      el("progress", { max: total, value: done, "aria-label": `${done} of ${total} done` }),
    );

  const all = (total, one, many) => (total === 1 ? one : many); // a teacher's own form may hold a single item

  const ready = (state) => {
    const start = button(state.saved ? "Go on" : "Start", () => send({ type: "go" }), { main: true });
    const mix = state.even ? "About half come from a camera." : "How many come from a camera is not told.";
    const text = state.saved
      ? `You stopped after ${state.saved} of ${state.total}. Your answers are saved; the rest waits for you.`
      : `${all(state.total, "1 item.", `${state.total} items, one at a time.`)} ${mix} You can pause whenever you like; every answer is saved at once.`;
    const kept = state.earlier ? el("p", { class: "lt-quiet" }, "Your result stays as it is until this round is finished.") : "";
    body.replaceChildren(el("h3", {}, state.title), el("p", {}, text), kept, start, troubleNote(state.trouble));
    return start;
  };

  const done = (state) => {
    // A second round is asked about first: nobody should lose sight of a result by one click.
    const sure = el("div", { class: "lt-note", role: "group", "aria-label": "Take it once more?", hidden: true });
    const again = button("Take it once more", () => {
      sure.hidden = false;
      again.hidden = true;
      yes.focus();
    });
    const yes = button("Yes, once more", () => send({ type: "again" }));
    const no = button("Leave it", () => {
      sure.hidden = true;
      again.hidden = false;
      again.focus();
    });
    sure.append(
      el("p", {}, `Your result stays until you have judged ${all(state.total, "it", `all ${state.total}`)} again. By then you have seen ${all(state.total, "it", "them")} before, so a second result says less about your eyes.`),
      el("div", { class: "lt-row" }, yes, no),
    );
    body.replaceChildren(
      bar(state),
      el("h3", {}, all(state.total, "Your answer is saved.", `All ${state.total} answers are saved.`)),
      el("p", {}, "Run the next box to see what they say about you, and about the pictures."),
      again, sure, troubleNote(state.trouble),
    );
    return null;
  };

  const asking = (state) => {
    const name = newId();
    const steps = model.get("steps");
    const verdict = el("fieldset", {}, el("legend", {}, "Where does it come from?"));
    for (const [value, text] of VERDICTS) {
      verdict.append(el("label", { class: "lt-option" }, el("input", { type: "radio", name, value }), el("span", {}, text)));
    }
    const range = el("input", { type: "range", min: 0, max: steps.length - 1, step: 1, value: 0 });
    range.id = newId();
    const reading = el("output", { for: range.id, class: "lt-quiet", style: "display: block" });
    const read = () => {
      reading.textContent = steps[range.value][1];
      range.setAttribute("aria-valuetext", steps[range.value][1]);
    };
    range.addEventListener("input", read);
    read();
    const check = el("select", {}, el("option", { value: "" }, "Choose one"), ...model.get("checks").map(([value, text]) => el("option", { value }, text)));
    check.id = newId();
    const save = button("Save and go on", () => {
      const choice = verdict.querySelector("input:checked");
      if (!choice) return trouble("Choose camera or generator first. A guess is fine.");
      if (!check.value) return trouble("Choose what you would check next. “Nothing” is an answer too.");
      trouble("");
      send({
        type: "answer", position: state.position, verdict: choice.value, confidence: steps[range.value][0], check: check.value,
        seconds: shownAt === null ? null : Math.round((performance.now() - shownAt) / 100) / 10,
      });
    }, { main: true });
    const questions = el(
      "div", { class: "lt-ask" },
      verdict,
      el("div", { style: "margin-bottom: 16px" },
        el("label", { class: "lt-label", for: range.id }, "How sure are you? "), reading, range),
      el("div", { style: "margin-bottom: 16px" },
        el("label", { class: "lt-label", for: check.id, style: "display: block" }, "What would you check next?"), check),
      el("div", { class: "lt-row" }, save, button("Pause", () => send({ type: "pause" }))),
      troubleNote(state.trouble),
    );
    const picture = el("div", { class: "lt-shown" });
    body.replaceChildren(bar(state), el("div", { class: "lt-trial" }, picture, questions));
    shownAt = null;
    const shown = new Stage(picture, [model.get("track")], [model.get("picture")]);
    stage = host.stage = shown;
    shown.ready.then(() => {
      if (stage !== shown) return; // that item is answered already, and this would count for the next
      shownAt = performance.now();
      if (!matchMedia("(prefers-reduced-motion: reduce)").matches) stage.toggle();
    });
    return verdict.querySelector("input");
  };

  const draw = (first) => {
    const state = model.get("state");
    const held = root.contains(document.activeElement) || document.activeElement === document.body;
    if (state.trouble && !first && state.position === host.position && state.phase === "asking") return trouble(state.trouble);
    stage?.close();
    stage = null;
    const begun = !first && state.phase === "asking" && host.phase !== "asking";
    host.position = state.position;
    host.phase = state.phase;
    const focus = { ready, asking, paused: ready, done }[state.phase](state);
    if (!first && held) focus?.focus({ preventScroll: true });
    if (begun) root.scrollIntoView({ block: "start" }); // the whole item on the screen, once, when the trial begins
    if (!first) say.textContent = state.phase === "asking" ? `Saved: ${state.saved}. Item ${state.done + 1} of ${state.total}.` : `Saved: ${state.saved} of ${state.total}.`;
  };
  const changed = () => draw(false);
  draw(true);
  model.on("change:state", changed);
  return () => {
    send.close();
    model.off("change:state", changed);
    stage?.close();
  };
}

export default { render };
