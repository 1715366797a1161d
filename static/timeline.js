// Ranges of messages: a click with Shift on the time of a message stretches the chosen ones to it.
// What is chosen stands in the address (#m12 or #m12-18), so it can be passed on, and a bar copies it
// as a quote. It must never know a word of the interface: all words come with the page.
const bar = document.getElementById("chosen");
const label = bar?.querySelector("b");
const quote = bar?.querySelector("a");
const copy = bar?.querySelector("button");
const RANGE = /^#m(\d+)(?:-(\d+))?$/;

function chosen() {
  const found = RANGE.exec(location.hash);
  if (!found) return null;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  return { first: Math.min(first, last), last: Math.max(first, last) };
}

function show() {
  const range = chosen();
  for (const one of document.querySelectorAll(".timeline .picked")) one.classList.remove("picked");
  bar.hidden = range === null;
  if (range === null) return;
  const inside = [...document.querySelectorAll(".timeline li[id]")].filter((one) => {
    const number = Number(one.id.slice(1));
    return range.first <= number && number <= range.last;
  });
  if (!inside.length) {
    bar.hidden = true;
    return;
  }
  const single = range.first === range.last;
  if (!single) for (const one of inside) one.classList.add("picked");
  label.textContent = single ? range.first : `${range.first}–${range.last}`;
  quote.search = new URLSearchParams({ [quote.dataset.first]: range.first, [quote.dataset.last]: range.last });
  copy.lastChild.textContent = copy.dataset.ready;
  if (!single) inside[0].scrollIntoView({ block: "center" });
}

async function take() {
  const url = new URL(quote.href);
  url.pathname += ".txt";
  const answer = await fetch(url, { headers: { accept: "text/plain" } });
  if (!answer.ok) {
    location.assign(quote.href);
    return;
  }
  await navigator.clipboard.writeText(await answer.text());
  copy.lastChild.textContent = copy.dataset.done;
}

function stretch(event) {
  const link = event.target.closest?.(".msg .by a");
  const range = chosen();
  if (!link || !event.shiftKey || event.button || event.ctrlKey || event.metaKey || !range) return;
  event.preventDefault();
  const number = Number(link.closest("li").id.slice(1));
  const [first, last] = [Math.min(range.first, number), Math.max(range.last, number)];
  location.hash = first === last ? `m${first}` : `m${first}-${last}`;
}

if (bar) {
  document.addEventListener("click", stretch);
  copy.addEventListener("click", take);
  addEventListener("hashchange", show);
  if (chosen()) history.scrollRestoration = "manual"; // the browser would scroll after this module
  show();
}
