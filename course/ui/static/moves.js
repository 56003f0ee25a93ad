// Next moves: choose and rank what to check outside the frame; the reply says what each can and cannot settle.

function render({ model, el: host }) {
  const root = ground(host, "What would you check next?");
  let order = [...model.get("order")];
  const ask = asker({ model, root });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });

  const move = (from, to) => {
    const [item] = order.splice(from, 1);
    order.splice(to, 0, item);
    draw(`${texts()[item]}: now number ${to + 1}`);
    root.querySelectorAll("[data-rank]")[to].querySelector("button:enabled")?.focus();
  };
  const texts = () => model.get("moves").map((one) => one.text);

  const draw = (spoken = "", kept = false) => {
    const replies = model.get("replies");
    const most = model.get("most");
    const pool = el("fieldset", {}, el("legend", {}, model.get("prompt")));
    texts().forEach((text, index) => {
      const box = el("input", { type: "checkbox" });
      box.checked = order.includes(index);
      box.disabled = !box.checked && order.length >= most;
      box.dataset.move = index;
      box.addEventListener("change", () => {
        if (box.checked) order.push(index);
        else order = order.filter((one) => one !== index);
        draw(box.checked ? `${text}: number ${order.length}` : `${text}: taken out`);
        root.querySelector(`input[data-move="${index}"]`).focus();
      });
      pool.append(el("label", { class: "lt-option" }, box, el("span", {}, text)));
    });
    const ranked = el("ol", { "aria-label": "Your order" });
    order.forEach((index, place) => {
      const up = button("Earlier", () => move(place, place - 1));
      const down = button("Later", () => move(place, place + 1));
      up.disabled = place === 0;
      down.disabled = place === order.length - 1;
      for (const [one, word] of [[up, "earlier"], [down, "later"]]) one.setAttribute("aria-label", `${texts()[index]}: ${word}`);
      const line = el("li", { "data-rank": place, style: "margin-bottom: 8px" }, el("div", { class: "lt-row" }, el("span", {}, texts()[index]), up, down));
      const reply = replies[index];
      if (reply) line.append(el("div", { class: "lt-said", style: "margin-left: 0" }, el("p", {}, `Can settle: ${reply.settles}`), el("div", {}, `Cannot settle: ${reply.open}`)));
      ranked.append(line);
    });
    const send = button("This is my order", () => {
      if (!order.length) return complain("Choose at least one thing to check first.");
      ask({ type: "rank", order });
    }, { main: true });
    const trouble = model.get("trouble");
    const note = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: !trouble }, trouble);
    const complain = (text) => {
      note.textContent = text;
      note.hidden = false;
    };
    const closing = model.get("closing");
    const focused = root.contains(document.activeElement) && document.activeElement.textContent === send.textContent;
    root.replaceChildren(pool, ranked, send, note, ...(kept ? [el("p", { class: "lt-quiet" }, "Your order is kept.")] : []), ...(closing ? [el("p", { class: "lt-note" }, closing)] : []), say);
    say.textContent = spoken;
    if (focused) send.focus();
  };
  const changed = () => {
    const kept = !model.get("trouble");
    draw(kept ? `Your order is kept. ${model.get("closing")}` : "", kept);
  };
  draw();
  model.on("change:tick", changed);
  return () => {
    ask.close();
    model.off("change:tick", changed);
  };
}

export default { render };
