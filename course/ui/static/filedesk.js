// The file desk: what a file says of itself, a filter, and the tools to change it. Nothing is decided here.

function render({ model, el: host }) {
  const changing = model.get("changing");
  const root = ground(host, changing ? "File desk" : "Inside a file");

  const ask = asker({ model, root });
  const fileBox = el("select", {});
  fileBox.addEventListener("change", async () => {
    // What is not open is not shown as open.
    if ((await ask({ type: "choose", label: fileBox.value }, { beside: true })) === null) fileBox.value = model.get("state").label;
  });
  const own = opener({
    ask, largest: model.get("largest"), text: "Open a file of your own", chooser: "Choose a picture or a film of your own",
    accept: "image/*,video/*", complain: (text) => complain(text), more: (file) => ({ name: file.name }),
  });
  const title = el("h3", {});
  const image = el("img", { alt: "" });
  const caption = el("figcaption", {});
  const remarks = el("ul", { class: "lt-remarks" });
  const filter = el("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const counted = el("span", { class: "lt-quiet" });
  const fields = el("div", { class: "lt-fields", role: "region", tabindex: "0", "aria-label": "All fields" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const made = el("div", { class: "lt-made", hidden: true });

  const entry = (label, hint) => {
    const input = el("input", { type: "text", placeholder: hint, autocomplete: "off", spellcheck: "false" });
    input.id = newId();
    return { input, box: el("div", {}, el("label", { for: input.id, class: "lt-label" }, label), input) };
  };
  const taken = entry("Date and time", "2019-07-14 12:30");
  const camera = entry("Camera", "Dream Camera 3000");
  const latitude = entry("Degrees north (south: −)", "48.9");
  const longitude = entry("Degrees east (west: −)", "2.3");
  const write = button("Write these in", () => {
    const place = [latitude, longitude].map((one) => one.input.value.trim().replace("−", "-").replace(",", "."));
    const fields = { taken: taken.input.value.trim(), camera: camera.input.value.trim() };
    if (place[0] || place[1]) fields.place = place;
    ask({ type: "edit", fields });
  });
  const strip = button("Take everything out", () => ask({ type: "strip" }), { main: true });
  const back = button("Put the file back as it was", () => ask({ type: "back" }));
  const keep = button("Keep a copy", () => ask({ type: "keep" }));
  const entries = [taken, camera, latitude, longitude].map((one) => one.input);
  const tools = el("div", { class: "lt-row" }, strip, back, keep);
  const answer = el("div", { class: "lt-answer" }, trouble, made); // beside the button that was pressed
  tools.addEventListener("click", () => tools.after(answer));
  write.addEventListener("click", () => write.after(answer));

  root.append(
    ...(changing ? [el("div", { class: "lt-row lt-choose" }, labelled("File", fileBox), own.button, own.picker)] : []),
    title,
    el(
      "div", { class: "lt-inside" },
      el("figure", { class: "lt-picture" }, image, caption),
      changing
        ? el("div", {},
            el("h4", {}, "Change the story"),
            tools, answer,
            el("div", { class: "lt-entries" }, taken.box, camera.box, latitude.box, longitude.box),
            write)
        : remarks,
    ),
    ...(changing ? [el("details", { class: "lt-text" }, el("summary", {}, "What these notes tell"), remarks)] : [trouble]),
    el("div", { class: "lt-row lt-sift" }, labelled("Show only fields with", filter), counted),
    fields,
    ...model.get("told").map((text) => el("p", { class: "lt-note" }, text)),
    say,
  );

  let address = null;
  function look() {
    const bytes = asBytes(model.get("picture"));
    if (address) URL.revokeObjectURL(address);
    address = bytes.length ? URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })) : null;
    image.hidden = !address;
    if (address) image.src = address;
    else image.removeAttribute("src");
  }

  /** The fields that the filter lets through, section by section. */
  function sift() {
    const { sections, structure, count, notes } = model.get("state");
    const wanted = filter.value.trim().toLowerCase();
    const fits = ([name, value]) => !wanted || `${name} ${value}`.toLowerCase().includes(wanted);
    const tables = [];
    let seen = 0;
    const add = (heading, rows, counts) => {
      const some = rows.filter((row) => fits(row) || heading.toLowerCase().includes(wanted));
      if (!some.length) return;
      if (counts) seen += some.length;
      tables.push(
        el("table", {}, el("caption", {}, heading),
          el("tbody", {}, some.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value))))),
      );
    };
    for (const [heading, rows] of sections) add(heading, rows, true);
    const empty = !count
      ? el("p", { class: "lt-nothing" }, "Nothing was found that a file could be without. That tells you very little: nearly every file that was sent around has lost it on the way.")
      : !seen ? el("p", { class: "lt-nothing" }, "No field has these letters. Clear the box to see all.") : null;
    if (structure.length) add("How the file is built (every file has this)", structure, false);
    fields.replaceChildren(...[empty, ...tables, ...notes.map((text) => el("p", { class: "lt-quiet" }, text))].filter(Boolean));
    counted.textContent = wanted ? `${seen} of ${count} fields` : `${count} fields`;
  }

  function compare() {
    const { made: change, kept } = model.get("state");
    made.hidden = !change;
    back.disabled = !change;
    keep.disabled = !change;
    if (!change) return;
    const head = el("tr", {}, ["", "before", "after"].map((text) => (text ? el("th", { scope: "col" }, text) : el("td", {}))));
    made.replaceChildren(
      ...(kept ? [el("p", { class: "lt-note" }, `A copy is kept as ${kept}. The file itself stays as it was.`)] : []),
      el("p", { class: "lt-note" }, change.same),
      el("table", {}, el("caption", { class: "lt-spoken" }, "The file before and after"), el("thead", {}, head),
        el("tbody", {}, change.rows.map(([what, ...cells]) =>
          el("tr", { class: cells[0] === cells[1] ? null : "lt-changed" }, el("th", { scope: "row" }, what), cells.map((text) => el("td", {}, text)))))),
    );
  }

  function complain(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  function draw() {
    const state = model.get("state");
    const known = state.files.map(([label]) => label).join("\n");
    if (fileBox.dataset.known !== known) {
      fileBox.dataset.known = known;
      fileBox.replaceChildren(...state.files.map(([label, text]) => el("option", { value: label }, text)));
    }
    fileBox.value = state.label;
    const open = `${state.label}\n${state.name}`;
    if (root.dataset.open !== open) for (const one of entries) one.value = ""; // words for another file
    root.dataset.open = open;
    title.textContent = state.name;
    image.alt = state.alt;
    caption.textContent = `${state.format}. ${state.alt}`;
    remarks.replaceChildren(...state.remarks.map(([found, tells]) => el("li", {}, el("strong", {}, found), " ", tells)));
    complain(state.trouble);
    sift();
    if (changing) compare();
    say.textContent = state.spoken;
  }

  filter.addEventListener("input", sift);
  model.on("change:state", draw);
  model.on("change:picture", look);
  look();
  draw();
  return () => {
    if (address) URL.revokeObjectURL(address);
    ask.close();
    model.off("change:state", draw);
    model.off("change:picture", look);
  };
}

export default { render };
