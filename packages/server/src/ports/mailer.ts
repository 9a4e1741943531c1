/** A letter in plain words: what people wrote is never markup. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
  /** Unique and the same at every try: mail programs show a letter that came twice once. */
  id: string;
}

export interface Mailer {
  /** Resolves when the mail server has taken it. Throws `AdapterFailure`. */
  send(letter: Letter): Promise<void>;
}
