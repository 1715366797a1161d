// The search page in place: a link or the form that leads to another search renews the page
// instead of loading it. What is the same on both pages stays untouched, so focus, folds, selection
// and a screen reader's place stay too. Whatever goes wrong ends as the whole page that the browser
// would load without this module. It must never keep a page dimmed, nor take a letter from somebody
// who is typing, nor know a word of the interface: all words come with the pages.
const PATIENCE = 10_000; // ms for an answer; then the browser loads the page, and shows that it does
const LIVE_EVERY = 2_000; // ms between two looks while search is behind
const SCROLLED = 350; // ms after which scrolling has come to rest; browsers bear three entries a second
const FORM = ".desk";
const PARTS = ["header.site .nav", FORM, "main", ".foot li:nth-child(2)"];
const CONTROL = "a[href]:not(.clear), button:not([hidden]), summary";
const REGION = "section, main, search, header, footer, body";
const LATE = "late";

const parser = new DOMParser();
const main = document.getElementById("main");
let running = null; // the request under way
let shown = address(); // what the page shows; in the middle of "back" the address is ahead of it
let aside = false; // whether the last click asked for another tab
let resting = 0; // timers
let looking = 0;

// Screen readers hear only changes of a region that was there before, so this one stays for good.
const said = document.createElement("p");
said.className = "vh";
said.setAttribute("role", "status");
document.body.append(said);

function address() {
  return location.pathname + location.search;
}

function isSearch(url) {
  return url.origin === location.origin && (url.pathname === "/" || url.pathname === "/search");
}

function files(page) {
  // The style sheet and modules of a page; after an upgrade they are others.
  return [...page.querySelectorAll("link[rel=stylesheet], script")].map((one) => one.outerHTML).join();
}

// --- renewing -----------------------------------------------------------------------------------

function words(item) {
  // What a facet value or a chip is called, without what changes when it is chosen.
  const pieces = [...(item.querySelector("a")?.childNodes ?? [])];
  return pieces.filter((one) => !one.matches?.(".vh, .n, .chip > span")).map((one) => one.textContent).join("").trim();
}

function key(element) {
  // What makes an element the same one on another page.
  if (element.id) return `${element.nodeName} #${element.id}`;
  if (element.matches(".result")) return `result ${element.querySelector("h3 a").pathname}`;
  if (element.matches(".facet li, .chips li")) return `item ${words(element)}`;
  if (element.matches(".histo a")) return `bar ${element.getAttribute("href")}`;
  return `${element.nodeName} ${element.classList[0] ?? ""}`;
}

