/** Two soft tones. Made here: a file would weigh more than the widget's whole code for it. */
export function chime(): void {
  try {
    const context = new AudioContext();
    const begin = context.currentTime;
    for (const [index, frequency] of [660, 880].entries()) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const at = begin + index * 0.12;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.08, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.32);
    }
    setTimeout(() => void context.close(), 1_000);
  } catch {
    // No sound on this device, or not before the visitor has touched the page.
  }
}
