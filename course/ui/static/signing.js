// The signing desk: make a certificate, sign a picture, and see what becomes of the signature. All of it is done by the kernel.

function render({ model, el: host }) {
  const root = ground(host, "Signing desk");
  const ask = asker({ model, root });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const note = el("p", { class: "lt-note", hidden: true });

  const entry = (label, type = "text") => {
    const input = el("input", { type, autocomplete: type === "password" ? "new-password" : "off", spellcheck: "false" });
    input.id = newId();
    return { input, box: el("div", {}, el("label", { for: input.id, class: "lt-label" }, label), input) };
  };

  // 1: who signs
  const pen = entry("A pen name (not your real one)");
  pen.input.maxLength = 36;
  const password = entry("A password for the key, if you like", "password");
  // The passwords leave the page once the kernel has them, and not before: a question that goes unanswered keeps them.
  const give = async (by, box, message) => {
    making = true;
    const answer = await ask({ ...message, password: box.value }, { by });
    if (answer) box.value = "";
    if (answer !== undefined) making = false;
  };
  const make = button("Make my certificate", () => give(make, password.input, { type: "make", name: pen.input.value, another: another || Boolean(state?.locked) }), { main: true });
  const opening = entry("The password of your key", "password");
  const unlock = button("Open my key", () => give(unlock, opening.input, { type: "unlock" }), { main: true });
  for (const [input, act] of [[pen.input, make], [password.input, make], [opening.input, unlock]]) {
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      act.click();
    });
  }
  const who = el("p", {});
  const again = button("Make another certificate", () => {
    another = true;
    draw();
    pen.input.focus();
  });
  const known = el("div", { class: "lt-row" }, who, again);
  const locked = el("div", {}, el("div", { class: "lt-entries" }, opening.box), unlock);
  const maker = el("div", {}, el("div", { class: "lt-entries" }, pen.box, password.box), make);
  let another = false; // whether a second certificate is being made
  let making = false; // whether a certificate or a key is on its way

  // 2: what is signed
  const fileBox = el("select", {});
  fileBox.addEventListener("change", async () => {
    // What is not open is not shown as open.
    if ((await ask({ type: "choose", label: fileBox.value }, { beside: true })) === null && state) fileBox.value = state.label;
  });
  const own = opener({
    ask, largest: model.get("largest"), text: "Open a picture of your own", chooser: "Choose a picture of your own",
    accept: "image/*", complain: (text) => complain(text),
  });
  const title = entry("Title");
  title.input.maxLength = 80;
  title.input.value = "My first signed picture";
  const claim = el("select", {}, model.get("claims").map(([value, text]) => el("option", { value }, text)));
  claim.id = newId();
  const claimed = el("div", {}, el("label", { for: claim.id, class: "lt-label" }, "I say that it was"), claim);
  const sign = button("Sign it", () => ask({ type: "sign", title: title.input.value, claim: claim.value }), { main: true });

  // 3: what becomes of it
  const image = el("img", { alt: "" });
  const caption = el("figcaption", {});
  const file = el("div", {});
  const harms = [
    button("Turn one bit over", () => ask({ type: "flip" })),
    button("Save it again", () => ask({ type: "save-again" })),
    button("Take the statement out", () => ask({ type: "strip" })),
    button("Look at it as a stranger", () => ask({ type: "distrust" })),
  ];
  const keep = button("Keep a copy", () => ask({ type: "keep" }));
  const body = el("tbody", {});
  const table = el(
    "table", {}, el("caption", { class: "lt-spoken" }, "What the same picture came to"),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Your picture"), el("th", { scope: "col" }, "came to"))), body,
  );

  root.append(
    el("h3", {}, "1. Who signs"), known, locked, maker,
    el("h3", { class: "lt-step" }, "2. What is signed"),
    el("div", { class: "lt-row lt-choose" }, labelled("Picture", fileBox), own.button, own.picker),
    el("div", { class: "lt-entries" }, title.box, claimed),
    sign,
    el("h3", { class: "lt-step" }, "3. What becomes of it"),
    el("div", { class: "lt-row" }, ...harms, keep),
    trouble, note,
    el("div", { class: "lt-sheet lt-submitted" }, el("figure", { class: "lt-picture" }, image, caption), file),
    table, say,
  );

  let state = null; // comes as a message: it holds the pen name, and nothing of it is to be saved with the notebook
  let address = null;
  function look(data) {
    const bytes = asBytes(data);
    if (address) URL.revokeObjectURL(address);
    address = bytes.length ? URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })) : null;
    if (address) image.src = address;
  }

  function complain(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  function draw() {
    if (!state) return;
    who.replaceChildren("You sign as ", el("strong", {}, state.name), ". The key lies in your own folder, for you alone.");
    known.hidden = !state.ready || another;
    locked.hidden = !state.locked;
    maker.hidden = state.ready && !another;
    fileBox.replaceChildren(...state.files.map((label) => el("option", { value: label }, label)));
    fileBox.value = state.label;
    sign.disabled = !state.ready;
    for (const one of harms) one.disabled = !state.signed;
    keep.disabled = !state.signed;
    image.alt = state.alt;
    caption.textContent = `Now: ${state.act}.`;
    file.replaceChildren(el("h4", {}, "What its file says"), credentialPanel(state.credential));
    body.replaceChildren(...state.tried.map(([, words, came, word]) =>
      el("tr", {}, el("th", { scope: "row" }, words), el("td", {}, came ? stateBadge(came, word) : el("span", { class: "lt-quiet" }, "not tried yet")))));
    complain(state.trouble);
    note.textContent = state.kept ? `A copy is kept as ${state.kept}.` : state.told;
    note.hidden = !note.textContent;
    say.textContent = state.spoken;
  }

  const receive = (message, buffers) => {
    if (message.type !== "state") return;
    const made = making && message.state.ready && !message.state.trouble;
    if (made) another = making = false;
    state = message.state;
    look(buffers[0]);
    draw();
    if (made) title.input.focus(); // the button that was pressed is gone, and this comes next
  };
  model.on("msg:custom", receive);
  ask({ type: "show" }, { beside: true });
  return () => {
    if (address) URL.revokeObjectURL(address);
    ask.close();
    model.off("msg:custom", receive);
  };
}

export default { render };
