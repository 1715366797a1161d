// Single keys: / to the search box, j and k between conversations, ? for the sheet. They can be
// switched off on the sheet; the browser keeps that.
const sheet = document.getElementById("keys");
const box = document.getElementById("single-keys");
const STORE = "single-keys";

function wanted() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function step(by) {
  const links = [...document.querySelectorAll(".result h3 a")];
  const at = links.findIndex((link) => link.closest(".result").contains(document.activeElement));
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
  if (next) {
    next.focus();
    next.closest(".result").scrollIntoView({ block: "nearest" });
  }
}

const ACTIONS = {
  "/": () => {
    const field = document.getElementById("q");
    field?.focus();
    field?.select();
    return Boolean(field);
  },
  j: () => step(1),
  k: () => step(-1),
  "?": () => sheet.showModal(),
};

function typing(target) {
  return target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  const action = ACTIONS[event.key];
  if (!plain || !action || sheet.open || !wanted() || typing(event.target)) return;
  if (action() !== false) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => sheet.showModal());
}
box.checked = wanted();
box.addEventListener("change", () => {
  try {
    localStorage.setItem(STORE, box.checked ? "on" : "off");
  } catch {
    // without storage the choice holds until the page is left
  }
});
