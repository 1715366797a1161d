// The search page in place: links and forms that lead to another search swap the results instead
// of the page. Back, focus, scroll place and the announced count stay as on a whole page; when
// anything goes wrong, the browser loads the whole page as it would without this module.
const parser = new DOMParser();
const LIVE_EVERY = 2000;
let running = null;

function isSearch(url) {
  return url.origin === location.origin && (url.pathname === "/" || url.pathname === "/search");
}

function place(element) {
  // How to find the same control on the new page: by id, by its words within its group.
  if (!element || element === document.body) return null;
  if (element.id) return { id: element.id };
  const group = element.closest("[id]");
  return { group: group?.id ?? "main", text: element.textContent.trim().replace(/[\d.,\s]+/g, " "), tag: element.tagName };
}

function find(wanted) {
  if (!wanted) return null;
  if (wanted.id) return document.getElementById(wanted.id);
  const group = document.getElementById(wanted.group);
  const same = (one) => one.textContent.trim().replace(/[\d.,\s]+/g, " ") === wanted.text;
  const bare = (one) => one.textContent.replace(/^\s*(Remove filter|Filter by)\s*/, "").trim();
  const candidates = group ? [...group.querySelectorAll(wanted.tag)] : [];
  return candidates.find(same) ?? candidates.find((one) => wanted.text.endsWith(bare(one).replace(/[\d.,\s]+/g, " ").trim())) ?? null;
}

function openFolds() {
  return [...document.querySelectorAll("main details[open], .desk details[open]")].map((one) => one.className);
}

function swap(page, { focus, folds, announce }) {
  document.title = page.title;
  const status = document.querySelector("[role=status] #count")?.closest("[role=status]");
  for (const part of [".desk", "main"]) {
    const fresh = page.querySelector(part);
    const old = document.querySelector(part);
    if (!fresh || !old) throw new Error("another page");
    old.replaceChildren(...fresh.childNodes);
  }
  document.querySelector("header.site .nav")?.replaceWith(page.querySelector("header.site .nav"));
  document.querySelector("footer.foot time")?.replaceWith(page.querySelector("footer.foot time") ?? "");
  for (const back of document.querySelectorAll("input[name=back]")) back.value = location.pathname + location.search;
  for (const one of document.querySelectorAll("main details, .desk details")) {
    if (one.className && folds.includes(one.className) && !one.classList.contains("menu")) one.open = true;
  }
  const target = find(focus);
  if (target) target.focus({ preventScroll: true });
  if (announce && status) say();
}

function say() {
  // The status region was replaced, and screen readers hear only changes: say the count again.
  const line = document.getElementById("said") ?? document.body.appendChild(Object.assign(document.createElement("p"), { id: "said", className: "vh" }));
  line.setAttribute("role", "status");
  line.textContent = document.getElementById("count")?.textContent ?? "";
}

async function load(url, { push, focus = null, top = false, announce = true, quiet = false }) {
  running?.abort();
  const own = new AbortController();
  running = own;
  const main = document.getElementById("main");
  if (!quiet) main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: own.signal, headers: { accept: "text/html" } });
    const landed = new URL(answer.url);
    if (!answer.ok || !isSearch(landed)) throw new Error("another page");
    const page = parser.parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("count") || own.signal.aborted) {
      if (own.signal.aborted) return;
      throw new Error("another page");
    }
    const folds = openFolds();
    if (push) {
      history.replaceState({ ...history.state, y: scrollY }, "");
      history.pushState({ y: 0 }, "", landed);
    }
    swap(page, { focus, folds, announce });
    if (top) scrollTo(0, 0);
    watch();
  } catch (error) {
    if (error.name === "AbortError") return;
    if (quiet) return watch();
    location.assign(url);
  } finally {
    if (running === own) {
      running = null;
      main.removeAttribute("aria-busy");
    }
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href.baseVal ?? link.href, location.href);
  if (!isSearch(url) || url.hash || link.hasAttribute("download") || link.closest("header.site, footer")) return;
  event.preventDefault();
  const paging = Boolean(link.closest(".pager"));
  load(url, { push: true, focus: paging ? { id: "results" } : place(link), top: paging });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.ask")) return;
  event.preventDefault();
  const url = new URL(form.action);
  const given = [...new FormData(form)].filter(([name, value]) => value !== "" && !(name === "sort" && value === "newest"));
  url.search = new URLSearchParams(given).toString();
  load(url, { push: true, focus: place(document.activeElement) });
});

addEventListener("popstate", async (event) => {
  if (!isSearch(new URL(location.href))) return;
  const y = event.state?.y ?? 0;
  await load(location.href, { push: false });
  scrollTo(0, y);
});

// While search is behind, look again by itself until it has caught up.
let timer = 0;
function watch() {
  clearTimeout(timer);
  if (!document.getElementById("behind")) return;
  timer = setTimeout(() => {
    if (document.hidden || running) return watch();
    load(location.href, { push: false, focus: place(document.activeElement), announce: false, quiet: true });
  }, LIVE_EVERY);
}
watch();
