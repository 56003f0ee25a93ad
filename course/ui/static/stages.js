// A picture in stages, from whole to gone, under one slider.

function render({ model, el: host }) {
  const { label, name, caption, alt, words, sizes, width, height, note } = model.get("setup");
  const root = ground(host, label);
  const reel = new Reel({ captions: [caption], name, width, height });
  root.classList.add("lt-stages");
  root.append(reel.node, el("p", { class: "lt-quiet" }, note));
  let gone = false;
  decode(model.get("pictures"), sizes).then(
    (bitmaps) => {
      if (gone) return bitmaps.forEach((bitmap) => bitmap.close());
      reel.load([bitmaps], words, [alt]);
    },
    () => root.append(el("p", { class: "lt-note lt-trouble", role: "alert" }, "These pictures could not be shown. Run the box again with Shift+Enter.")),
  );
  host.reel = reel; // the browser test reads it
  return () => {
    gone = true;
    reel.close();
  };
}

export default { render };
