// What Word and Google Docs put on the clipboard, made plain before the editor reads it: words, headings, lists, links,
// bold and italics stay; looks, scripts and the wrappers those programs put around everything go.
(() => {
  const GONE = "script,style,meta,link,title,xml,o\\:p,img,svg,iframe,object,form,input";
  // The editor knows two steps of headings.
  const AS = {H1: "h2", H4: "h3", H5: "h3", H6: "h3", STRONG: "b", EM: "i"};
  const cleaned = new WeakSet();

  const styleOf = (element) => (element.getAttribute("style") || "").replace(/\s/g, "").toLowerCase();

  const wrap = (element, name) => {
    const around = element.ownerDocument.createElement(name);
    around.append(...element.childNodes);
    element.append(around);
  };

  const rename = (element, name) => {
    const made = element.ownerDocument.createElement(name);
    made.append(...element.childNodes);
    element.replaceWith(made);
    return made;
  };

  // Word writes a list as paragraphs, each with its mark as text before it.
  const listsOfWord = (page) => {
    for (const paragraph of page.querySelectorAll("p[class^=MsoList],p[style*='mso-list:']")) {
      const mark = [...paragraph.querySelectorAll("span")].find((one) => styleOf(one).includes("mso-list:ignore"));
      if (!mark) continue;
      const name = /^\s*[\da-z]{1,4}[.)]/i.test(mark.textContent) ? "ol" : "ul";
      mark.remove();
      const before = paragraph.previousElementSibling;
      const list = before && before.dataset.word === name ? before : page.createElement(name);
      list.dataset.word = name;
      if (list !== before) paragraph.before(list);
      list.append(rename(paragraph, "li"));
    }
  };

  // The editor has no tables: each row becomes a line.
  const tables = (page) => {
    for (const table of page.querySelectorAll("table")) {
      const lines = [...table.querySelectorAll("tr")].map((row) => {
        const line = page.createElement("p");
        line.textContent = [...row.cells].map((cell) => cell.textContent.replace(/\s+/g, " ").trim()).filter(Boolean).join(" – ");
        return line;
      });
      table.replaceWith(...lines);
    }
  };

  const plain = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const one of page.querySelectorAll(GONE)) one.remove();
    listsOfWord(page);
    tables(page);
    for (const one of page.body.querySelectorAll("*")) {
      const style = styleOf(one);
      if (one.tagName === "SPAN") {
        if (/font-weight:(bold|[6-9]00)/.test(style)) wrap(one, "b");
        if (/font-style:italic/.test(style)) wrap(one, "i");
        if (/vertical-align:super/.test(style)) wrap(one, "sup");
        if (/vertical-align:sub/.test(style)) wrap(one, "sub");
      }
      const looksOnly = ["FONT", "SPAN", "U"].includes(one.tagName) || (/^(B|STRONG)$/.test(one.tagName) && /font-weight:(normal|400)/.test(style));
      const href = one.getAttribute("href");
      for (const attribute of [...one.attributes]) one.removeAttribute(attribute.name);
      if (href && /^(https?:|mailto:|\/)/.test(href)) one.setAttribute("href", href);
      if (looksOnly) one.replaceWith(...one.childNodes);
      else if (AS[one.tagName]) rename(one, AS[one.tagName]);
    }
    for (const one of page.body.querySelectorAll("p,li,h2,h3")) if (!one.textContent.trim()) one.remove();
    return page.body.innerHTML.replace(/&nbsp;|\u00a0/g, " ").normalize("NFC");
  };

  document.addEventListener("paste", (event) => {
    if (cleaned.has(event) || !event.clipboardData || !event.target.closest(".public-DraftEditor-content")) return;
    const html = event.clipboardData.getData("text/html");
    // Text copied within the editor carries the editor's own notes; it is left alone.
    if (!html || html.includes("data-draftjs-conductor-fragment") || html.includes("data-editor=")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const data = new DataTransfer();
    data.setData("text/html", plain(html));
    data.setData("text/plain", event.clipboardData.getData("text/plain").normalize("NFC"));
    const again = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    cleaned.add(again);
    event.target.dispatchEvent(again);
  }, true);
})();
