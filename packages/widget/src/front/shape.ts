/** The launcher's sign, on a field of 24. */
export const CHAT_SHAPE =
  'M12 3.5c-5 0-9 3.4-9 7.7 0 2.3 1.1 4.3 3 5.7-.1 1.2-.5 2.3-1.2 3.2 1.7-.1 3.2-.7 4.4-1.6 5.9 1.2 11.8-2.2 11.8-7.3 0-4.3-4-7.7-9-7.7z';
/** Its size in pixels. */
export const CHAT_SIZE = 34;
