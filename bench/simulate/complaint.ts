/** Something that whoever called can put right. The message says what; no stack is shown. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}
