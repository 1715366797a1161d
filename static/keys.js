// Single keys: / to the search box, j and k between conversations, n and p between the hits of one,
// ? for the sheet. They can be switched off on the sheet; the browser keeps that. They must never
// take a key from somebody who writes, nor one that belongs to the browser.
const STORE = "single-keys";
const OFF = "off";
const WRITING = "input:not([type=checkbox]), select, textarea, [contenteditable]";

const sheet = document.getElementById("keys");
const box = document.getElementById("single-keys");
let chosen = ""; // what holds where the browser keeps nothing

function areOn() {
  try {
    return (localStorage.getItem(STORE) ?? chosen) !== OFF;
  } catch {
    return chosen !== OFF;
  }
}

function choose() {
  chosen = box.checked ? "on" : OFF;
  try {
    localStorage.setItem(STORE, chosen);
  } catch {
    // the choice holds until the page is left
  }
}

function open() {
  box.checked = areOn();
  sheet.showModal();
  return true;
}

function search() {
  const field = document.getElementById("q");
  field?.focus();
  field?.select();
  return field !== null;
}

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return link !== null;
}

function neighbour(by) {
  return step(by) || follow(by > 0 ? ".trail a[rel=next]" : ".trail a[rel=prev]");
}

function step(by) {
  const links = [...document.querySelectorAll(".result h3 a")];
  const at = links.findIndex((link) => link.closest(".result").contains(document.activeElement));
  const next = at < 0 ? links.at(by > 0 ? 0 : -1) : links[at + by];
  next?.focus();
  next?.closest(".result").scrollIntoView({ block: "nearest" });
  return links.length > 0;
}

const ACTIONS = {
  "/": search,
  j: () => neighbour(1),
  k: () => neighbour(-1),
  n: () => follow(".hitbar a[rel=next]"),
  p: () => follow(".hitbar a[rel=prev]"),
  "?": open,
};

document.addEventListener("keydown", (event) => {
  const taken = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented;
  const action = Object.hasOwn(ACTIONS, event.key) && ACTIONS[event.key];
  if (taken || !action || sheet.open || !areOn() || event.target.closest?.(WRITING)) return;
  if (action()) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", open);
}
box.addEventListener("change", choose);
