// Whoever presses a button of the editor while Wagtail still keeps what was typed waits for that to end, and nothing more is
// kept after it: both would be sent at once, and a page not kept before would be made twice.
(() => {
  const LONGEST = 10000;
  let busy = false;
  let leaving = false;
  let held = null;

  const leave = (event) => {
    leaving = true;
    // Another hand may have stopped it: then the page stays and goes on being kept.
    setTimeout(() => { if (event.defaultPrevented) leaving = false; });
    setTimeout(() => { leaving = false; }, LONGEST);
  };

  const release = () => {
    busy = false;
    if (!held) return;
    const {form, pressed, alarm} = held;
    held = null;
    clearTimeout(alarm);
    // The button pressed may be switched off by now, and would then not be sent.
    const word = document.createElement("input");
    Object.assign(word, {type: "hidden", name: pressed?.name ?? "", value: pressed?.value ?? ""});
    if (word.name) form.append(word);
    form.requestSubmit();
    word.remove();
  };

  document.addEventListener("w-autosave:save", (event) => {
    if (leaving) event.preventDefault();
    busy = !event.defaultPrevented;
  });
  for (const end of ["success", "error", "deactivated"]) document.addEventListener(`w-autosave:${end}`, release);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-edit-form]")) return;
    if (!busy) return leave(event);
    event.preventDefault();
    event.stopImmediatePropagation();
    held ??= {form, pressed: event.submitter, alarm: setTimeout(release, LONGEST)};
  }, {capture: true});
})();
