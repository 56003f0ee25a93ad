// Pictures, each with what its file says.

function render({ model, el: host }) {
  const root = ground(host, "What the file says");
  const files = model.get("files");
  const places = addresses(Object.fromEntries(files.map((one, number) => [number, one.picture])));
  const sheets = files.map((one, number) =>
    el(
      "section", { class: files.length > 1 || !places.has(String(number)) ? "lt-side" : "lt-sheet", "aria-label": one.title },
      places.has(String(number)) ? el("figure", { class: "lt-picture" }, el("img", { alt: one.alt, src: places.get(String(number)) })) : null,
      el("div", {}, el("h4", {}, one.title), credentialPanel(one.credential), one.note ? el("p", { class: "lt-quiet" }, one.note) : null),
    ));
  root.append(...(files.length > 1 ? [el("div", { class: "lt-sheet" }, sheets)] : sheets));
  return () => places.forEach((place) => URL.revokeObjectURL(place));
}

export default { render };
