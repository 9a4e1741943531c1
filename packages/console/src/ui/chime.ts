/** Two soft notes, made here: no file to load, and quiet enough for an open-plan office. */
const NOTES = { offer: [659.25, 880, 1_318.5], message: [880, 1_174.66] } as const;
const NOTE_SECONDS = 0.13;
const LOUDNESS = 0.07;

let context: AudioContext | undefined;

/** Plays only after the agent has touched the page once: browsers keep pages silent before. */
export function chime(kind: keyof typeof NOTES): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    for (const [at, note] of NOTES[kind].entries()) play(context, note, at * NOTE_SECONDS);
  } catch {
    // No sound device: the screen says it too.
  }
}

function play(audio: AudioContext, frequency: number, delay: number): void {
  const start = audio.currentTime + delay;
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
  const tone = audio.createOscillator();
  tone.frequency.value = frequency;
  tone.connect(gain).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.55);
}
