// The chain: files as nodes, what went into what as lines. Arrow keys walk along the lines; all of it happens here.

function render({ model, el: host }) {
  const root = ground(host, "Chain of edits");
  const { nodes, links } = model.get("graph");
  const places = addresses(model.get("pictures"));
  const columns = Math.max(...nodes.map((node) => node.column)) + 1;
  const of = (key) => nodes.find((node) => node.key === key);
  const last = nodes.find((node) => !links.some(([source]) => source === node.key)) ?? nodes.at(-1);
  let chosen = last.key;

  const lines = svg("svg", { class: "lt-lines", "aria-hidden": "true" });
  const tip = newId();
  const buttons = new Map();
  for (const node of nodes) {
    const { state, word } = node.credential;
    const box = el(
      "button", { type: "button", class: "lt-node", onclick: () => choose(node.key, true), "aria-label": label(node) },
      el("img", { alt: "", src: places.get(node.key), hidden: !places.has(node.key) }),
      el("span", { class: "lt-node-words" }, el("strong", {}, node.title), el("span", {}, node.tool ? `${node.by}, ${node.tool}` : node.by)),
      stateBadge(state, word),
    );
    box.style.gridColumn = String(node.column + 1);
    box.style.gridRow = String(node.row + 1);
    box.addEventListener("keydown", (event) => walk(event, node));
    buttons.set(node.key, box);
  }
  const graph = el(
    "div", { class: "lt-chain", role: "group", "aria-label": "Files, from the first on the left to the last on the right" },
    lines, [...buttons.values()],
  );
  graph.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  const scroll = el("div", { class: "lt-chain-box" }, graph);
  const title = el("h4", {});
  const details = el("div", {});
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  root.append(
    el("p", { class: "lt-quiet" }, "Click on a file, or walk with the arrow keys: left to what it was made from, right to what was made of it, up and down within a column. A solid line: opened and worked on. A dashed line: placed into it."),
    scroll, el("div", { class: "lt-note lt-chosen" }, title, details),
    model.get("told") ? el("p", {}, model.get("told")) : "", say,
  );

  function label(node) {
    const from = links.filter(([, target]) => target === node.key).map(([source]) => of(source).title);
    return `${node.title}, ${node.tool ? `${node.by}, ${node.tool}` : node.by}: ${node.credential.word}.${from.length ? ` Made from ${from.join(", ")}.` : ""}`;
  }

  function choose(key, speak = false) {
    chosen = key;
    const node = of(key);
    for (const [name, box] of buttons) {
      box.tabIndex = name === key ? 0 : -1;
      box.setAttribute("aria-pressed", String(name === key));
    }
    title.textContent = node.title;
    details.replaceChildren(credentialPanel(node.credential));
    lines.querySelectorAll("path[data-ends]").forEach((path) => path.classList.toggle("lt-touched", path.dataset.ends.split(" ").includes(key)));
    if (speak) {
      const { word, means, rows, reasons } = node.credential;
      say.textContent = [`${node.title}. ${word}. ${means}`, ...rows.map(([what, text]) => `${what}: ${text}.`), ...reasons].join(" ");
    }
  }

  function walk(event, node) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const before = links.filter(([, target]) => target === node.key).map(([source]) => source);
    const after = links.filter(([source]) => source === node.key).map(([, target]) => target);
    const column = nodes.filter((one) => one.column === node.column).sort((a, b) => a.row - b.row);
    const at = column.indexOf(node);
    const next = {
      ArrowLeft: before[0], ArrowRight: after[0], ArrowUp: column[at - 1]?.key, ArrowDown: column[at + 1]?.key,
      Home: nodes[0].key, End: last.key,
    };
    if (!(event.key in next)) return;
    event.preventDefault();
    event.stopPropagation();
    const key = next[event.key];
    if (!key) return;
    choose(key, true);
    buttons.get(key).focus();
  }

  function draw() {
    const frame = graph.getBoundingClientRect();
    if (!frame.width) return;
    lines.setAttribute("viewBox", `0 0 ${graph.scrollWidth} ${graph.scrollHeight}`);
    lines.setAttribute("width", graph.scrollWidth);
    lines.setAttribute("height", graph.scrollHeight);
    const marker = svg("marker", { id: tip, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0 0l8 4-8 4z", class: "lt-tip" }));
    const paths = links.map(([source, target, whole]) => {
      const from = buttons.get(source).getBoundingClientRect();
      const to = buttons.get(target).getBoundingClientRect();
      const x1 = from.right - frame.left;
      const y1 = from.top - frame.top + from.height / 2;
      const x2 = to.left - frame.left - 2;
      // each line ends at a place of its own along the edge
      const ends = links.filter((one) => one[1] === target).map((one) => one[0]);
      const y2 = to.top - frame.top + (to.height * (ends.indexOf(source) + 1)) / (ends.length + 1);
      const middle = (x1 + x2) / 2;
      const straight = Math.abs(y1 - y2) < 1 || ends.length === 1;
      const d = straight ? `M${x1} ${y1}L${x2} ${y1}` : `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
      return svg("path", { d, class: whole ? "lt-way" : "lt-way lt-placed", "data-ends": `${source} ${target}`, "marker-end": `url(#${tip})` });
    });
    lines.replaceChildren(svg("defs", {}, marker), ...paths);
    choose(chosen);
  }

  choose(chosen);
  const watch = new ResizeObserver(draw);
  watch.observe(graph);
  return () => {
    watch.disconnect();
    places.forEach((place) => URL.revokeObjectURL(place));
  };
}

export default { render };
