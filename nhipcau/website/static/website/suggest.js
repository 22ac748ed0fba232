// Titles that answer what is being typed, as links below the box. Without this the box is an ordinary form.
const box = document.querySelector("[data-suggest]");
const list = document.querySelector("[data-suggestions]");
if (box && list) {
  let waiting, asking;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  list.after(status);

  const show = ({ all, hits }) => {
    const items = hits.map((hit) => {
      const link = document.createElement("a");
      link.href = hit.url;
      const title = document.createElement("span");
      if (hit.language) title.lang = hit.language;
      for (const [text, asked] of hit.title) {
        const piece = document.createElement(asked ? "mark" : "span");
        piece.textContent = text;
        title.append(piece);
      }
      const kind = document.createElement("small");
      kind.textContent = hit.kind;
      link.append(title, " ", kind);
      const item = document.createElement("li");
      item.append(link);
      return item;
    });
    if (items.length) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = all;
      link.textContent = list.dataset.all;
      item.append(link);
      items.push(item);
    }
    const ul = document.createElement("ul");
    ul.append(...items);
    list.replaceChildren(ul);
    list.hidden = !items.length;
    status.textContent = items.length ? `${list.dataset.some}: ${hits.length}` : "";
  };

  const ask = async () => {
    asking?.abort();
    const typed = box.value.trim();
    if (typed.length < 2 || typed === box.defaultValue) { show({ hits: [] }); return; }
    asking = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      if (answer.ok) show(await answer.json());
    } catch { /* the network is slow or gone: the form still works */ }
  };

  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 200); });
  box.form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { show({ hits: [] }); box.focus(); event.preventDefault(); }
  });
}
