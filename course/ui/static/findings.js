// Findings: for each, choose what it shows and what it does not show, then check the row. The replies come from the kernel.

function render({ model, el: host }) {
  const root = ground(host, "Shows, and does not show");
  const { prompt, rows } = model.get("table");
  const ask = asker({ model, root });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const count = el("p", { class: "lt-quiet" });
  const closing = el("p", { class: "lt-note", hidden: true });

  const side = (title, options, name) => {
    const box = el("fieldset", {}, el("legend", {}, title));
    options.forEach((text, index) => {
      box.append(el("label", { class: "lt-option" }, el("input", { type: "radio", name, value: index }), el("span", {}, text)));
    });
    const reply = el("div", { class: "lt-said lt-reply", hidden: true });
    box.append(reply);
    box.addEventListener("change", () => (reply.hidden = true)); // it was the reply to another choice
    return { box, reply, get value() { return box.querySelector("input:checked")?.value ?? null; } };
  };

  const parts = rows.map((row, number) => {
    const name = newId();
    const shows = side("It shows", row.shows, `${name}-a`);
    const open = side("It does not show", row.open, `${name}-b`);
    const note = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
    const state = el("span", { class: "lt-quiet" });
    const check = button("Check this row", () => {
      if (shows.value === null || open.value === null) {
        note.textContent = "Choose a sentence on both sides first.";
        note.hidden = false;
        return;
      }
      note.hidden = true;
      ask({ type: "check", row: row.key, shows: Number(shows.value), open: Number(open.value) });
    });
    check.setAttribute("aria-label", `Check this row: ${row.text}`);
    const box = el(
      "section", { class: "lt-finding", "aria-label": row.text },
      el("h4", {}, `${number + 1}. ${row.text}`),
      el("div", { class: "lt-sides" }, shows.box, open.box),
      el("div", { class: "lt-row" }, check, state), note,
    );
    return { row, shows, open, note, state, box };
  });
  root.append(el("p", {}, prompt), ...parts.map((one) => one.box), count, closing, say);

  const draw = (fresh = false) => {
    const { filled, done, closing: last, trouble, row, spoken } = model.get("state");
    for (const one of parts) {
      const reply = filled[one.row.key];
      if (trouble && row === one.row.key) {
        one.note.textContent = trouble;
        one.note.hidden = false;
      }
      if (!reply || (fresh && (trouble || row !== one.row.key))) continue;
      if (!fresh) {
        for (const [part, index] of [[one.shows, reply.shows], [one.open, reply.open]]) {
          part.box.querySelector(`input[value="${index}"]`).checked = true;
        }
      }
      [one.shows, one.open].forEach((part, i) => {
        part.reply.textContent = reply.replies[i];
        part.reply.hidden = false;
      });
      one.state.textContent = reply.right ? "Both fit." : "Read the replies, then choose again.";
    }
    count.textContent = `${done} of ${rows.length} rows filled so that both sides fit`;
    closing.textContent = last;
    closing.hidden = !last;
    if (fresh) say.textContent = spoken || trouble;
  };
  const changed = () => draw(true);
  draw();
  model.on("change:state", changed);
  return () => {
    ask.close();
    model.off("change:state", changed);
  };
}

export default { render };
