/** One piece of an article that can be read alone: the text under one heading. */
export interface Passage {
  /** The article's file, relative to its folder. */
  path: string;
  title: string;
  /** Null for what stands above the first sub-heading. */
  heading: string | null;
  /** Markdown, without its heading. */
  text: string;
}

export interface Found extends Passage {
  /** Only for comparing within one search. */
  score: number;
  /** Share of the question's content, 0 to 1, that this passage speaks of; a rare word counts more than a common one. */
  coverage: number;
  /** A word of the question names the article's subject: it is in its title or keywords. */
  onSubject: boolean;
}

/** What a workspace knows. Does I/O; throws only when the database does. */
export interface Articles {
  /**
   * The best passages, best first, at most one an article. `hint` is what else is known of the subject: it helps to
   * choose, but is not part of the question. Nothing fits: an empty list.
   */
  search(question: string, options?: { hint?: string; limit?: number }): Promise<Found[]>;
  /** A passage by its place; null when it is gone. */
  read(path: string, heading: string | null): Promise<Passage | null>;
  /** What there are articles about. */
  titles(limit: number): Promise<{ path: string; title: string }[]>;
}
