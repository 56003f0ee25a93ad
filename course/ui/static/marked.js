// One picture with its reasons beside it, or two beside each other with their reasons under them.

function render({ model, el: host }) {
  const root = ground(host, model.get("label"));
  const told = model.get("told");
  const alone = told.length === 1;
  const plates = [];
  const columns = model.get("tracks").map((track, i) => {
    const place = el("div", { class: "lt-shown" });
    const plate = new Plate(place, [track], [model.get("pictures")[i]]);
    plate.showMarks(told[i].marks);
    plates.push(plate);
    const words = el("div", {}, ...toldParts(told[i], plate));
    return alone ? [place, words] : el("div", { class: "lt-plate" }, place, words);
  });
  root.append(el("div", { class: alone ? "lt-trial" : "lt-plates" }, ...columns.flat()));
  const notes = model.get("notes").map(([head, text]) => el("p", {}, el("strong", {}, head), ` ${text}`));
  if (notes.length) root.append(el("div", { class: "lt-note" }, ...notes));
  host.plates = plates;
  return () => plates.forEach((plate) => plate.close());
}

export default { render };
