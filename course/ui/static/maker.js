// Pictures out of noise: choose a word and a number, let the kernel walk, and go over all its steps under one slider.

function render({ model, el: host }) {
  const { words, side, highest, lanes, told } = model.get("setup");
  const two = lanes > 1;
  const root = ground(host, two ? "Two picture makers" : "Picture maker");
  root.classList.add("lt-maker");
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const ask = asker({ model, root });
  const after = el("p", { hidden: true }, told); // what is said once there is a picture, and not before
  let turn = 0;

  const complain = (text) => {
    trouble.textContent = text;
    trouble.hidden = !text;
  };
  const asks = Array.from({ length: lanes }, (_, i) => {
    const word = el("select", {}, words.map((text) => el("option", { value: text }, text)));
    const number = el("input", { type: "number", min: 0, max: highest, step: 1, inputmode: "numeric" });
    number.addEventListener("keydown", (event) => event.key === "Enter" && make());
    const other = button("Another number", () => {
      number.value = Math.floor(Math.random() * (highest + 1));
      say.textContent = `Number ${number.value}`;
    });
    const row = el("div", { class: "lt-row lt-wish" }, labelled("Word", word), labelled("Noise number", number), two ? null : other);
    const box = two
      ? el("fieldset", { class: "lt-reel-column" }, el("legend", {}, i ? "Right" : "Left"), row)
      : row;
    return { word, number, box };
  });
  const go = button(two ? "Make both pictures" : "Make a picture", () => make(), { main: true });
  const status = el("span", { class: "lt-quiet" });
  const captions = ["What is there now", "The network's guess"];
  const reel = new Reel({
    captions: asks.flatMap(() => captions), name: "From noise to picture", width: side, height: side, plays: true, sharp: true, group: 2,
  });
  root.append(
    el("div", { class: two ? "lt-reel-pictures" : null }, asks.map((one) => one.box)),
    el("div", { class: "lt-row lt-go" }, go, status), trouble, reel.node, after, say,
  );
  reel.node.hidden = true;

  async function make() {
    complain("");
    const wishes = asks.map(({ word, number }) => ({ word: word.value, number: number.value === "" ? null : Number(number.value) }));
    const asked = ask({ type: "make", wishes }, { by: go });
    status.textContent = "The network is at work …";
    if ((await asked) !== undefined) status.textContent = "";
  }

  async function show(first) {
    const state = model.get("state");
    complain(state.trouble);
    if (state.trouble && !first) return;
    state.wishes.forEach(({ word, number }, i) => {
      asks[i].word.value = word;
      asks[i].number.value = number;
    });
    if (!state.words.length) return;
    const mine = ++turn;
    const strips = await Promise.all(model.get("pictures").map((data) => unpack(data, side)));
    if (mine !== turn) return strips.flat().forEach((bitmap) => bitmap.close());
    reel.node.hidden = false;
    after.hidden = !told;
    reel.load(strips, state.words, state.alts);
    reel.pictures.forEach((picture, i) => (picture.querySelector("figcaption").textContent = captions[i % 2]));
    if (!first) say.textContent = `Made: ${state.made}. The slider goes through its steps.`;
    if (still.matches) reel.show(state.words.length - 1);
    else reel.toggle();
  }

  const changed = () => show(false);
  show(true);
  model.on("change:state", changed);
  host.reel = reel; // the browser test reads it
  return () => {
    turn += 1;
    ask.close();
    model.off("change:state", changed);
    reel.close();
  };
}

export default { render };
