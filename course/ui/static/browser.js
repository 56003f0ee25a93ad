// A browser in the page: tabs, address bar, tools, find, bookmarks. Every address leads to the kernel and none to a network.

const ELEMENTS = new Set(
  ("a abbr article aside b blockquote body br caption cite code dd del div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 " +
    "header hr i img ins li main nav ol p pre s section small span strong sub sup table tbody td th thead time tr ul").split(" "),
);
const PLAIN = new Set(["class", "lang", "scope", "datetime", "colspan", "rowspan"]);
// What a style may call, and no other: so whatever can name an address (url, image-set, src, cross-fade, element, image,
// and what is yet to be invented) is left out with the whole of its style.
const FUNCTIONS = new Set(
  "calc clamp fit-content hsl hsla inset is linear-gradient max min minmax not nth-child radial-gradient repeat rgb rgba where".split(" "),
);
const isSafe = (css) =>
  !css.includes("\\") && // an escape could hide a name
  !/@(?!media\b)/i.test(css) &&
  [...css.matchAll(/([^\s:;,(){}>+~*/]*)\(/g)].every(([, name]) => !name || FUNCTIONS.has(name.toLowerCase()));

/** Rebuild a document from known elements and attributes alone. DOMParser runs and loads nothing. */
function rebuilt(html) {
  const read = new DOMParser().parseFromString(html, "text/html");
  const style = [...read.head.querySelectorAll("style")].map((one) => one.textContent).filter(isSafe).join("\n");
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return null;
    const name = node.localName;
    if (!ELEMENTS.has(name) || node.namespaceURI !== document.body.namespaceURI) return null;
    // a page's own body is a plain block in ours
    const made = document.createElement(name === "body" ? "div" : name);
    for (const { name: key, value } of node.attributes) if (PLAIN.has(key)) made.setAttribute(key, value);
    if (/^(left|right|center)$/.test(node.style.textAlign)) made.style.textAlign = node.style.textAlign;
    if (node.getAttribute("aria-hidden") === "true") made.setAttribute("aria-hidden", "true");
    if (name === "a" && node.dataset.url) {
      made.dataset.url = node.dataset.url;
      made.setAttribute("role", "link");
      made.tabIndex = 0;
    }
    if (name === "img") {
      made.alt = node.alt;
      if (node.dataset.picture) made.dataset.picture = node.dataset.picture;
    }
    for (const child of node.childNodes) {
      const kept = copy(child);
      if (kept) made.append(kept);
    }
    return made;
  };
  const body = copy(read.body);
  body.classList.add("page");
  // the style speaks of the body; here that is the block
  const scoped = style.replace(/(^|[\s,}])body(?=[\s,{:.#[>])/g, "$1.page");
  return [el("style", {}, `${scoped}\n:host { display: block; } .page { min-height: 100%; } mark.here { outline: 3px solid #d55e00; } .player img { max-height: 340px; object-fit: contain; background: #111111; } mark { background: #ffe066; color: #111111; }`), body];
}

const TOOLS = [
  ["start", "Search", "The search engine"],
  ["registration", "Register", "Who holds this domain, and since when"],
  ["archive", "Archive", "Earlier copies of this page"],
  ["diff", "Changes", "Compare the copies in the archive"],
  ["pictures", "Find picture", "Where else the picture of this page is shown"],
  ["links", "Who links here?", "Pages that lead to this one"],
  ["page_info", "Page info", "What is known of this page without reading it"],
  ["reader", "Plain view", "The page without its dress"],
];

function render({ model, el: host }) {
  const { claim, title: story, verdicts, guide, sure: steps } = model.get("setup");
  const root = ground(host, "Browser");
  root.classList.add("lt-browser");
  const send = (type, more = {}) => {
    port.setAttribute("aria-busy", "true");
    return ask({ type, ...more }).then((answer) => {
      if (answer !== undefined) port.removeAttribute("aria-busy");
      return answer;
    });
  };
  const go = (act, what = "", tab = "here", number = 0) => send("go", { act, what, tab, number });

  // the chrome
  const tabs = el("ul", { class: "lt-tabs", "aria-label": "Tabs" });
  const back = button("Back", () => send("back"), { picture: "arrowLeft" });
  const forward = button("Forward", () => send("forward"), { picture: "arrowRight" });
  const address = el("input", { type: "text", "aria-label": "Address, or words to search for", autocomplete: "off", spellcheck: "false", placeholder: "Address, or words to search for" });
  address.addEventListener("focus", () => address.select());
  const bar = el("form", { class: "lt-address" }, address, button("Go", () => enter()));
  const enter = () => address.value.trim() && send("enter", { text: address.value });
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    enter();
  });
  address.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    enter();
  });
  const star = button("Bookmark", () => send("bookmark"), { pressed: false });
  const marks = el("select", { "aria-label": "Bookmarks" });
  marks.addEventListener("change", () => {
    if (marks.value) go("open", marks.value);
    marks.value = "";
  });
  const tools = TOOLS.map(([act, label, tip]) => {
    const node = button(label, () => (act === "start" ? go("start") : send("tool", { act })));
    node.title = tip;
    node.dataset.act = act;
    return node;
  });
  const find = el("input", { type: "search", "aria-label": "Find in this page", placeholder: "Find in this page", autocomplete: "off", spellcheck: "false" });
  const found = el("span", { class: "lt-quiet lt-count", role: "status" });
  const finder = el("span", { class: "lt-row lt-finder" }, find, button("Next", () => next(1)), found);

  const shadowHost = el("div", { class: "lt-web", "data-lm-suppress-shortcuts": "true" });
  const shadow = shadowHost.attachShadow({ mode: "open" });
  const sheet = el("div", { class: "lt-sheet-page" });
  const port = el("div", { class: "lt-port", tabindex: "0", role: "region", "aria-label": "The page", "data-lm-suppress-shortcuts": "true" }, shadowHost, sheet);
  const trouble = el("p", { class: "lt-note lt-trouble", role: "alert", hidden: true });
  const say = el("p", { class: "lt-spoken", "aria-live": "polite" });
  const ask = asker({ model, root, place: trouble });

  // the verdict
  const choice = el("select", {}, el("option", { value: "" }, "Choose …"), verdicts.map(([value, text]) => el("option", { value }, text)));
  const sure = el("select", {}, steps.map(([value, text]) => el("option", { value }, text)));
  const told = el("span", { class: "lt-quiet" });
  const judge = button("Save my verdict", () => send("judge", { verdict: choice.value, confidence: Number(sure.value) }), { main: true });
  const judging = el("fieldset", { class: "lt-judging" }, el("legend", {}, "What do you say?"),
    el("div", { class: "lt-row" }, labelled("The claim:", choice), labelled("How sure?", sure), judge), told);

  // somebody else's way, step by step
  const strip = el("div", { class: "lt-guide", role: "group", "aria-label": "Step by step" });
  const earlier = button("Step before", () => send("guide", { number: model.get("state").guide.number - 1 }));
  const later = button("Next step", () => send("guide", { number: model.get("state").guide.number + 1 }), { main: true });
  const told2 = el("div", { "aria-live": "polite" });
  strip.append(told2, el("div", { class: "lt-row" }, earlier, later));

  root.append(
    el("p", { class: "lt-claim" }, el("strong", {}, `${story}. `), "The claim: ", claim),
    ...(guide ? [strip] : []),
    el("div", { class: "lt-window" },
      tabs,
      el("div", { class: "lt-row lt-nav" }, back, forward, bar, star),
      el("div", { class: "lt-row lt-tools", role: "group", "aria-label": "Tools" }, tools),
      port,
      el("div", { class: "lt-row lt-foot" }, finder, marks)),
    trouble, ...(verdicts.length ? [judging] : []), say,
  );

  // links: the same for pages and sheets
  const follow = (event, node) => {
    event.preventDefault();
    event.stopPropagation();
    keep = true;
    const tab = event.ctrlKey || event.metaKey || event.button === 1 ? "behind" : "here";
    go("open", node.dataset.url, tab);
  };
  let keep = false; // whether the focus was in the page, and belongs there when the next one comes
  const linkOf = (event) => event.composedPath().find((one) => one instanceof Element && one.dataset?.url);
  for (const type of ["click", "auxclick"])
    port.addEventListener(type, (event) => {
      const node = linkOf(event);
      if (node && (type === "click" || event.button === 1)) follow(event, node);
    });
  port.addEventListener("keydown", (event) => {
    const node = event.key === "Enter" && linkOf(event);
    if (node) follow(event, node);
  });
  root.addEventListener("keydown", (event) => {
    if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      event.stopPropagation();
      send(event.key === "ArrowLeft" ? "back" : "forward");
    } else if ((event.ctrlKey || event.metaKey) && event.key === "f") {
      event.preventDefault();
      event.stopPropagation();
      find.focus();
    }
  });

  // pictures come one by one, when a page shows them
  const known = new Map();
  const place = (img) => {
    const name = img.dataset.picture;
    if (known.get(name)) img.src = known.get(name);
    else if (!known.has(name)) {
      known.set(name, "");
      ask({ type: "picture", name }, { beside: true, quiet: true }).then((answer) => {
        if (answer) receive(answer);
        else known.delete(name); // the next page that shows it asks again
      });
    }
  };
  const pictures = () => [...shadow.querySelectorAll("img[data-picture]"), ...sheet.querySelectorAll("img[data-picture]")];
  const receive = (answer) => {
    if (!answer.found) return;
    if (!known.get(answer.name)) known.set(answer.name, URL.createObjectURL(new Blob([asBytes(answer.buffers[0])], { type: "image/jpeg" })));
    for (const img of pictures()) if (img.dataset.picture === answer.name) img.src = known.get(answer.name);
  };

  // find in page
  let hits = [];
  let at = -1;
  function clear() {
    for (const mark of hits) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent?.normalize();
    }
    hits = [];
    at = -1;
    found.textContent = "";
  }
  function search() {
    clear();
    const wanted = find.value.trim().toLowerCase();
    if (!wanted) return;
    const ground = shadowHost.hidden ? sheet : shadow;
    const walker = document.createTreeWalker(ground, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest("style, label, button")) texts.push(walker.currentNode);
    for (let node of texts) {
      let from = node.data.toLowerCase().indexOf(wanted);
      while (from >= 0 && hits.length < 500) {
        const middle = node.splitText(from);
        node = middle.splitText(Math.min(wanted.length, middle.data.length));
        const mark = el("mark");
        middle.replaceWith(mark);
        mark.append(middle);
        hits.push(mark);
        from = node.data.toLowerCase().indexOf(wanted);
      }
    }
    if (hits.length) next(1);
    else found.textContent = "not on this page";
  }
  function next(by) {
    if (!hits.length) return find.value.trim() ? search() : undefined;
    hits[at]?.classList.remove("here");
    at = (at + by + hits.length) % hits.length;
    hits[at].classList.add("here");
    port.scrollTop += hits[at].getBoundingClientRect().top - port.getBoundingClientRect().top - port.clientHeight / 3;
    found.textContent = `${at + 1} of ${hits.length}`;
  }
  find.addEventListener("input", search);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      next(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      find.value = "";
      clear();
      port.focus();
    }
  });

  // sheets: what the tools answer
  const link = (url, text) => el("a", { "data-url": url, role: "link", tabindex: "0" }, text);
  const picture = (name, alt) => el("img", { "data-picture": name, alt });
  function marked(text, spans) {
    const parts = [];
    let end = 0;
    for (const [from, to] of spans) {
      parts.push(text.slice(end, from), el("strong", {}, text.slice(from, to)));
      end = to;
    }
    return [...parts, text.slice(end)];
  }
  const BLOCKS = {
    text: (words) => el("p", {}, words),
    heading: (words) => el("h4", {}, words),
    fields: (rows) => el("table", {}, el("tbody", {}, rows.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value))))),
    ask: (act, label, value) => {
      const box = el("input", { type: "search", value, "aria-label": label, autocomplete: "off", spellcheck: "false" });
      const ask = () => {
        keep = true;
        go(act, box.value);
      };
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        ask();
      });
      return el("div", { class: "lt-row lt-ask" }, box, button(label, ask));
    },
    results: (results) =>
      el("ol", { class: "lt-results" }, results.map((one) =>
        el("li", {}, one.sponsored ? el("span", { class: "lt-sponsored" }, "Sponsored") : null,
          link(one.url, one.title), el("span", { class: "lt-url" }, one.url.replace(/^\w+:[/][/]/, "")),
          el("span", { class: "lt-snippet" }, one.date ? `${one.date} · ` : "", marked(one.snippet, one.marks))))),
    links: (pages) => el("ul", { class: "lt-results" }, pages.map((one) =>
      el("li", {}, link(one.url, one.title), el("span", { class: "lt-url" }, one.url.replace(/^\w+:[/][/]/, "")), el("span", { class: "lt-snippet" }, one.note)))),
    copies: (copies) => el("ul", {}, copies.map((one) => el("li", {}, button(`Saved ${one.label}`, () => go("copy", one.url, "here", one.number))))),
    go: (act, what, label) => button(label, () => go(act, what)),
    diff: (lines) => el("div", { class: "lt-diff" }, lines.map(([kind, text]) =>
      kind === "added" ? el("p", { class: "lt-added" }, el("b", {}, "+ new: "), el("ins", {}, text)) : el("p", { class: "lt-removed" }, el("b", {}, "− gone: "), el("del", {}, text)))),
    pictures: (some) => el("div", { class: "lt-row lt-which" }, some.map((one) => {
      const node = button("", () => go("find_image", one.name));
      node.append(picture(one.name, one.alt));
      return node;
    })),
    picture: (name, alt) => el("div", { class: "lt-match" }, picture(name, alt), el("span", {}, "Searched for")),
    match: (name, alt, when) => el("div", { class: "lt-match" }, picture(name, alt), el("strong", {}, when)),
  };

  let last = "";
  function draw() {
    const state = model.get("state");
    const inTabs = tabs.contains(document.activeElement);
    tabs.replaceChildren(
      ...state.tabs.map((text, number) => {
        const see = el("button", { type: "button", class: "lt-tab", "aria-current": number === state.current ? "page" : null, title: text, onclick: () => send("tab", { number }) }, text);
        const shut = el("button", { type: "button", class: "lt-shut", "aria-label": `Close tab: ${text}`, onclick: () => send("close", { number }) }, "×");
        return el("li", { class: number === state.current ? "lt-on" : null }, see, shut);
      }),
      el("li", { class: "lt-plus" }, el("button", { type: "button", "aria-label": "New tab", onclick: () => go("start", "", "new") }, "+")),
    );
    if (inTabs) tabs.querySelector("[aria-current]")?.focus();
    back.disabled = !state.back;
    forward.disabled = !state.forward;
    address.value = state.address;
    star.setAttribute("aria-pressed", String(state.marked));
    star.textContent = state.marked ? "★ Bookmarked" : "☆ Bookmark";
    star.disabled = !state.subject;
    marks.replaceChildren(el("option", { value: "" }, `Bookmarks (${state.bookmarks.length})`), ...state.bookmarks.map(([url, text]) => el("option", { value: url }, text)));
    marks.disabled = !state.bookmarks.length;
    for (const node of tools) {
      const { act } = node.dataset;
      node.disabled = act !== "start" && (!state.subject || (act === "pictures" && !state.pictured));
      node.setAttribute("aria-pressed", String(act === state.act || (act === "archive" && state.act === "copy") || (act === "pictures" && state.act === "find_image")));
    }
    trouble.textContent = state.sentence;
    trouble.hidden = !state.sentence;
    const content = JSON.stringify(state.shown);
    if (content !== last) {
      last = content;
      hits = [];
      clear();
      find.value = "";
      show(state.shown);
      port.scrollTop = 0;
      if (keep) port.focus({ preventScroll: true });
    }
    keep = false;
    if (guide) drawGuide(state.guide);
    if (state.verdict) {
      choice.value = state.verdict;
      if ([...sure.options].some((one) => Number(one.value) === state.confidence)) sure.value = String(state.confidence);
      told.textContent = "Saved. You may change it as long as you like.";
    } else told.textContent = "Look around first. Nobody counts your steps against you.";
    say.textContent = state.spoken;
    host.dataset.tick = state.tick;
  }

  function show(shown) {
    const isPage = "html" in shown;
    shadowHost.hidden = !isPage;
    sheet.hidden = isPage;
    shadow.replaceChildren(...(isPage ? rebuilt(shown.html) : []));
    sheet.replaceChildren(...(isPage ? [] : [el("h3", {}, shown.title), ...shown.blocks.map(([kind, ...rest]) => BLOCKS[kind](...rest))]));
    pictures().forEach(place);
  }

  function drawGuide(step) {
    earlier.disabled = step.number === 0;
    later.disabled = step.number + 1 === guide.steps;
    told2.replaceChildren(
      el("p", {}, el("strong", {}, `${guide.name}. Step ${step.number + 1} of ${guide.steps}: `), `${step.did}, ${step.seconds} seconds.`),
      el("p", {}, el("b", {}, "Looked for: "), step.looked_for),
      el("p", {}, el("b", {}, "Found: "), step.found, " ", el("em", {}, `So ${step.odds}.`)),
      ...(step.verdict ? [el("p", {}, el("b", {}, "In the end: "), step.verdict)] : []),
    );
  }

  model.on("change:state", draw);
  draw();
  return () => {
    for (const url of known.values()) if (url) URL.revokeObjectURL(url);
    ask.close();
    model.off("change:state", draw);
  };
}

Object.assign(ICONS, { arrowLeft: "M20 11H8l5-5-1.5-1.5L4 12l7.500 7.500L13 18l-5-5h12z", arrowRight: "M4 11h12l-5-5 1.500-1.500L20 12l-7.500 7.500L11 18l5-5H4z" });

export default { render };
