/** Texts of the audit log, of the workspace, and of what a person may ask of those who hold something of him. */
export const audit = {
  text: 'Who of your staff did what: logins, changes, takeovers by force, exports and erasures. Kept for 400 days.',
  who: 'Who',
  anybody: 'Anybody',
  what: 'What',
  anything: 'Anything',
  target: 'To what',
  targetHint: 'An id, such as agt_… or que_…',
  from: 'From',
  nobody: 'Nobody (a login that failed)',
  key: 'An API key',
  none: 'Nothing was done yet.',
  noneOf: 'Nothing fits these filters.',
  more: 'Show more',
  clear: 'Clear filters',
  actions: {
    login: 'Logged in',
    'login.failed': 'Login failed',
    'login.link': 'Logged in by a link',
    logout: 'Logged out',
    'take.force': 'Took over by force',
    eraseCustomer: 'Erased a customer',
    exportCustomer: 'Exported a customer',
    createKey: 'Made an API key',
    deleteKey: 'Revoked an API key',
    createAgent: 'Added an agent',
    updateAgent: 'Changed an agent',
    deleteAgent: 'Disabled an agent',
    createLoginLink: 'Made a login link',
    createQueue: 'Added a queue',
    updateQueue: 'Changed a queue',
    deleteQueue: 'Removed a queue',
    createIntegration: 'Added an integration',
    updateIntegration: 'Changed an integration',
    deleteIntegration: 'Removed an integration',
    testIntegration: 'Tried a desk',
    createWebhook: 'Added a webhook',
    updateWebhook: 'Changed a webhook',
    deleteWebhook: 'Removed a webhook',
    testWebhook: 'Tried a webhook',
    replayWebhook: 'Replayed a webhook',
    replayTroubles: 'Sent again what failed',
    updateWorkspace: 'Changed the workspace',
  } as Record<string, string>,
} as const;

export const workspace = {
  text: 'What it is called, and how long conversations are kept.',
  name: 'Name',
  nameHint: 'Your team sees it.',
  retention: 'Delete closed conversations after some time',
  retentionHint: 'With everything in them: messages, notes, files. Nobody can bring them back.',
  days: 'Days',
  kept: 'Closed conversations are kept until you delete them.',
  after: (days: string) => `Deleted ${days} after they were closed.`,
} as const;

export const privacy = {
  title: 'Personal data',
  export: 'Export',
  exportHint:
    'Everything that is held of this person, as a file. Notes of your team are in it: look through it before you give it away.',
  exported: 'The file is in your downloads',
  erase: 'Erase',
  eraseTitle: (name: string) => `Erase ${name}?`,
  eraseText:
    'Details, everything that was said in all conversations, notes and files are gone everywhere and for good. Open conversations end. Backups, and what outside desks and bots were told, are yours to follow up.',
  type: (word: string) => `Type “${word}” to confirm`,
  word: 'erase',
  erased: (conversations: number) =>
    conversations === 1
      ? 'Erased, with 1 conversation'
      : `Erased, with ${conversations.toLocaleString()} conversations`,
} as const;