function renew(old, fresh) {
  // Makes an element like its fresh self; a fold that is open stays open.
  if (old.isEqualNode(fresh)) return;
  for (const name of old.getAttributeNames()) {
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  renewChildren(old, fresh);
}

function renewChildren(old, fresh) {
  // Texts are cheap and come anew, so that no element that stays must move for their sake.
  const left = Map.groupBy([...old.children], key);
  const pairs = [...fresh.childNodes].map((node) => [node, node.localName && left.get(key(node))?.shift()]);
  const stay = new Set(pairs.map(([, same]) => same));
  for (const node of [...old.childNodes]) if (!stay.has(node)) node.remove();
  let at = old.firstChild;
  for (const [node, same] of pairs) {
    if (same) renew(same, node);
    if (same && same === at) at = at.nextSibling;
    else old.insertBefore(same || node, at);
  }
}

function swap(page, { used, top, quiet }) {
  const places = [...around(used)];
  const hold = holding(quiet ? reading() : places);
  // One region speaks, not each that comes along.
  for (const region of page.querySelectorAll("main [role=status]")) region.removeAttribute("role");
  for (const part of PARTS) {
    // The form is for who types: the page renews itself without it.
    if (!quiet || part !== FORM) renew(document.querySelector(part), page.querySelector(part));
  }
  document.title = page.title;
  document.querySelector("header.site input[name=back]").value = address();
  shown = address();
  if (top) {
    document.getElementById("results").focus({ preventScroll: true });
    scrollTo(0, 0);
  } else {
    refocus(places);
    hold();
  }
}

function count() {
  return document.getElementById("count").textContent;
}

function isBehind() {
  return document.getElementById("behind") !== null;
}

function say() {
  const lines = [...document.getElementById("count").parentElement.children];
  lines.push(...document.querySelectorAll("main .notice p"));
  said.textContent = lines.map((one) => one.textContent).join(". ");
}

// --- scroll place -------------------------------------------------------------------------------

function height(element) {
  return element.getBoundingClientRect().top;
}

function reading() {
  // The results from the one on that somebody reads who has left the top of the page.
  const results = scrollY ? [...document.querySelectorAll(".result")] : [];
  return results.filter((one) => one.getBoundingClientRect().bottom > 0);
}

function holding(elements) {
  // Gives what puts the first of them that is still there back to its height in the window.
  const before = elements.map((one) => [one, height(one)]);
  return () => {
    const [kept, y] = before.find(([one]) => one.isConnected) ?? [];
    if (kept) scrollBy(0, height(kept) - y);
  };
}

function keep() {
  // The scroll place of the entry that is shown, for "back".
  if (address() === shown) history.replaceState({ ...history.state, y: scrollY }, "");
}

// --- focus --------------------------------------------------------------------------------------

function* around(control) {
  // The control that was used, then what stands nearest to it, should it be gone afterwards.
  for (let at = control; at && !at.matches(REGION); at = at.parentElement) {
    yield at;
    if (at.parentElement.matches(REGION)) return;
    yield* [at.nextElementSibling, at.previousElementSibling].filter(Boolean);
  }
}

function refocus(places) {
  if (!places.length || document.activeElement === places[0]) return;
  const target = places[0].isConnected ? places[0] : nearest(places);
  (target ?? document.getElementById("results") ?? main).focus({ preventScroll: true });
}

function nearest(places) {
  for (const place of places.filter((one) => one.isConnected)) {
    const control = place.matches(CONTROL) ? place : (place.querySelector("a.in") ?? place.querySelector(CONTROL));
    if (control?.checkVisibility()) return control;
  }
  return null;
}

// --- loading ------------------------------------------------------------------------------------

async function read(url, signal) {
  // The page at an address and where it was found; anything but a search page is an error.
  const answer = await fetch(url, { signal, headers: { accept: "text/html" } });
  const landed = new URL(answer.url);
  if (!answer.ok || !isSearch(landed)) throw new Error("another page", { cause: answer.status });
  const page = parser.parseFromString(await answer.text(), "text/html");
  const whole = page.getElementById("count") && PARTS.every((part) => page.querySelector(part));
  if (!whole || files(page) !== FILES) throw new Error("another page");
  signal.throwIfAborted();
  return { page, landed };
}

async function load(url, { push = false, used = document.activeElement, top = false, quiet = false } = {}) {
  // Renews the page to the one at an address; says whether it did.
  running?.abort();
  const own = new AbortController();
  const late = setTimeout(() => own.abort(LATE), PATIENCE);
  running = own;
  if (!quiet) wait();
  try {
    const typed = box().value;
    const found = await read(url, own.signal);
    const [wasBehind, before] = [isBehind(), count()];
    if (push) go(found.landed, top);
    swap(found.page, { used, top, quiet });
    if (!quiet && box().value === typed) box().form.reset(); // its fields show what is searched
    if (!quiet || (!isBehind() && count() !== before)) say();
    watch(wasBehind);
    return true;
  } catch (error) {
    if (own.signal.aborted && own.signal.reason !== LATE) return false;
    if (!quiet) leave(url, push);
    else if (error.cause !== 401 && error.cause !== 403) watch();
    return false;
  } finally {
    clearTimeout(late);
    if (running === own) rest();
  }
}

function box() {
  return document.getElementById("q");
}

function wait() {
  main.setAttribute("aria-busy", "true");
  said.textContent = "";
}

function rest() {
  running = null;
  main.removeAttribute("aria-busy");
}

function go(landed, top) {
  keep();
  const state = { y: top ? 0 : scrollY };
  if (landed.href === location.href) history.replaceState(state, "");
  else history.pushState(state, "", landed);
}

function leave(url, push) {
  if (push) location.assign(url);
  else location.reload();
}

function watch(wasBehind = false) {
  // While search is behind, look again by itself; once more afterwards, since an answer can be a
  // moment older than its notices.
  clearTimeout(looking);
  if (!isBehind() && !wasBehind) return;
  looking = setTimeout(() => {
    if (document.hidden || running) watch(wasBehind);
    else load(location.href, { quiet: true });
  }, LIVE_EVERY);
}

// --- what people do -----------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  aside = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || aside) return;
  const own = (link.getAttribute("target") ?? "_self") === "_self" && !link.hasAttribute("download");
  const url = new URL(link.getAttribute("href"), document.baseURI);
  if (!own || url.hash) return;
  if (!isSearch(url) || link.closest("header.site, footer")) {
    running?.abort();
    return;
  }
  event.preventDefault();
  load(url.href, { push: true, used: link, top: link.closest(".pager") !== null });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || aside) return;
  if (!form.matches("form.ask") || form.hasAttribute("target")) {
    running?.abort();
    return;
  }
  event.preventDefault();
  const url = new URL(form.getAttribute("action"), document.baseURI);
  const given = [...new FormData(form, event.submitter)];
  const telling = given.filter(([name, value]) => value !== "" && !(name === "sort" && value === "newest"));
  url.search = new URLSearchParams(telling);
  load(url.href, { push: true });
});

addEventListener("popstate", async (event) => {
  const y = event.state?.y;
  if (address() === shown) running?.abort();
  else if (!(await load(location.href))) return;
  if (y !== undefined) scrollTo(0, y); // a step to a part of the page has none: the browser goes there
});

addEventListener("scroll", () => {
  clearTimeout(resting);
  resting = setTimeout(keep, SCROLLED);
});

addEventListener("pagehide", () => {
  keep();
  running?.abort();
});

const FILES = files(document);
const still = new CSSStyleSheet(); // where a page stays while it is renewed, this module says alone
still.replaceSync("html { overflow-anchor: none }");
document.adoptedStyleSheets.push(still);
history.scrollRestoration = "manual"; // the browser would scroll before the results are there
if (history.state?.y) scrollTo(0, history.state.y);
watch();
