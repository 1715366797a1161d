// Shows the copy buttons, which need a script; the fields beside them can be selected anyway.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.lastChild.textContent = "Copied";
  });
}
