// Puts each note about a stale paragraph beside the paragraph it is about; without it the notes stay at the top.
(() => {
  const place = () => {
    for (const note of document.querySelectorAll("[data-stale]")) {
      const key = note.dataset.stale.replace(/^body:/, "");
      const beside = document.querySelector(`[data-contentpath="${CSS.escape(key)}"]`);
      if (beside && !beside.contains(note)) beside.prepend(note);
    }
  };
  document.addEventListener("DOMContentLoaded", () => setTimeout(place, 0));
  window.addEventListener("load", place);
})();
