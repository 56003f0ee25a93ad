// One question: options with feedback for each, staged hints, sure or unsure. What was answered lives in the kernel.

const SIGNS = {
  true: ["M10 1a9 9 0 1 0 0 18a9 9 0 1 0 0-18z", "M5.5 10.4l3 3 6-6.6"], // a full disc with a tick
  false: ["", "M16.8 7.5A7.5 7.5 0 1 0 17.5 11M17.2 2.8v5h-5"], // an arrow that turns back: look again
};

/** A reply with its head. The sign says in shape what the head says in words. */
function replied(text, [right, head]) {
  const [disc, line] = SIGNS[right];
  const sign = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true", class: "lt-reply-sign" });
  if (disc) sign.append(svg("path", { class: "lt-disc", d: disc }));
  sign.append(svg("path", { class: "lt-stroke", d: line }));
  return el("div", { class: `lt-said ${right ? "lt-fits" : "lt-not-quite"}` }, el("p", { class: "lt-head-line" }, sign, el("strong", {}, head)), el("div", {}, text));
}

function render({ model, el: host }) {
  const root = ground(host, "Question");
  const name = newId();
  const ask = asker({ model, root });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });

  const draw = () => {
    const { prompt, options, hints, hintsLeft, feedback, heads, chosen, sure, trouble } = model.get("state");
    const picked = root.querySelector(`input[name="${name}"]:checked`)?.value;
    const wasSure = root.querySelector(`input[name="${name}-sure"]:checked`)?.value;
    const list = el("fieldset", {}, el("legend", {}, prompt));
    options.forEach((text, index) => {
      const radio = el("input", { type: "radio", name, value: index });
      radio.checked = String(index) === (picked ?? String(chosen));
      list.append(el("label", { class: "lt-option" }, radio, el("span", {}, text)));
      const reply = feedback[index];
      if (reply) list.append(replied(reply, heads[index]));
    });
    const certain = el("fieldset", { class: "lt-row", style: "margin-bottom: 8px" }, el("legend", { class: "lt-spoken" }, "How sure are you?"));
    for (const [value, text] of [["yes", "I'm sure"], ["no", "I'm not sure"]]) {
      const radio = el("input", { type: "radio", name: `${name}-sure`, value });
      radio.checked = (wasSure ?? (sure === null ? null : sure ? "yes" : "no")) === value;
      certain.append(el("label", { class: "lt-option" }, radio, text));
    }
    const send = button("Answer", () => {
      const choice = root.querySelector(`input[name="${name}"]:checked`);
      const confidence = root.querySelector(`input[name="${name}-sure"]:checked`);
      if (!choice) return complain("Choose one of the answers first.");
      if (!confidence) return complain("Say how sure you are first. Both are fine.");
      ask({ type: "answer", option: Number(choice.value), sure: confidence.value === "yes" });
    }, { main: true });
    const hint = button(hintsLeft ? "A hint, please" : "No more hints", () => ask({ type: "hint" }));
    hint.disabled = !hintsLeft;
    const note = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: !trouble }, trouble ?? "");
    const complain = (text) => {
      note.textContent = text;
      note.hidden = false;
    };
    const children = [list, certain, el("div", { class: "lt-row" }, send, hints.length + hintsLeft ? hint : null)];
    hints.forEach((text, i) => children.push(el("p", { class: "lt-note" }, `Hint ${i + 1}: ${text}`)));
    const focused = root.contains(document.activeElement) ? document.activeElement.textContent : null;
    root.replaceChildren(...children.flat().filter(Boolean), note, say);
    if (focused === "Answer") send.focus();
    else if (focused?.includes("hint")) (hint.disabled ? send : hint).focus();
  };

  const changed = () => {
    draw();
    const { chosen, feedback, hints } = model.get("state");
    say.textContent = model.get("spoken") || (chosen !== null ? feedback[chosen] : hints.at(-1)) || "";
  };
  draw();
  model.on("change:state", changed);
  return () => {
    ask.close();
    model.off("change:state", changed);
  };
}

export default { render };
