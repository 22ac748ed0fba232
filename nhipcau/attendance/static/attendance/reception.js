// The desk that goes on without reloading and without a network: a code, scanned or typed, is sent at once; while there is
// no network it is kept on this machine (the code and the time, no name) and sent later. Without this script every button
// is an ordinary form.
const desk = document.querySelector("[data-reception]");
const form = desk.querySelector("[data-scan-form]");
const field = form.elements.code;
const notice = desk.querySelector("[data-offline]");
const store = `reception:${desk.dataset.activity}`;
const token = form.elements.csrfmiddlewaretoken.value;

// --- answers --------------------------------------------------------------------------------
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const part of desk.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh) part.replaceWith(document.importNode(fresh, true));
  }
  window.htmx?.process?.(desk);
  sendAtOnce();
}

function sendAtOnce() {
  for (const box of desk.querySelectorAll("[data-send]")) {
    box.form.querySelector("[data-send-button]").hidden = true;
    box.onchange = () => box.form.requestSubmit();
  }
}

function say(sentence) {
  notice.querySelector("p").textContent = sentence;
  notice.hidden = !sentence;
}

// --- what waits for the network ---------------------------------------------------------------
function kept() {
  try { return JSON.parse(localStorage.getItem(store)) || []; } catch { return []; }
}

function keep(list) {
  try { localStorage.setItem(store, JSON.stringify(list)); } catch { /* nothing can be kept: the sentence below still counts */ }
}

function sayKept() {
  const waiting = kept().length;
  if (waiting) say(notice.dataset.kept.replace("{count}", waiting));
}

function wait(code) {
  const list = kept();
  if (!list.some((scan) => scan.code === code)) {
    list.push({ id: `${Date.now()}-${code}`, code, at: new Date().toISOString(), device: desk.querySelector("[data-point]").value });
    keep(list);
  }
  sayKept();
}

let sending = false;
async function flush() {
  const list = kept().slice(0, 100);
  if (!list.length || sending) return;
  sending = true;
  try {
    const response = await fetch(desk.dataset.sync, {
      method: "POST", body: JSON.stringify(list),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    });
    if (!response.ok || response.redirected) return;
    const { answers } = await response.json();
    const answered = new Set(answers.map((answer) => answer.id));
    keep(kept().filter((scan) => !answered.has(scan.id)));
    const refused = new Set(answers.filter((answer) => answer.state === "refused").map((answer) => answer.id));
    const codes = list.filter((scan) => refused.has(scan.id)).map((scan) => scan.code);
    say(codes.length ? notice.dataset.trouble.replace("{names}", codes.join(", ")) : notice.dataset.sent);
    show(await (await fetch(location.pathname)).text());
  } catch { sayKept(); } finally { sending = false; }
}
addEventListener("online", flush);
setInterval(flush, 20000);

// --- one code ---------------------------------------------------------------------------------
let busy = false;
async function admit(code) {
  if (busy || !code.trim()) return;
  busy = true;
  try {
    const body = new URLSearchParams({ action: "admit", code: code.trim(), csrfmiddlewaretoken: token });
    const response = await fetch(location.pathname, { method: "POST", body });
    if (response.url.includes("/tai-khoan/")) { wait(code.trim()); location.assign(response.url); return; }
    if (response.status >= 500) throw new TypeError("server");
    show(await response.text());
    field.value = "";
  } catch { wait(code.trim()); field.value = ""; } finally { busy = false; }
}
form.addEventListener("submit", (event) => { event.preventDefault(); admit(field.value); });

// --- camera -----------------------------------------------------------------------------------
const button = desk.querySelector("[data-scan]");
const view = desk.querySelector("[data-viewfinder]");
let stream = null;
let awake = null;
let last = { code: "", at: 0 };

async function look(detector) {
  if (!stream) return;
  try {
    for (const found of await detector.detect(view)) {
      const again = found.rawValue === last.code && Date.now() - last.at < 4000;
      if (again || busy) continue;
      last = { code: found.rawValue, at: Date.now() };
      navigator.vibrate?.(60);
      await admit(found.rawValue);
    }
  } catch { /* a frame that cannot be read is followed by the next */ }
  setTimeout(() => look(detector), 120);
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  view.hidden = true;
  awake?.release?.();
  button.textContent = button.dataset.start;
}

async function start() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch { field.focus(); return; }
  view.srcObject = stream;
  view.hidden = false;
  await view.play();
  try { awake = await navigator.wakeLock?.request("screen"); } catch { awake = null; }
  button.textContent = button.dataset.stop;
  look(new BarcodeDetector({ formats: ["qr_code"] }));
}

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  button.dataset.start = button.textContent;
  button.addEventListener("click", () => (stream ? stop() : start()));
}
sendAtOnce();
sayKept();
flush();
