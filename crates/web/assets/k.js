// Kundenkreis: what happens on this site. No cookie, and nothing is stored before kk("consent", {analytics: true}).
// <script async src="https://…/k.js" data-key="KEY" data-search="q"></script>
// kk("consent", {analytics: true|false}), kk("track", name, properties), kk("identify", id, traits), kk("page"),
// kk("search", words), kk("product"|"order", properties), kk("basket", "added"|"removed"|"viewed", properties)
(() => {
  const me = document.currentScript;
  if (!me || !me.dataset.key) return;
  const home = new URL(me.src).origin, ID = "kk_id", USER = "kk_user";
  const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const store = (name, value) => {
    try { value == null ? localStorage.removeItem(name) : localStorage.setItem(name, value); } catch { /* not allowed */ }
  };
  const unique = () => crypto.randomUUID ? crypto.randomUUID()
    : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  // Whoever agreed on an earlier page has an id; nobody else has anything here.
  let id = stored(ID), user = id && stored(USER), said = { analytics: !!id }, decided = !!id, held = [];

  function consent(categories) {
    said = { ...categories, analytics: !!categories.analytics };
    decided = true;
    if (said.analytics) {
      if (!id) store(ID, id = unique());
    } else {
      id = user = null; store(ID); store(USER);
    }
    release();
  }

  // The same message keeps its id, so that trying again counts once.
  function post(path, message, tries) {
    const body = JSON.stringify({ ...message, sentAt: new Date().toISOString() });
    const url = home + "/v1/" + path;
    if (document.visibilityState === "hidden" && navigator.sendBeacon && navigator.sendBeacon(url, body)) return;
    const again = () => { if (tries < 4) setTimeout(() => post(path, message, tries + 1), 2000 * 3 ** tries); };
    fetch(url, { method: "POST", body, keepalive: body.length < 60000, credentials: "omit" })
      .then((answer) => { if (answer.status === 429 || answer.status >= 500) again(); }, again);
  }

  function send(type, more) {
    const message = {
      type, messageId: unique(), timestamp: new Date().toISOString(), writeKey: me.dataset.key,
      context: { page: { url: location.href, title: document.title }, userAgent: navigator.userAgent }, ...more,
    };
    // The pages before the choice belong to whoever makes it; who leaves without one is counted without a name.
    if (type === "page" && !decided) held.push(message); else finish(message);
  }
  function finish(message) {
    const { context } = message;
    context.consent = { categoryPreferences: said };
    if (said.analytics) {
      message.anonymousId = id;
      if (user) message.userId = user;
    } else context.page.url = context.page.url.split(/[?#]/)[0];
    post(message.type[0], message, 0);
  }
  const release = () => held.splice(0).forEach(finish);
  addEventListener("pagehide", release);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") release(); });

  const track = (event, properties) => send("track", { event, properties });
  const commands = {
    consent, track,
    page: (properties) => page(properties),
    identify(who, traits) {
      if (!said.analytics) return;
      user = who ? String(who) : user; store(USER, user);
      send("identify", { traits });
    },
    search: (query) => track("Products Searched", { query }),
    product: (properties) => track("Product Viewed", properties),
    basket: (what, properties) =>
      track({ added: "Product Added", removed: "Product Removed" }[what] || "Cart Viewed", properties),
    order: (properties) => track("Order Completed", properties),
  };

  let last;
  function page(properties) {
    last = location.href;
    send("page", { properties });
    const words = me.dataset.search && new URLSearchParams(location.search).get(me.dataset.search);
    if (words && said.analytics) commands.search(words);
  }

  // Which form was sent, never what stood in it.
  document.addEventListener("submit", (e) => {
    const form = e.target, name = form.getAttribute("name");
    track("Form Submitted", { form_id: form.getAttribute("id"), form_name: form.dataset.name || name });
  }, true);

  const waiting = window.kk && window.kk.q || [];
  window.kk = (command, ...rest) => commands[command] && commands[command](...rest);
  page();
  for (const call of waiting) window.kk(...call);

  // Pages that change without loading.
  const moved = () => setTimeout(() => { if (last.split("#")[0] !== location.href.split("#")[0]) page(); });
  for (const name of ["pushState", "replaceState"]) {
    const before = history[name];
    history[name] = function () { before.apply(this, arguments); moved(); };
  }
  addEventListener("popstate", moved);
})();
