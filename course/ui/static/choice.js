// A choice that is kept at once: the path through the course, the language of confidence.

function render({ model, el: host }) {
  const root = ground(host, model.get("label"));
  const name = newId();
  const ask = asker({ model, root });
  // What is not kept is not shown as chosen.
  const choose = async (value) => {
    if ((await ask({ type: "choose", value }, { beside: true })) !== null) return;
    for (const radio of root.querySelectorAll("input")) radio.checked = radio.value === model.get("value");
  };
  const said = (text, kept) => (kept ? el("p", { class: "lt-quiet", role: "status" }, text) : el("p", { class: "lt-note lt-trouble", role: "alert" }, text));
  const draw = () => {
    const list = el("fieldset", {}, el("legend", {}, model.get("label")));
    for (const [value, text] of model.get("options")) {
      const radio = el("input", { type: "radio", name, value });
      radio.checked = value === model.get("value");
      radio.addEventListener("change", () => choose(value));
      list.append(el("label", { class: "lt-option" }, radio, el("span", {}, text)));
    }
    const focused = root.contains(document.activeElement) ? document.activeElement.value : null;
    root.replaceChildren(list, said(model.get("note"), model.get("kept")));
    if (focused) root.querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
  };
  draw();
  model.on("change:tick", draw);
  return () => {
    ask.close();
    model.off("change:tick", draw);
  };
}

export default { render };
