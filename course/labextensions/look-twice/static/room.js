// What the lab does for a reader and JupyterLab does not: it folds the list of pages away where a window is narrow, and
// the browser's button Back leads to the page before. Written as what a build would make of it; there is no build step.

(() => {
  const NARROW = 1100; // CSS pixels: below, list and lesson would each have too little
  const FOLDED = "look-twice-folded";

  function fold(app) {
    // Only at first: whoever opens the list again wants to see it.
    if (window.innerWidth >= NARROW || sessionStorage.getItem(FOLDED)) return;
    sessionStorage.setItem(FOLDED, "yes");
    app.shell.collapseLeft?.();
  }

  // JupyterLab writes the page that is shown into the address and takes no notice when Back changes it.
  function follow(app) {
    const [, tree] = window.location.pathname.match(/\/lab(?:\/workspaces\/[^/]+)?\/tree\/(.+\.ipynb)$/) ?? [];
    const path = tree && decodeURIComponent(tree);
    if (path && path !== app.shell.currentWidget?.context?.path) app.commands.execute("docmanager:open", { path });
  }

  // It also writes the same address once more when a page comes to the front, and so would cut off the way Forward.
  function writeOnce() {
    const push = history.pushState.bind(history);
    history.pushState = (state, unused, url) => {
      const same = url !== undefined && url !== null && new URL(url, window.location.href).href === window.location.href;
      (same ? history.replaceState.bind(history) : push)(state, unused, url);
    };
  }

  const plugin = {
    id: "look-twice:room",
    description: "Folds the list of pages away in a narrow window, and follows the browser's button Back.",
    autoStart: true,
    activate: (app) => {
      app.restored.then(() => fold(app));
      writeOnce();
      window.addEventListener("popstate", () => follow(app));
    },
  };

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB["look-twice"] = { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) };
})();
