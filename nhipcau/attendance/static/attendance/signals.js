// What came of a code, for the ear and the hand: one high note when a guest is let in, two low ones when the screen needs
// to be read, one in between when the code is kept until the network is back. No file is played.
const SIGNALS = {
  ok: { notes: [[880, 0]], shake: 60 },
  wait: { notes: [[330, 0], [330, 0.2]], shake: [90, 70, 90] },
  lost: { notes: [[330, 0], [330, 0.2]], shake: [90, 70, 90] },
  kept: { notes: [[587, 0]], shake: 30 },
};
const desk = document.querySelector("[data-reception]");
let sound = null;

// Browsers let a page sound only after it has been touched.
function wake() {
  if (!window.AudioContext) return;
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume().catch(() => {});
}
desk.addEventListener("click", wake);
desk.addEventListener("keydown", wake);

function play(pitch, after) {
  const begin = sound.currentTime + after;
  const note = sound.createOscillator();
  const loudness = sound.createGain();
  note.frequency.value = pitch;
  loudness.gain.setValueAtTime(0.25, begin);
  loudness.gain.exponentialRampToValueAtTime(0.001, begin + 0.15);
  note.connect(loudness).connect(sound.destination);
  note.start(begin);
  note.stop(begin + 0.15);
}

desk.addEventListener("desk:answer", (event) => {
  const { notes, shake } = SIGNALS[event.detail];
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(shake);
  if (sound?.state === "running") for (const [pitch, after] of notes) play(pitch, after);
});
