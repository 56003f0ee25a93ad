// How the views show what a check of Content Credentials came to. Four states, each with a shape of its own, none with a colour.

const STATES = {
  "trusted": ["M10 1.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z", "M5.8 10.4l2.9 2.9 5.6-6.2"],
  "signer unknown": ["", "M10 2.2a7.8 7.8 0 1 0 0 15.6a7.8 7.8 0 1 0 0-15.6zM7.6 8a2.4 2.4 0 1 1 3.4 2.2c-.8.4-1 .8-1 1.8M10 14.2v.9"],
  "broken": ["", "M11.6 2.4a7.8 7.8 0 0 1 .9 15l-2.6-3.6 2.4-3.2-2.6-3.4zM8 2.6a7.8 7.8 0 0 0 .6 15.1"],
  "none": ["", ""],
};

/** The shape of a state; the word stands beside it, so it is silent. */
function stateSign(state) {
  const [filled, line] = STATES[state] ?? STATES.none;
  const sign = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true", class: "lt-sign" });
  if (state === "none") sign.append(svg("circle", { cx: 10, cy: 10, r: 7.8, class: "lt-sign-none" }));
  if (filled) sign.append(svg("path", { d: filled, class: "lt-sign-full" }));
  if (line) sign.append(svg("path", { d: line, class: filled ? "lt-sign-cut" : "lt-sign-line" }));
  return sign;
}

const stateBadge = (state, word) => el("span", { class: "lt-state", "data-state": state }, stateSign(state), el("strong", {}, word));

/** What a file's credential says, or that there is none. */
function credentialPanel(told) {
  return el(
    "div", { class: "lt-credential" },
    stateBadge(told.state, told.word),
    el("p", { class: "lt-means" }, told.means),
    told.rows.length
      ? el("dl", {}, told.rows.map(([what, text]) => [el("dt", {}, what), el("dd", {}, text)]).flat())
      : null,
    told.reasons.length ? el("ul", { class: "lt-why" }, told.reasons.map((text) => el("li", {}, text))) : null,
  );
}

/** Pictures as addresses the page can show; the caller frees them. */
function addresses(pictures) {
  const made = new Map();
  for (const [key, data] of Object.entries(pictures)) {
    const bytes = asBytes(data);
    if (bytes.length) made.set(key, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
  }
  return made;
}
