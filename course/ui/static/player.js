// A clip or a still, or two side by side or wiped one over the other.

function render({ model, el: host }) {
  const root = ground(host, model.get("label"));
  let stage = null;
  let layout = model.get("layout_name");

  const chooser = () => {
    const box = el("select", {}, el("option", { value: "side" }, "side by side"), el("option", { value: "wipe" }, "wiped one over the other"));
    box.value = layout;
    box.addEventListener("change", () => {
      layout = box.value;
      const frame = stage.frame;
      show(frame);
      root.querySelector("select").focus();
    });
    return labelled("Show the two", box);
  };

  const show = (start) => {
    stage?.close();
    root.replaceChildren();
    const tracks = model.get("tracks");
    if (!tracks.length) return;
    if (tracks.length > 1) root.append(chooser());
    const curves = model.get("curves");
    stage = new Stage(root, tracks, model.get("pictures"), { layout, start, curves: Object.keys(curves).length ? curves : null });
    stage.stepped = () => {
      if (model.get("stepped")) return;
      model.set("stepped", true);
      model.save_changes();
    };
    const note = model.get("note").split("\n").filter(Boolean);
    if (note.length) root.append(el("div", { class: "lt-note" }, ...note.map((line) => el("p", {}, line))));
    host.stage = stage; // the browser test measures the stage through this
  };

  show(model.get("start"));
  const again = () => show(stage ? stage.frame : 0);
  model.on("change:tracks", again);
  return () => {
    model.off("change:tracks", again);
    stage?.close();
  };
}

export default { render };
