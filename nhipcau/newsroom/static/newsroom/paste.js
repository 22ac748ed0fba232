// What Word and Google Docs put on the clipboard, made plain before the editor reads it: words, headings, lists, links,
// bold and italics stay; looks, scripts and the wrappers those programs put around everything go.
(() => {
  const GONE = "script,style,meta,link,title,xml,o\\:p,img,svg,iframe,object,form,input";
  const cleaned = new WeakSet();

  const wrap = (element, name) => {
    const around = element.ownerDocument.createElement(name);
    around.append(...element.childNodes);
    element.append(around);
  };

  const plain = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const one of page.querySelectorAll(GONE)) one.remove();
    for (const one of page.body.querySelectorAll("*")) {
      const style = (one.getAttribute("style") || "").replace(/\s/g, "").toLowerCase();
      const inBlock = one.tagName === "SPAN";
      if (inBlock && /font-weight:(bold|[6-9]00)/.test(style)) wrap(one, "b");
      if (inBlock && /font-style:italic/.test(style)) wrap(one, "i");
      const looksOnly = ["FONT", "SPAN"].includes(one.tagName) || (/^(B|STRONG)$/.test(one.tagName) && /font-weight:(normal|400)/.test(style));
      const href = one.getAttribute("href");
      for (const attribute of [...one.attributes]) one.removeAttribute(attribute.name);
      if (href && /^(https?:|mailto:|\/)/.test(href)) one.setAttribute("href", href);
      if (looksOnly) one.replaceWith(...one.childNodes);
    }
    return page.body.innerHTML.normalize("NFC");
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
