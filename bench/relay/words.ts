// What customers write here: 20 to 200 characters, one in six with letters outside ASCII.
const TEXTS = [
  'Hello, are you there?',
  'I ordered the grey lamp on Monday and the page still says that it is being packed.',
  'The number is AM-20417. I paid by card, and the money has left my account already.',
  'Könnten Sie bitte nachsehen, ob die Lieferung noch vor Freitag kommt? Wir sind danach verreist.',
  'It would be enough to know whether it comes before the weekend, because after that nobody is at home for two weeks and the neighbours cannot take it in.',
  'Thank you, that helps a lot.',
].map((text) => JSON.stringify(text));

/** The text of message `n`, as JSON. */
export function textOf(n: number): string {
  return TEXTS[n % TEXTS.length] as string;
}

/** The sender's id of message `n`. Of the length that clients use, and the number can be found in it. */
export function idOf(n: number): string {
  return `bench-relay-${n}`;
}

const MARK = Buffer.from('bench-relay-');
const ZERO = 48;
const NINE = 57;

/** The number in the first of our ids in a frame, without parsing the frame: the client must not be what is measured. */
export function numberIn(frame: Buffer): number | null {
  const at = frame.indexOf(MARK);
  if (at === -1) return null;
  let n = 0;
  for (let i = at + MARK.length; i < frame.length; i++) {
    const digit = frame[i] as number;
    if (digit < ZERO || digit > NINE) break;
    n = n * 10 + digit - ZERO;
  }
  return n;
}
