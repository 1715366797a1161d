// Shows the copy buttons, which need a script; what they copy can be selected anyway. It is the text
// of a field, or stands with the button.
for (const button of document.querySelectorAll("[data-copy], [data-text]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field?.select();
    await navigator.clipboard.writeText(field ? field.value : button.dataset.text);
    button.lastChild.textContent = button.dataset.done;
  });
}
