// A button that copies the text beside it; without clipboard access the text can still be held and copied by hand.
const text = document.querySelector("[data-copy]");
const button = document.querySelector("[data-copy-button]");
const said = document.querySelector("[data-copied]");
if (text && button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      said.hidden = false;
    } catch { text.select(); }
  });
}
