// The evidence ledger: odds on top, one piece at a time below, and the table of what has been weighed.

function render({ model, el: host }) {
  const root = ground(host, "Evidence ledger");
  const { question, sides, widest, steps, starts, sources, pieces } = model.get("sheet");
  const [claim, otherwise] = sides;
  const ask = asker({ model, root });
  let open = model.get("state").key || pieces[0].key;
  const middle = (steps.length - 1) / 2;

  const begin = el("select", {}, el("option", { value: "" }, "Choose"), starts.map(([step, text]) => el("option", { value: step }, text)));
  begin.addEventListener("change", async () => {
    if (!begin.value) return;
    // What is not kept is not shown as kept.
    if ((await ask({ type: "begin", step: Number(begin.value) }, { beside: true })) === null) begin.value = model.get("state").start ?? "";
  });
  const fraction = el("strong", {});
  const odds = el("span", {});
  const bar = svg("svg", { viewBox: "0 0 760 92", class: "lt-odds", role: "img" });
  const naive = el("p", { class: "lt-note", hidden: true });
  const beyond = el("p", { class: "lt-note", hidden: true }, "Beyond 1,000 to 1 doubt your ledger before you doubt the case: the number holds only if each of your weights does, and if the sources really know nothing of each other.");

  const tabs = pieces.map((piece, number) => {
    const node = button(String(number + 1), () => show(piece.key), { pressed: false });
    node.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      tabs[(number + by + tabs.length) % tabs.length].node.focus();
      event.preventDefault();
    });
    return { piece, node };
  });
  const title = el("h3", {});
  title.tabIndex = -1;
  const found = el("p", { class: "lt-quiet" });
  const range = el("input", { type: "range", min: 0, max: steps.length - 1, step: 1 });
  range.id = newId();
  const reading = el("p", { class: "lt-reading" });
  const read = () => {
    reading.textContent = steps[Number(range.value)];
    range.setAttribute("aria-valuetext", reading.textContent);
  };
  range.addEventListener("input", read);
  const source = el("select", {}, el("option", { value: "" }, "Choose"), sources.map((one) => el("option", { value: one }, one)));
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const reply = el("div", { class: "lt-back", hidden: true });
  const weigh = button("Enter it", () => {
    if (!source.value) return complain("Say first what it goes back to.");
    complain("");
    ask({ type: "weigh", item: open, step: Number(range.value), source: source.value });
  }, { main: true });
  const next = button("Next piece", () => {
    const { weighed } = model.get("state");
    const at = pieces.findIndex((piece) => piece.key === open);
    const turn = [...pieces.slice(at + 1), ...pieces.slice(0, at + 1)];
    show((turn.find((piece) => !weighed[piece.key]) ?? turn[0]).key);
    title.focus();
  });
  const count = el("span", { class: "lt-quiet" });
  const table = el("div", { class: "lt-log" });
  const experts = el("div", { class: "lt-experts", hidden: true });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });

  root.append(
    el("p", {}, el("strong", {}, question)),
    el("div", { class: "lt-ledger" }, labelled("Before any evidence I say", begin),
      el("p", { class: "lt-number" }, "Your odds now: ", fraction, " ", odds), rolling(bar, 600), naive, beyond),
    el("div", { class: "lt-row lt-tabs", role: "group", "aria-label": "Pieces of evidence" }, tabs.map((tab) => tab.node)),
    title, found,
    el("label", { class: "lt-label", for: range.id }, `How much likelier is it that you find this if “${claim}” is right, or if “${otherwise}” is?`),
    el("div", { class: "lt-row lt-ends" }, el("span", { class: "lt-quiet" }, `← if ${otherwise}`), el("span", { class: "lt-quiet" }, `if ${claim} →`)),
    range, reading, labelled("It goes back to", source),
    el("div", { class: "lt-row lt-send" }, weigh, next, count), trouble, reply, table, experts, say,
  );

  function complain(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  function show(key) {
    open = key;
    const piece = pieces.find((one) => one.key === key);
    title.textContent = `${pieces.indexOf(piece) + 1}. ${piece.says}`;
    found.textContent = `Where: ${piece.found}.`;
    const already = model.get("state").weighed[key];
    range.value = already?.step ?? middle;
    source.value = already?.source ?? "";
    read();
    complain("");
    answer();
  }

  const x = (place) => 380 + (place / widest) * 340;
  const text = (attributes, content) => {
    const node = svg("text", attributes);
    node.textContent = content;
    return node;
  };

  function drawBar(state) {
    const ticks = [[-6, "1 to a million"], [-3, "1 to 1,000"], [0, "even"], [3, "1,000 to 1"], [6, "a million to 1"]];
    const at = x(state.odds.place);
    bar.setAttribute("aria-label", `Odds for “${claim}”: ${state.odds.said}.`);
    bar.replaceChildren(
      svg("rect", { class: "lt-rail", x: 40, y: 40, width: 680, height: 16 }),
      svg("rect", { class: "lt-fill", x: Math.min(380, at), y: 40, width: Math.abs(at - 380), height: 16 }),
      text({ x: 2, y: 16 }, `← ${otherwise}`), text({ x: 758, y: 16, "text-anchor": "end" }, `${claim} →`),
      ...ticks.flatMap(([place, label], i) => [
        svg("path", { class: "lt-tick-line", d: `M${x(place)} 36v24` }),
        text({ x: x(place), y: 76, "text-anchor": i === 0 ? "start" : i === 4 ? "end" : "middle", dx: i === 0 ? -38 : i === 4 ? 38 : 0 }, label),
      ]),
      ...state.experts.map((one) => svg("path", { class: "lt-expert", d: `M${x(one.place)} 36l6 -9h-12z` })),
      svg("path", { class: "lt-needle", d: `M${at} 32v32` }),
    );
  }

  function drawTable(state) {
    const weighed = pieces.filter((piece) => state.weighed[piece.key]);
    table.hidden = !weighed.length;
    table.replaceChildren(el("table", {}, el("caption", {}, "Your ledger"),
      el("thead", {}, el("tr", {}, ["", "Evidence", "Likelier", "Goes back to", "Counts"].map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, weighed.map((piece) => {
        const one = state.weighed[piece.key];
        return el("tr", {}, [pieces.indexOf(piece) + 1, piece.says, steps[one.step], one.source, one.counts ? "yes" : "not again"].map((cell) => el("td", {}, String(cell))));
      }))));
  }

  function answer() {
    const state = model.get("state");
    begin.value = state.start ?? "";
    fraction.textContent = state.odds.fraction;
    odds.textContent = state.odds.words;
    naive.hidden = !state.naive;
    naive.textContent = `Counted twice, what shares a source would have brought you to ${state.naive}. That is how one source looks like many.`;
    beyond.hidden = !state.beyond;
    drawBar(state);
    for (const { piece, node } of tabs) {
      const done = state.weighed[piece.key];
      node.setAttribute("aria-pressed", String(piece.key === open));
      node.classList.toggle("lt-entered", Boolean(done));
      node.setAttribute("aria-label", `${pieces.indexOf(piece) + 1}: ${piece.says} ${done ? "Entered." : "Waits."}`);
    }
    const one = state.weighed[open];
    reply.hidden = !one;
    if (one) {
      reply.replaceChildren(
        el("p", {}, one.fate), one.hint ? el("p", {}, one.hint) : "",
        ...one.opinions.map(([name, words]) => el("p", {}, el("strong", {}, `${name}: `), words)),
      );
    }
    const many = Object.keys(state.weighed).length;
    count.textContent = `${many} of ${pieces.length} entered`;
    drawTable(state);
    experts.hidden = !state.experts.length;
    experts.replaceChildren(el("h4", {}, "Where two others end"), ...state.experts.map((one) =>
      el("p", {}, el("strong", {}, `${one.name}: `), `from ${one.begins} to ${one.said}. ${one.concludes}`)),
      el("p", { class: "lt-quiet" }, "Small triangles on the bar show where they end. They differ, and neither is the key."));
  }

  const changed = () => {
    const { key, trouble: wrong, spoken } = model.get("state");
    if (!key || key === open) complain(wrong);
    answer();
    say.textContent = spoken;
  };
  show(open);
  model.on("change:state", changed);
  return () => {
    ask.close();
    model.off("change:state", changed);
  };
}

export default { render };
