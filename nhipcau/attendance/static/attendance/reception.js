// The desk that goes on without reloading and without a network: a code, scanned or typed, is sent at once; while there is
// no network it is kept on this machine (the code and the time, no name) and sent later. Without this script every button
// is an ordinary form. The scanner says `desk:code`; what came of a code is said as `desk:answer`.
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
  let more = false;
  const list = kept().slice(0, 50);
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
    more = answered.size > 0 && kept().length > 0;
    const refused = new Set(answers.filter((answer) => answer.state === "refused").map((answer) => answer.id));
    const codes = list.filter((scan) => refused.has(scan.id)).map((scan) => scan.code);
    say(codes.length ? notice.dataset.trouble.replace("{names}", codes.join(", ")) : notice.dataset.sent);
    show(await (await fetch(location.pathname)).text());
  } catch { sayKept(); } finally { sending = false; }
  if (more) await flush();
}
addEventListener("online", flush);
setInterval(flush, 20000);

// --- one step ---------------------------------------------------------------------------------
// Sends a form of the desk and shows what came back; false when the session has ended and the sign-in page follows.
async function post(body) {
  const response = await fetch(location.pathname, { method: "POST", body });
  if (response.url.includes("/tai-khoan/")) { location.assign(response.url); return false; }
  const html = await response.text();
  if (!html.includes("data-reception")) throw new TypeError("no desk");
  show(html);
  return true;
}

// "ok", "wait" (amber), "kept" or "lost" (no network): what the eye, the ear and the hand are told.
function tell(outcome) {
  const answer = desk.querySelector("[data-part=answer]");
  (["kept", "lost"].includes(outcome) ? notice : answer).scrollIntoView({ block: "nearest" });
  desk.dispatchEvent(new CustomEvent("desk:answer", { detail: outcome }));
}
const verdict = () => (desk.querySelector("[data-part=answer] .answer.ok") ? "ok" : "wait");

// One step after the other; while there is one, the scanner waits.
let steps = Promise.resolve();
let ahead = 0;
function inTurn(step) {
  ahead += 1;
  desk.dataset.busy = "";
  steps = steps.then(step).finally(() => {
    ahead -= 1;
    if (!ahead) delete desk.dataset.busy;
  });
}

function admit(code) {
  if (!code) return;
  field.value = "";
  inTurn(async () => {
    let outcome = "kept";
    try {
      if (!await post(new URLSearchParams({ action: "admit", code, csrfmiddlewaretoken: token }))) { wait(code); return; }
      outcome = verdict();
    } catch { wait(code); }
    tell(outcome);
  });
}
form.addEventListener("submit", (event) => { event.preventDefault(); admit(field.value.trim()); });
desk.addEventListener("desk:code", (event) => admit(event.detail.trim()));

// The buttons of an answer and of guests found do not reload the page either: the camera stays open for the next guest.
desk.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (target.method !== "post" || !target.closest("[data-part], #found")) return;
  event.preventDefault();
  if (target.ariaBusy === "true") return; // pressed twice
  target.ariaBusy = "true";
  const body = new URLSearchParams(new FormData(target));
  if (submitter?.name) body.set(submitter.name, submitter.value);
  inTurn(async () => {
    try {
      if (!await post(body)) return;
    } catch {
      target.ariaBusy = "false";
      say(notice.dataset.lost);
      tell("lost");
      return;
    }
    desk.querySelector("#find").value = "";
    desk.querySelector("#found").replaceChildren();
    if (["admit", "instead"].includes(body.get("action"))) tell(verdict());
    const wrong = desk.querySelector("[data-part] [aria-invalid=true]");
    if (wrong) wrong.focus();
    else if (matchMedia("(pointer: fine)").matches) field.focus(); // for a scanner that types; a telephone would open its keys
  });
});

sendAtOnce();
sayKept();
flush();
