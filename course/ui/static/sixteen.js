// Sixteen squares: press those that a camera took, then check. Which are which is not in the browser before that.

const FATES = {
  camera: ["wrongly accused", "believed"],
  generated: ["caught", "missed"],
};

function render({ model, el: host }) {
  const { side } = model.get("setup");
  const root = ground(host, "Sixteen squares");
  root.classList.add("lt-sixteen");
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const body = el("div");
  root.append(body, say);
  let phase = null;
  let round = null;
  let bitmaps = null;
  let turn = 0;

  const troubleNote = (text) => el("p", { class: "lt-note lt-trouble", role: "alert", hidden: !text }, text);
  const complain = (text) => {
    const note = body.querySelector(".lt-trouble");
    note.textContent = text;
    note.hidden = !text;
  };
  const ask = asker({ model, root });
  const acts = (state) => {
    const others = button("Sixteen others", () => ask({ type: "again", round: state.round }));
    return state.last ? el("p", { class: "lt-quiet" }, "There are no others: you have seen every picture that was held back.") : others;
  };

  const ready = (state) => {
    const show = button(state.told.length ? "Show them again" : "Show the sixteen squares", () => ask({ type: "go" }), { main: true });
    const progress = el("p", { class: "lt-quiet lt-progress" });
    body.replaceChildren(
      el("h3", {}, `Round ${state.round}`),
      ...state.told.map((line) => el("p", {}, line)),
      el("div", { class: "lt-row" }, show, state.told.length ? acts(state) : null),
      progress, troubleNote(state.trouble),
    );
    return show;
  };

  const grid = (state, square) =>
    el("div", { class: "lt-squares", role: "group", "aria-label": `The squares of round ${state.round}` },
      state.labels.map((label, place) => {
        const canvas = el("canvas", { width: side, height: side, class: "lt-sharp", "aria-hidden": "true" });
        canvas.getContext("2d").drawImage(bitmaps[place], 0, 0);
        return square(canvas, label, place);
      }));

  const asking = (state) => {
    const count = el("span", { class: "lt-quiet" });
    const picks = new Set();
    const tell = () => (count.textContent = picks.size === 1 ? "1 chosen" : `${picks.size} chosen`);
    const squares = grid(state, (canvas, label, place) => {
      const one = el("button", {
        type: "button", class: "lt-square", "aria-pressed": "false", "aria-label": `Square ${place + 1}, ${label}`,
        onclick: () => {
          picks.has(place) ? picks.delete(place) : picks.add(place);
          one.setAttribute("aria-pressed", String(picks.has(place)));
          tell();
        },
      }, canvas, el("span", {}, `${place + 1} ${label}`));
      return one;
    });
    const check = button("Check", () => ask({ type: "check", round: state.round, picks: [...picks] }), { main: true });
    tell();
    body.replaceChildren(
      el("h3", {}, `Round ${state.round}: which did a camera take?`),
      el("p", {}, "Press each square that you think a camera took. All others count as generated."),
      squares, el("div", { class: "lt-row" }, check, count), troubleNote(state.trouble),
    );
    return squares.querySelector("button");
  };

  const told = (state) => {
    const squares = grid(state, (canvas, label, place) => {
      const { origin, picked, number } = state.truth[place];
      const fate = FATES[origin][Number(picked)];
      canvas.removeAttribute("aria-hidden");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `Square ${place + 1}, ${label}`);
      return el("figure", { class: `lt-square lt-told ${origin}` }, canvas,
        el("figcaption", {}, el("span", {}, `${place + 1} ${label}`), el("strong", { class: origin }, origin), el("span", {}, fate),
          number === null ? null : el("span", { class: "lt-quiet" }, `no. ${number}`)));
    });
    const others = acts(state);
    const words = el("div", { class: "lt-said", tabindex: "-1" }, state.told.map((line) => el("p", {}, line)));
    body.replaceChildren(
      el("h3", {}, `Round ${state.round}: what they are`), words, squares,
      el("div", { class: "lt-row" }, others), troubleNote(state.trouble),
    );
    return words;
  };

  async function draw(first) {
    const state = model.get("state");
    if (state.phase === "making") {
      const progress = body.querySelector(".lt-progress") ?? body.appendChild(el("p", { class: "lt-quiet lt-progress" }));
      progress.textContent = `Eight of them are made now, out of noise: ${state.made} of 8`;
      return;
    }
    if (!first && state.trouble && state.phase === phase && state.round === round) return complain(state.trouble);
    const mine = ++turn;
    const fresh = state.phase === "ready" ? null : await unpack(model.get("pictures"), side);
    if (mine !== turn) return fresh?.forEach((bitmap) => bitmap.close());
    bitmaps?.forEach((bitmap) => bitmap.close());
    bitmaps = fresh;
    const held = root.contains(document.activeElement) || document.activeElement === document.body;
    [phase, round] = [state.phase, state.round];
    const focus = { ready, asking, told }[state.phase](state);
    if (!first && held) focus.focus({ preventScroll: true });
    if (!first) {
      root.scrollIntoView({ block: "nearest" });
      say.textContent = state.phase === "told" ? state.told.join(" ") : `Sixteen squares. Round ${state.round}.`;
    }
  }
  const changed = () => draw(false);
  const start = model.get("state");
  if (start.phase === "making") ready({ ...start, trouble: "" });
  draw(true);
  model.on("change:state", changed);
  return () => {
    turn += 1;
    ask.close();
    model.off("change:state", changed);
    bitmaps?.forEach((bitmap) => bitmap.close());
  };
}

export default { render };
