// Something in one's own words: a box to write in, then a checklist to hold the text against.

TAKES_KEYS.add("textarea");

function render({ model, el: host }) {
  const root = ground(host, "In your own words");
  const ask = asker({ model, root });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const box = el("textarea", { rows: 5, class: "lt-writing", maxlength: model.get("longest") });
  box.id = newId();
  box.value = model.get("state").text;
  const note = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const list = el("div");
  const ticks = () => [...list.querySelectorAll("input:checked")].map((one) => Number(one.value));
  const keep = () => {
    if (!box.value.trim()) return complain("Write a sentence first.");
    ask({ type: "keep", text: box.value, ticks: ticks() });
  };
  const complain = (text) => {
    note.textContent = text;
    note.hidden = !text;
  };
  const state = el("span", { class: "lt-quiet" });
  const send = button("Keep my text", keep, { main: true });
  box.addEventListener("input", () => (state.textContent = box.value === model.get("state").text ? "Kept." : "Not kept yet."));
  root.append(
    el("label", { class: "lt-label", for: box.id, style: "display: block" }, model.get("prompt")),
    box,
    el("div", { class: "lt-row", style: "margin: 8px 0 16px" }, send, state, el("span", { class: "lt-quiet" }, "It stays in your record, on this machine.")),
    note, list, say,
  );

  const draw = () => {
    const { text, checklist, example, trouble, saved, ticks: ticked } = model.get("state");
    complain(trouble);
    if (text) state.textContent = box.value === text ? "Kept." : "Not kept yet.";
    if (saved) say.textContent = "Kept.";
    if (!checklist.length || list.childElementCount) return;
    const fields = el("fieldset", {}, el("legend", {}, "Hold your text against this list, and tick what it holds. Nobody marks it but you."));
    checklist.forEach((item, index) => {
      const tick = el("input", { type: "checkbox", value: index });
      tick.checked = ticked.includes(index);
      tick.addEventListener("change", keep);
      fields.append(el("label", { class: "lt-option" }, tick, el("span", {}, item)));
    });
    const more = el("details", { class: "lt-text" }, el("summary", {}, "One way to say it"), el("p", { class: "lt-said", style: "margin-left: 0" }, example));
    list.append(fields, el("p", { class: "lt-quiet" }, "Something missing? Add it above and keep your text again."), more);
    if (saved) say.textContent = "Kept. A checklist is below.";
  };
  draw();
  model.on("change:state", draw);
  return () => {
    ask.close();
    model.off("change:state", draw);
  };
}

export default { render };
