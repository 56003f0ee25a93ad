// One question: options with feedback for each, staged hints, sure or unsure. What was answered lives in the kernel.

function render({ model, el: host }) {
  const root = ground(host, "Question");
  const name = newId();
  const ask = asker({ model, root });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });

  const draw = () => {
    const { prompt, options, hints, hintsLeft, feedback, chosen, sure, trouble } = model.get("state");
    const picked = root.querySelector(`input[name="${name}"]:checked`)?.value;
    const wasSure = root.querySelector(`input[name="${name}-sure"]:checked`)?.value;
    const list = el("fieldset", {}, el("legend", {}, prompt));
    options.forEach((text, index) => {
      const radio = el("input", { type: "radio", name, value: index });
      radio.checked = String(index) === (picked ?? String(chosen));
      list.append(el("label", { class: "lt-option" }, radio, el("span", {}, text)));
      const reply = feedback[index];
      if (reply) list.append(el("div", { class: "lt-said" }, reply));
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
