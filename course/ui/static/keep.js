// Save the learner's record to one file, and restore it from one. The file goes from kernel to disk and back; nowhere else.

function render({ model, el: host }) {
  const root = ground(host, "Your record");
  const status = el("p", { class: "lt-quiet", role: "status", style: "margin-top: 8px" });
  const picker = el("input", { type: "file", accept: ".jsonl", class: "lt-spoken", tabindex: "-1", "aria-label": "Choose your saved file" });
  const show = () => (status.textContent = model.get("note"));
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    picker.value = "";
    if (!file) return;
    if (file.size > model.get("largest")) {
      status.textContent = "That file is too large to be a saved record. Choose the file whose name starts with look-twice.";
      return;
    }
    model.send({ type: "restore" }, undefined, [await file.arrayBuffer()]);
  });
  const save = button("Save my work to a file", () => model.send({ type: "save" }), { main: true });
  const restore = button("Restore my work from a file", () => picker.click());
  root.append(el("div", { class: "lt-row" }, save, restore, picker), status);
  show();

  const receive = (message, buffers) => {
    if (message.type !== "file") return;
    const address = URL.createObjectURL(new Blob([buffers[0]], { type: "application/x-ndjson" }));
    const link = el("a", { href: address, download: message.name, hidden: true });
    root.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  model.on("msg:custom", receive);
  model.on("change:note", show);
  return () => {
    model.off("msg:custom", receive);
    model.off("change:note", show);
  };
}

export default { render };
