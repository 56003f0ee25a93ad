// A list of trust: tick whom you trust, and see the same files come to other states. The checking is done by the kernel.

function render({ model, el: host }) {
  const root = ground(host, "List of trust");
  const places = addresses(model.get("pictures"));
  const alts = model.get("alts");
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const ask = asker({ model, root, place: trouble });
  const boxes = new Map();
  const list = el("fieldset", {}, el("legend", {}, "Whom do you trust?"));
  for (const [name, title, words] of model.get("known")) {
    const box = el("input", { type: "checkbox" });
    box.addEventListener("change", async () => {
      // What is not kept is not shown as kept.
      if ((await ask({ name, on: box.checked }, { beside: true })) === null) draw();
    });
    boxes.set(name, box);
    list.append(el("label", { class: "lt-option" }, box, el("span", {}, el("strong", {}, title), ` ${words}`)));
  }
  const body = el("tbody", {});
  const head = el("tr", {}, ["", "Picture", "Signer", "By your list"].map((text) => (text ? el("th", { scope: "col" }, text) : el("td", {}))));
  const table = el("table", {}, el("caption", { class: "lt-spoken" }, "What each file comes to by your list"), el("thead", {}, head), body);
  root.append(el("div", { class: "lt-trusting" }, list, el("div", {}, table)), trouble, say);

  const draw = () => {
    const { on, files, trouble: wrong } = model.get("state");
    for (const [name, box] of boxes) box.checked = on.includes(name);
    body.replaceChildren(...files.map(([label, told]) => {
      const by = told.rows[0]?.[1].split(",")[0] ?? "–";
      return el(
        "tr", {}, el("td", {}, el("img", { class: "lt-stamp", alt: alts[label] ?? "", src: places.get(label) })),
        el("td", {}, label), el("td", {}, by), el("td", {}, stateBadge(told.state, told.word)),
      );
    }));
    trouble.textContent = wrong;
    trouble.hidden = !wrong;
  };
  const changed = () => {
    draw();
    say.textContent = model.get("state").spoken;
  };
  draw();
  model.on("change:state", changed);
  return () => {
    ask.close();
    model.off("change:state", changed);
    places.forEach((place) => URL.revokeObjectURL(place));
  };
}

export default { render };
