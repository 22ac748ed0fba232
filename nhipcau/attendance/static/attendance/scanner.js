// The camera of the desk: opens when asked, reads codes, says each as `desk:code` and closes when the page is left. The
// browser reads the code itself where it can; elsewhere a reader is fetched, once, after the button is pressed.
const desk = document.querySelector("[data-reception]");
const button = desk.querySelector("[data-scan]");
const finder = desk.querySelector("[data-finder]");
const video = finder.querySelector("video");
const torch = finder.querySelector("[data-torch]");
const trouble = desk.querySelector("[data-camera]");
const WIDEST = 1280; // a code that fills a third of the picture is read; a larger picture only takes longer
const PAUSE = 120;
const SAME = 4000; // one guest's code stays before the lens while the answer is read

// --- readers: each takes the video and answers the texts it sees ---------------------------------
async function nativeReader() {
  if (!("BarcodeDetector" in window)) return null;
  if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async () => (await detector.detect(video)).map((found) => found.rawValue);
}

function script(address) {
  return new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = done;
    element.onerror = () => { element.remove(); failed(new Error(address)); };
    document.head.append(element);
  });
}

async function fetchedReader() {
  if (!window.ZXingWASM) await script(desk.dataset.reader);
  const { prepareZXingModule, purgeZXingModule, readBarcodes } = window.ZXingWASM;
  try {
    await prepareZXingModule({ overrides: { locateFile: () => desk.dataset.readerWasm }, fireImmediately: true });
  } catch (error) {
    purgeZXingModule(); // else the failure would be remembered
    throw error;
  }
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    return (await readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 1 }))
      .filter((found) => found.isValid).map((found) => found.text);
  };
}

let reader = null;
async function aReader() {
  reader ??= await nativeReader().catch(() => null) ?? await fetchedReader();
}

// --- looking ---------------------------------------------------------------------------------------
let stream = null;
let awake = null;
let last = { code: "", at: 0 };

async function look(mine) {
  if (stream !== mine) return;
  try {
    for (const code of "busy" in desk.dataset ? [] : await reader()) {
      const again = code === last.code && Date.now() - last.at < SAME;
      last = { code, at: Date.now() };
      if (!again && stream === mine) desk.dispatchEvent(new CustomEvent("desk:code", { detail: code }));
    }
  } catch { /* a frame that cannot be read is followed by the next */ }
  setTimeout(() => look(mine), PAUSE);
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  finder.hidden = torch.hidden = true;
  torch.ariaPressed = "false";
  awake?.release().catch(() => {});
  awake = null;
  button.textContent = button.dataset.start;
}

// The sentence that helps, and the way that always works: the typed code.
function typeInstead(why) {
  stop();
  trouble.querySelector("p").textContent = trouble.dataset[why];
  trouble.hidden = false;
  const field = desk.querySelector("#code");
  field.setAttribute("aria-describedby", trouble.id);
  field.focus();
}

async function open() {
  const wanted = { facingMode: "environment", width: { ideal: WIDEST }, height: { ideal: 720 } };
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
  } catch (error) { return error.name === "NotAllowedError" ? "refused" : "missing"; }
  try { await aReader(); } catch { return "unread"; }
  video.srcObject = stream;
  finder.hidden = false;
  try { await video.play(); } catch { return "missing"; }
  return "";
}

async function start() {
  button.disabled = true;
  button.textContent = button.dataset.opening;
  trouble.hidden = true;
  const why = await open();
  button.disabled = false;
  if (why) { typeInstead(why); return; }
  if (document.hidden) { stop(); return; }
  button.textContent = button.dataset.stop;
  const [track] = stream.getVideoTracks();
  track.addEventListener("ended", () => typeInstead("missing"));
  torch.hidden = !track.getCapabilities?.().torch;
  try { awake = await navigator.wakeLock?.request("screen"); } catch { awake = null; }
  finder.scrollIntoView({ block: "nearest" });
  look(stream);
}

torch.addEventListener("click", async () => {
  const on = torch.ariaPressed !== "true";
  try {
    await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
    torch.ariaPressed = String(on);
  } catch { torch.hidden = true; }
});

// A camera is never left running behind another page or application; it comes back with the desk.
let paused = false;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    paused = stream !== null;
    stop();
  } else if (paused) {
    paused = false;
    start();
  }
});
addEventListener("pagehide", stop);

if (navigator.mediaDevices?.getUserMedia) {
  button.hidden = false;
  button.dataset.start = button.textContent;
  button.addEventListener("click", () => {
    last = { code: "", at: 0 };
    if (stream) stop(); else start();
  });
}
