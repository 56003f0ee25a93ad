// Put a page back as the course has it. The kernel changes the file; a window that shows it is loaded afresh.

function render({ model, el: host }) {
  const root = ground(host, "Put a page back");
  const ask = asker({ model, root });
  const list = el("select");
  const status = el("p", { class: "lt-quiet", role: "status", style: "margin-top: 8px" });
  const show = () => {
    const chosen = list.value;
    const options = [["", "Choose a page"], ...model.get("pages")];
    list.replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
    list.value = chosen;
    status.textContent = model.get("note");
  };

  // The windows of this page in the lab, where the lab lets itself be asked.
  const windows = (name) =>
    [...(globalThis.jupyterapp?.shell?.widgets?.("main") ?? [])].map((one) => one.context).filter((one) => one?.localPath === name);

  async function putBack() {
    const name = list.value;
    // What was typed and is not saved yet is the learner's too, and is to be kept.
    for (const one of windows(name)) if (one.model?.dirty) await one.save().catch(() => {});
    status.textContent = "";
    const answer = await ask({ type: "put back", name }, { by: press });
    if (!answer || answer.trouble) return;
    show(); // also where the sentence is the one that stood there before
    for (const one of windows(name)) await one.revert().catch(() => {});
    globalThis.jupyterapp?.commands?.execute("filebrowser:refresh").catch(() => {}); // the list of files shows what was kept
  }

  const press = button("Put this page back", putBack);
  root.append(el("div", { class: "lt-row" }, labelled("Page", list), press), status);
  show();

  model.on("change:pages change:note", show);
  return () => {
    ask.close();
    model.off("change:pages change:note", show);
  };
}

export default { render };
