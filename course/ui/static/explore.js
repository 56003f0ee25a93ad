// All pictures with what was marked on them: choose by origin, by family, by name.

function render({ model, el: host }) {
  const root = ground(host, model.get("label"));
  const origins = el("select");
  const families = el("select");
  const names = el("select");
  const count = el("span", { class: "lt-quiet" });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const ask = el("div", { class: "lt-ask" });
  const place = el("div", { class: "lt-shown" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const send = asker({ model, root });
  // What is not there is not shown as chosen.
  const choose = async (what, beside = true) => (await send({ type: "choose", ...what }, { beside })) === null && choices();
  const step = (by) => choose({ picture: names.options[clamp(names.selectedIndex + by, 0, names.options.length - 1)].value }, false);
  const back = button("Previous", () => step(-1));
  const next = button("Next", () => step(1));
  let plate = null;

  const fill = (box, pairs, value) => {
    box.replaceChildren(...pairs.map(([key, text]) => el("option", { value: key }, text)));
    box.value = value;
  };
  origins.addEventListener("change", () => choose({ origin: origins.value }));
  families.addEventListener("change", () => choose({ family: families.value }));
  names.addEventListener("change", () => choose({ picture: names.value }));
  root.append(
    el("div", { class: "lt-row lt-choose" }, labelled("From", origins), labelled(model.get("sort"), families), labelled("Picture", names)),
    el("div", { class: "lt-row lt-choose" }, back, next, count),
    trouble, el("div", { class: "lt-trial lt-annotate" }, place, ask), say,
  );

  const choices = () => {
    const state = model.get("state");
    fill(origins, model.get("origins"), state.origin);
    fill(families, model.get("families"), state.family);
    fill(names, state.pictures.map((one) => [one, one]), state.picture);
  };
  const draw = (first) => {
    const state = model.get("state");
    choices();
    count.textContent = state.pictures.length === 1 ? "1 picture" : `${state.pictures.length} pictures`;
    back.disabled = names.selectedIndex <= 0;
    next.disabled = names.selectedIndex >= names.options.length - 1;
    trouble.textContent = state.trouble;
    trouble.hidden = !state.trouble;
    if (host.picture === state.picture && plate) return;
    host.picture = state.picture;
    plate?.close();
    plate = null;
    ask.replaceChildren();
    const track = model.get("track");
    if (!track.sizes) return;
    const reply = model.get("told");
    plate = new Plate(place, [track], [model.get("picture")], { start: reply.marks[0]?.frames?.[0] ?? 0 });
    plate.showMarks(reply.marks);
    ask.append(...toldParts(reply, plate));
    host.plate = plate;
    if (!first) say.textContent = `${state.picture}. ${track.alt} ${reply.title} ${reply.words.join(" ")}`;
  };
  const changed = () => draw(false);
  draw(true);
  model.on("change:state", changed);
  return () => {
    send.close();
    model.off("change:state", changed);
    plate?.close();
  };
}

export default { render };
