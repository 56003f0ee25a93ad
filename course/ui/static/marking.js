// Marking by hand: put a ring round a thing, frame by frame, by mouse or by keys. The kernel keeps the marks.

const HELP =
  "Click on it, or use keys: arrows move the ring (with Shift ten pixels), W and N make it wider and narrower, " +
  "Enter marks and goes on, full stop and comma go on and back, Delete takes a mark away.";

const pixels = (count) => (count === 1 ? "1 pixel" : `${count} pixels`);

function render({ model, el: host }) {
  const root = ground(host, "Marking");
  const { thing, first, last, step, wanted, ring: wide } = model.get("setup");
  const track = model.get("track");
  const ring = { x: track.width / 2, y: track.height / 2, width: wide };
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const note = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const count = el("p", { class: "lt-label", "data-marks": 0 });
  const list = el("ul");
  let onward = false; // go on once the mark is saved
  let seen = false; // the ring is drawn once a hand has come near

  const marks = () => model.get("state").marks;
  const markOf = (frame) => marks().find((mark) => mark[0] === frame);
  const complain = (text) => {
    note.textContent = text;
    note.hidden = !text;
  };

  const ask = asker({ model, root, place: note });
  const send = async (message) => {
    if (!(await ask(message))) onward = false;
  };
  const put = () => {
    stage.pause();
    onward = true;
    const round = (value) => Math.round(value * 10) / 10;
    send({ type: "mark", frame: stage.frame, x: round(ring.x), y: round(ring.y), width: round(ring.width) });
  };
  const remove = () => {
    if (!markOf(stage.frame)) return complain(`There is no mark in frame ${stage.frame + 1}.`);
    send({ type: "remove", frame: stage.frame });
  };
  const go = (by) => {
    stage.pause();
    stage.show(clamp(stage.frame + by, first, last));
    say.textContent = `Frame ${stage.frame + 1}`;
  };
  const move = (right, down) => {
    seen = true;
    ring.x = clamp(ring.x + right, 0, track.width);
    ring.y = clamp(ring.y + down, 0, track.height);
    stage.draw();
    say.textContent = `Ring at ${Math.round(ring.x)} across, ${Math.round(ring.y)} down`;
  };
  const widen = (width) => {
    seen = true;
    ring.width = clamp(width, 2, 40);
    slider.value = ring.width;
    reading.textContent = pixels(ring.width);
    slider.setAttribute("aria-valuetext", reading.textContent);
    stage.draw();
  };

  /* drawing */

  const over = (context, canvas, stage) => {
    const { x: left, y: top, size } = stage.view;
    const scale = canvas.width / (track.width * size);
    const at = (x, y) => [(x / track.width - left) * (canvas.width / size), (y / track.height - top) * (canvas.height / size)];
    const stroke = (draw, dash = []) => {
      for (const [colour, width] of [["#000000", 4], ["#ffffff", 2]]) {
        context.beginPath();
        draw();
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.setLineDash(dash);
        context.stroke();
      }
      context.setLineDash([]);
    };
    const round = (x, y, radius) => () => context.arc(x, y, radius, 0, 2 * Math.PI);
    for (const [frame, x, y, width] of marks()) {
      const [px, py] = at(x, y);
      if (frame === stage.frame) stroke(round(px, py, (width / 2) * scale));
      stroke(round(px, py, 2));
    }
    if (!seen || stage.playing) return;
    const [px, py] = at(ring.x, ring.y);
    const reach = (ring.width / 2) * scale;
    stroke(round(px, py, reach), [5, 4]);
    stroke(() => {
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(px + dx * (reach + 3), py + dy * (reach + 3));
        context.lineTo(px + dx * (reach + 11), py + dy * (reach + 11));
      }
    });
  };

  /* what a hand can do */

  const pick = (x, y) => {
    seen = true;
    ring.x = x * track.width;
    ring.y = y * track.height;
    put();
  };
  const box = el("div", { class: "lt-marking" });
  const stage = new Stage(box, [track], [model.get("picture")], { start: clamp(marks().at(-1)?.[0] ?? first, first, last), pick, over });
  host.stage = stage;
  const [canvas] = stage.canvases;
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons || event.pointerType === "touch") return;
    const frame = canvas.getBoundingClientRect();
    const { x, y, size } = stage.view;
    ring.x = (x + ((event.clientX - frame.left) / frame.width) * size) * track.width;
    ring.y = (y + ((event.clientY - frame.top) / frame.height) * size) * track.height;
    seen = true;
    stage.draw();
  });
  canvas.addEventListener("focus", () => {
    seen = true;
    stage.draw();
  });
  // On the canvas itself, before the stage hears of it: here the arrows move the ring and not the playhead.
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const by = event.shiftKey ? 10 : 1;
    const acts = {
      ArrowLeft: () => move(-by, 0), ArrowRight: () => move(by, 0), ArrowUp: () => move(0, -by), ArrowDown: () => move(0, by),
      w: () => widen(ring.width + 0.5), n: () => widen(ring.width - 0.5), Enter: put,
      ".": () => go(step), ",": () => go(-step), Delete: remove, Backspace: remove,
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  const help = el("p", { class: "lt-quiet", id: newId() }, HELP);
  canvas.setAttribute("aria-describedby", help.id);
  const slider = el("input", { type: "range", min: 2, max: 40, step: 0.5, value: ring.width });
  const reading = el("output", { class: "lt-quiet" }, pixels(ring.width));
  slider.setAttribute("aria-valuetext", reading.textContent);
  slider.addEventListener("input", () => widen(Number(slider.value)));
  const width = labelled("Width of the ring", slider);
  width.classList.add("lt-ring");
  width.append(reading);
  const frames = step === 1 ? "One frame" : `${step} frames`;
  // Above the picture, so that both are on the screen at once.
  box.prepend(
    el("div", { class: "lt-marks" },
      count,
      width,
      el("div", { class: "lt-row" },
        button("Mark here", put, { main: true }),
        button(`${frames} back`, () => go(-step)),
        button(`${frames} on`, () => go(step)),
        button("Remove mark", remove),
        button("Begin anew", () => send({ type: "clear" }))),
      note),
  );
  box.append(help, el("details", { class: "lt-text" }, el("summary", {}, "Your marks, in words"), list), say);
  root.append(box);

  const show = () => {
    const done = marks().length;
    if (done >= wanted) count.textContent = `${done} frames marked and saved. Enough: run the next box.`;
    else count.textContent = `${done} of ${wanted} frames marked${done ? " and saved" : `: click on the middle of ${thing}`}.`;
    count.dataset.marks = done;
    list.replaceChildren(
      ...marks().map(([frame, x, y, wide]) => el("li", {}, `Frame ${frame + 1}: ${x} across, ${y} down, ${pixels(wide)} wide.`)),
    );
    stage.draw();
  };
  const changed = () => {
    const { trouble, spoken } = model.get("state");
    complain(trouble);
    if (!trouble && onward) stage.show(clamp(stage.frame + step, first, last));
    onward = false;
    show();
    say.textContent = trouble ? "" : `${spoken} ${count.textContent}`; // trouble is an alert, and speaks for itself
  };
  show();
  model.on("change:state", changed);
  return () => {
    ask.close();
    model.off("change:state", changed);
    stage.close();
  };
}

export default { render };
