// The curator's desk: choose a submission from the pile, read its file, decide, give a reason. Replies come from the kernel.

function render({ model, el: host }) {
  const root = ground(host, "Curator's desk");
  const { prompt, labels, longest, submissions } = model.get("pile");
  const places = addresses(model.get("pictures"));
  let open = model.get("state").key || submissions[0].key;
  const name = newId();
  const ask = asker({ model, root });
  const one = (key) => submissions.find((entry) => entry.key === key);

  const thumbs = submissions.map((entry, number) => {
    const state = el("span", { class: "lt-quiet" }, "waits");
    const node = el(
      "button", { type: "button", class: "lt-thumb", onclick: () => show(entry.key) },
      el("img", { alt: "", src: places.get(entry.key) }), el("span", {}, String(number + 1)), state,
    );
    node.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      thumbs[(number + by + thumbs.length) % thumbs.length].node.focus();
      event.preventDefault();
    });
    return { entry, node, state };
  });
  const pile = el("div", { class: "lt-pile", role: "group", "aria-label": "Ten submissions" }, thumbs.map((thumb) => thumb.node));
  const title = el("h3", {});
  const image = el("img", { alt: "" });
  const sent = el("blockquote", { class: "lt-sent" });
  const file = el("div", {});
  const decisions = el("fieldset", { class: "lt-decisions" }, el("legend", {}, "What do you do with it?"));
  for (const [value, text] of labels) {
    decisions.append(el("label", { class: "lt-option" }, el("input", { type: "radio", name: `${name}-decision`, value }), el("span", {}, text)));
  }
  const grounds = el("fieldset", {}, el("legend", {}, "Which reason comes nearest to yours?"));
  const words = el("input", { type: "text", maxlength: longest, autocomplete: "off", class: "lt-wide" });
  words.id = newId();
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const reply = el("div", { class: "lt-back", hidden: true });
  const send = button("Decide", () => {
    const decision = root.querySelector(`input[name="${name}-decision"]:checked`);
    const ground = root.querySelector(`input[name="${name}-ground"]:checked`);
    if (!decision) return complain("Say first what you do with it.");
    if (!ground) return complain("Choose a reason first, the one that comes nearest to yours.");
    complain("");
    ask({ submission: open, decision: decision.value, ground: Number(ground.value), words: words.value });
  }, { main: true });
  const next = button("Next one that waits", () => {
    const { decided } = model.get("state");
    const at = submissions.findIndex((entry) => entry.key === open);
    const turn = [...submissions.slice(at + 1), ...submissions.slice(0, at + 1)];
    const key = turn.find((entry) => !decided[entry.key])?.key ?? turn[0].key;
    show(key);
    title.focus();
  });
  const count = el("span", { class: "lt-quiet" });
  const closing = el("p", { class: "lt-note", hidden: true });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  title.tabIndex = -1;

  root.append(
    el("p", {}, prompt), pile, title,
    el("div", { class: "lt-sheet lt-submitted" }, el("figure", { class: "lt-picture" }, image), el("div", {}, sent, file)),
    decisions, grounds,
    el("label", { class: "lt-label", for: words.id }, "In your own words, if you like"), words,
    el("div", { class: "lt-row lt-send" }, send, next, count),
    trouble, reply, closing, say,
  );

  function complain(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  function show(key) {
    open = key;
    const entry = one(key);
    const number = submissions.indexOf(entry) + 1;
    title.textContent = `${number}. ${entry.title}`;
    image.src = places.get(key) ?? "";
    image.alt = entry.alt;
    sent.textContent = entry.sent;
    file.replaceChildren(el("h4", {}, "What its file says"), credentialPanel(entry.credential));
    const already = model.get("state").decided[key];
    decisions.querySelectorAll("input").forEach((radio) => (radio.checked = radio.value === already?.decision));
    grounds.replaceChildren(grounds.firstChild, ...entry.grounds.map((text, index) => {
      const radio = el("input", { type: "radio", name: `${name}-ground`, value: index });
      radio.checked = index === already?.ground;
      return el("label", { class: "lt-option" }, radio, el("span", {}, text));
    }));
    words.value = already?.words ?? "";
    complain("");
    answer();
  }

  function answer() {
    const { decided, closing: last } = model.get("state");
    for (const { entry, node, state } of thumbs) {
      const done = decided[entry.key]?.done ?? "waits";
      state.textContent = done;
      node.setAttribute("aria-pressed", String(entry.key === open));
      node.setAttribute("aria-label", `${submissions.indexOf(entry) + 1}: ${entry.title}, ${done}`);
    }
    const already = decided[open];
    reply.hidden = !already;
    if (already) {
      reply.replaceChildren(
        el("p", {}, el("strong", {}, "Your decision. "), already.replies[0]),
        el("p", {}, el("strong", {}, "Your reason. "), already.replies[1]),
        el("p", {}, el("strong", {}, "Another curator wrote: "), already.colleague),
      );
    }
    const many = Object.keys(decided).length;
    count.textContent = `${many} of ${submissions.length} decided`;
    next.disabled = !already;
    next.textContent = many < submissions.length ? "Next one that waits" : "Next one";
    closing.textContent = last;
    closing.hidden = !last;
  }

  const changed = () => {
    const { key, trouble: wrong, spoken } = model.get("state");
    if (wrong && key === open) complain(wrong);
    answer();
    say.textContent = spoken;
  };
  show(open);
  model.on("change:state", changed);
  return () => {
    ask.close();
    model.off("change:state", changed);
    places.forEach((place) => URL.revokeObjectURL(place));
  };
}

export default { render };
