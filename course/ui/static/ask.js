// The one way in which a view asks the kernel. Each question has a number; the kernel answers each, and until then the
// page waits with patience. When that runs out the page says so, to the eye and to the ear: a press never goes unanswered.

// Milliseconds; a test may shorten it. Once the kernel has said that it is at work, it has ten times as long.
const patience = () => globalThis.lookTwicePatience ?? 8000;
const AT_WORK = 10;

const SILENT =
  "No answer from the kernel. What was counted as saved is saved; what you did just now is not, so far. The kernel may " +
  "be busy with another box: wait a moment. If it stays silent, choose Kernel in the menu, then Restart Kernel, and " +
  "run the first box and this one again.";
const GONE =
  "No answer from the kernel: it has stopped, or it was started anew, and this box has lost it. What was counted as " +
  "saved is saved. Run the first box and this one again.";
const ONE_AT_A_TIME = "The kernel is still at work on what you asked before. One thing at a time.";

/**
 * Gives `ask(message, options)`, for one view on `root`. It returns a promise: of the kernel's answer, of null where none
 * came in time (the page has said so), or of undefined where nothing was asked, because something is under way already.
 *
 * An answer holds what the kernel replied, `buffers`, and `trouble`: a sentence, shown already, or "".
 *
 * buffers: bytes to send along.
 * beside: this may be asked while something else is under way (a slider, a list, a picture); nothing else is held up by
 *   it. All other questions wait for each other: a second press while the first is under way does nothing.
 * late: gets an answer that comes after the promise was kept with null.
 * by: the button that asks, where it was not pressed itself (Enter in the box beside it).
 * quiet: whoever asks shows by itself that it waits, and needs no word that the kernel has begun.
 * place: where a sentence is put, after it; by default after the row of what was pressed.
 */
function asker({ model, root, place = null }) {
  const open = new Map(); // what was asked and is not answered, by its number
  const view = newId();
  let count = 0;
  let lost = false;
  let closed = false;
  let touched = null;
  const alarm = el("p", { class: "lt-note lt-trouble lt-unheard", role: "alert" });
  const status = el("p", { class: "lt-quiet lt-at-work", role: "status" });

  // Not the element in focus: some browsers give a button none when it is pressed.
  const touch = (event) => (touched = event.composedPath()[0]);
  for (const type of ["click", "change", "keydown"]) root.addEventListener(type, touch, true);

  function put(line, text, from) {
    line.textContent = "";
    if (!text) return line.remove();
    const row = from?.isConnected && root.contains(from) ? from.closest("fieldset, form, .lt-row, .lt-slider, ul, ol, p") ?? from : null;
    const after = place ?? (row && row !== root ? row : null);
    if (after) after.after(line);
    else root.append(line);
    line.textContent = text; // once it stands on the page, so that it is spoken
    if (line === alarm) line.scrollIntoView({ block: "nearest" });
  }
  const alone = () => [...open.values()].find((one) => !one.beside && !one.late);

  /** What was pressed is dead until its answer is there. It is not `disabled`: that would take the focus away. */
  function mark(one, on) {
    root.setAttribute("aria-busy", String([...open.values()].some((other) => !other.late && !other.quiet)));
    if (!one.pressed) return;
    for (const [name, value] of [["aria-busy", "true"], ["aria-disabled", "true"]]) {
      if (on) one.pressed.setAttribute(name, value);
      else one.pressed.removeAttribute(name);
    }
  }

  function wait(one, long) {
    clearTimeout(one.timer);
    one.timer = setTimeout(() => {
      if (one.heard && !long) {
        if (!one.quiet) put(status, "The kernel is still at work on this …", one.from);
        wait(one, AT_WORK - 1);
      } else giveUp(one, lost ? GONE : SILENT);
    }, patience() * (long || 1));
  }

  function giveUp(one, text) {
    clearTimeout(one.timer);
    one.late = one.overdue = true;
    mark(one, false);
    put(status, "");
    put(alarm, text, one.from);
    one.resolve(null);
  }

  function send(one) {
    Object.assign(one, { late: false, heard: false, overdue: false });
    one.promise = new Promise((resolve) => (one.resolve = resolve));
    open.set(one.id, one);
    mark(one, true);
    put(alarm, "");
    put(status, "");
    lost ||= root.closest(".jupyter-widgets-disconnected") !== null;
    if (lost) {
      giveUp(one, GONE);
      return one.promise;
    }
    wait(one);
    try {
      model.send({ ...one.message, ask: one.id, quiet: one.quiet }, undefined, one.buffers);
    } catch {
      lost = true; // the line to the kernel is cut
      giveUp(one, GONE);
    }
    return one.promise;
  }

  function ask(message, { buffers = undefined, beside = false, quiet = false, by = null, late = null } = {}) {
    const from = touched;
    const under = beside ? null : alone();
    if (under) {
      if (from !== under.from) put(status, ONE_AT_A_TIME, from);
      return Promise.resolve(undefined);
    }
    // The same once more, while the first is not answered: it keeps its number, so that the kernel does it only once.
    const said = JSON.stringify(message);
    const before = buffers ? null : [...open.values()].find((one) => one.late && one.said === said);
    const pressed = beside ? null : by ?? from?.closest?.("button") ?? null;
    if (before) return send(Object.assign(before, { from, pressed, tell: late }));
    count += 1;
    return send({ id: `${view}-${count}`, message, said, buffers, beside, quiet, from, pressed, tell: late });
  }

  function receive(content, buffers) {
    const one = open.get(content?.ask);
    if (!one) return;
    if (content.type === "heard") {
      one.heard = true;
      if (one.late) {
        // It was silent for long, and has begun now.
        one.late = false;
        mark(one, true);
        put(alarm, "");
        put(status, "The kernel has heard you, and is at work on it …", one.from);
        wait(one, AT_WORK);
      }
    } else if (content.type === "answered") {
      clearTimeout(one.timer);
      open.delete(one.id);
      mark(one, false);
      put(status, "");
      put(alarm, content.trouble, one.from);
      const answer = { ...content.reply, trouble: content.trouble, buffers };
      if (one.overdue) one.tell?.(answer);
      else one.resolve(answer);
    }
  }

  // The line to the kernel was cut (or, in a page that is loaded anew, mended).
  function changed() {
    setTimeout(() => {
      lost = !root.isConnected || root.closest(".jupyter-widgets-disconnected") !== null;
      if (!lost || closed) return;
      for (const one of open.values()) if (!one.late) giveUp(one, GONE);
    });
  }
  model.on("msg:custom", receive);
  model.on("comm_live_update", changed);
  model.on("destroy", changed);

  ask.close = () => {
    closed = true;
    for (const one of open.values()) clearTimeout(one.timer);
    open.clear();
    model.off("msg:custom", receive);
    model.off("comm_live_update", changed);
    model.off("destroy", changed);
  };
  return ask;
}
