// Makes what an empty element names: date fields, choosers and lists of rows, wherever one comes into the page.
// Wagtail writes a script beside each instead, which our policy does not run (nhipcau/newsroom/starting.py). As those would,
// this works while the page is being read, before Wagtail's own controllers take parts of a chooser out of it.
(() => {
  const WAITING = "template[data-nc-start]:not([data-nc-started])";
  const KNOWN = /^(?:init(?:Date|Time|DateTime)Chooser|createTaskChooser|(?:[A-Z]\w*)?Chooser|InlinePanel|MultipleChooserPanel)$/;

  const start = (element) => {
    const name = element.dataset.ncStart;
    if (!KNOWN.test(name)) return;
    element.dataset.ncStarted = "";
    const given = JSON.parse(element.dataset.ncWith);
    if (/^[A-Z]/.test(name)) new window[name](...given);
    else window[name](...given);
  };

  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches(WAITING)) start(node);
        else node.querySelectorAll(WAITING).forEach(start);
      }
    }
  }).observe(document.documentElement, {childList: true, subtree: true});
})();
