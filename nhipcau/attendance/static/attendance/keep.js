// Keeps what was typed while the network is lost or the page reloads: in this tab only, gone once the code is shown.
const prefix = "kept:";
const forms = document.querySelectorAll("form[data-keep]");
if (!forms.length) {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}
for (const form of forms) {
  const key = prefix + location.pathname;
  const fields = () => [...form.elements].filter((f) => f.name && !["hidden", "submit", "checkbox"].includes(f.type));
  const answered = form.querySelector(".errors");
  if (!answered) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(key) || "{}");
      for (const field of fields()) {
        if (!(field.name in kept)) continue;
        if (field.type === "radio") field.checked = field.value === kept[field.name];
        else if (!field.value) field.value = kept[field.name];
      }
    } catch { sessionStorage.removeItem(key); }
  }
  form.addEventListener("input", () => {
    const kept = {};
    for (const field of fields()) if (field.type !== "radio" || field.checked) kept[field.name] = field.value;
    try { sessionStorage.setItem(key, JSON.stringify(kept)); } catch { /* a full or forbidden store keeps nothing */ }
  });
}
