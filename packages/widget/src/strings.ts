/** What the first script needs to say. */
export const FRONT = {
  open: 'Open chat',
  loading: 'Loading…',
  offline: 'Connection lost. Trying again…',
  again: 'Try again',
} as const;

/**
 * The widget's own words. A site replaces any of them through its channel (`strings` of the session). `{name}` is
 * filled in. What Baton says about waits and handoffs comes from the server, as messages.
 */
export const ENGLISH = {
  ...FRONT,
  openUnread: 'Open chat, unread messages: {count}',
  close: 'Close chat',
  menu: 'More',
  assistant: 'Assistant',
  team: 'Team',
  you: 'You',
  /** Status lines below the name in the header. */
  withAgent: 'From our team',
  onHold: 'On hold',
  inLine: 'You are in the line',
  connecting: 'Connecting…',
  offlineHere: 'You are offline. What you send goes out as soon as you are back.',
  /** One question a line; offered while nothing has been said. */
  suggestions: '',
  older: 'Show earlier messages',
  loadFailed: 'Earlier messages could not be loaded.',
  newMessages: 'New messages',
  messages: 'Messages',
  joined: '{name} joined',
  left: '{name} left',
  returned: '{name} handed the conversation back to the assistant',
  held: '{name} put you on hold. You can keep writing.',
  resumed: '{name} is back',
  transferred: 'You are being passed on to a colleague, who sees everything written so far',
  transferredTo: 'You are being passed on to {name}, who sees everything written so far',
  closed: 'Conversation ended',
  reopened: 'Conversation opened again',
  edited: 'edited',
  redacted: 'Message removed',
  sending: 'Sending…',
  kept: 'Goes out when you are back online',
  sent: 'Sent',
  seen: 'Seen',
  notSent: 'Not sent: {reason}',
  stale: 'it had been waiting too long.',
  retry: 'Send again',
  discard: 'Delete',
  typing: '{name} is typing',
  placeholder: 'Write a message…',
  placeholderClosed: 'Write to open the conversation again…',
  message: 'Message',
  send: 'Send',
  attach: 'Attach a file',
  dropHere: 'Drop files to attach them',
  remove: 'Remove {name}',
  uploading: 'Uploading {name}',
  fileTooLarge: '{name} is too large. The limit is {limit}.',
  fileType: 'Files of this kind cannot be sent: {name}',
  tooManyFiles: 'At most {count} files in one message.',
  uploadFailed: '{name} could not be uploaded.',
  tooLong: 'Too long by {count} characters. Shorten it or send it in pieces.',
  charactersLeft: '{count} characters left',
  person: 'Talk to a person',
  askingPerson: 'Asking for a person…',
  leaveLine: 'Leave the line',
  leavingLine: 'Leaving…',
  place: 'Your place in the line: {place}',
  soundOn: 'Turn sound on',
  soundOff: 'Turn sound off',
  rate: 'How did we do?',
  stars: '{count} of 5',
  comment: 'Anything you would like to add? (optional)',
  sendRating: 'Send feedback',
  thanks: 'Thank you for your feedback.',
  renew: 'Start a new conversation',
  dismiss: 'Dismiss',
  openLink: 'Open',
  required: 'Please fill in: {name}',
} as const;

export type StringKey = keyof typeof ENGLISH;
export type Words = (key: StringKey, values?: Record<string, string | number>) => string;

export function wordsOf(replaced: Record<string, string>): Words {
  return (key, values) => fill(replaced[key] ?? ENGLISH[key], values ?? {});
}

function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
