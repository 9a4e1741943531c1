/**
 * What the customer's window itself says, by the keys of the widget (packages/widget/src/strings.ts), which speaks English
 * by itself. They come with the session, so that a page loads its own language only. `title` and `greeting` are those of the
 * theme, where the site has set none.
 */
export type WindowWords = Readonly<Record<string, string>>;
