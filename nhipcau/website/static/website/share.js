// Passing a page on: the phone's own sheet, the clipboard, the printer. Each button shows only where it works.
const by = (name) => document.querySelector(`[data-${name}]`);
const share = by("share");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    navigator.share({ title: share.dataset.title, url: share.dataset.share }).catch(() => {});
  });
}
const copy = by("copy-address");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copyAddress);
    const said = by("said");
    said.textContent = ` ${said.dataset.said}`;
  });
}
const print = by("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
