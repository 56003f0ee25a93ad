// Save the learner's record to one file, and restore it from one. The file goes from kernel to disk and back; nowhere else.

function render({ model, el: host }) {
  const root = ground(host, "Your record");
  const ask = asker({ model, root });
  const status = el("p", { class: "lt-quiet", role: "status", style: "margin-top: 8px" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const picker = el("input", { type: "file", accept: ".jsonl", class: "lt-spoken", tabindex: "-1", "aria-label": "Choose your saved file" });
  const show = () => (status.textContent = model.get("note"));
  const complain = (text) => {
    trouble.textContent = text;
    trouble.hidden = !text;
  };
  const part = (word, done, whole) => (status.textContent = whole > PIECE ? `${word} ${Math.round((100 * done) / whole)} of 100 …` : `${word} …`);

  async function keep() {
    complain("");
    const pieces = [];
    let [here, size, name] = [0, 1, ""];
    while (here < size) {
      part("Saving:", here, size);
      const answer = await ask({ type: "save", start: here }, { by: save });
      if (answer === undefined) return;
      if (!answer || answer.trouble) return show(); // what is to be said of that is said already
      const piece = asBytes(answer.buffers[0]);
      pieces.push(piece);
      here += piece.length;
      ({ size, name } = answer);
    }
    const address = URL.createObjectURL(new Blob(pieces, { type: "application/x-ndjson" }));
    const link = el("a", { href: address, download: name, hidden: true });
    root.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    show();
  }

  async function bring(file) {
    complain("");
    if (file.size > model.get("largest")) {
      return complain("That file is too large to be a saved record. Choose the file whose name starts with look-twice.");
    }
    try {
      for (let start = 0; start === 0 || start < file.size; start += PIECE) {
        part("Bringing back:", start, file.size);
        const piece = await file.slice(start, start + PIECE).arrayBuffer();
        const answer = await ask({ type: "restore", start, size: file.size }, { buffers: [piece], by: restore });
        if (answer === undefined) return;
        if (!answer || answer.trouble) break;
      }
    } catch {
      complain("That file cannot be read. Copy it to another folder and try again.");
    }
    show();
  }

  picker.addEventListener("change", () => {
    const [file] = picker.files;
    picker.value = "";
    if (file) bring(file);
  });
  const save = button("Save my work to a file", keep, { main: true });
  const restore = button("Restore my work from a file", () => picker.click());
  root.append(el("div", { class: "lt-row" }, save, restore, picker), trouble, status);
  show();

  model.on("change:note", show);
  return () => {
    ask.close();
    model.off("change:note", show);
  };
}

export default { render };
