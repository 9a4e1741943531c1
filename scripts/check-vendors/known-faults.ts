import type { SentCall, Verdict } from './spec.ts';

/** A fault of a vendor's own description: the call is right, and the file says otherwise. */
export interface KnownFault {
  /** The kind of the desk. */
  vendor: string;
  /** The operation, as `Verdict` names it, or the beginning of method and path where the file has none. */
  where: RegExp;
  /** Which of the faults. */
  fault: RegExp;
  /** Why the call is right. */
  why: string;
}

/** Each with the reason. A call whose only faults are listed here counts as valid. */
export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    vendor: 'zendesk-support',
    where: /^(POST|PUT) .*\/tickets/,
    fault: /custom_fields.*(required property '(key|type|title)'|must)/,
    why: 'The file points at the definition of a custom field; a ticket takes {id, value}.',
  },
  {
    vendor: 'zendesk-support',
    where: /^GET .*\/audits/,
    fault: /query: "page\[(size|after)\]" is not known/,
    why: 'The file leaves out the parameters of pages, of which its own description of the operation speaks.',
  },
  {
    vendor: 'zendesk-support',
    where: /^GET \/attachments\//,
    fault: /there is no/,
    why: 'Files are fetched from the address that a comment names, which is no part of the API.',
  },
  {
    vendor: 'zendesk-support',
    where: /^POST .*\/uploads/,
    fault: /body: none is expected|query: "filename" is not known/,
    why: 'The file leaves out what its own description of an upload asks for: the bytes as the body, and the file name.',
  },
  {
    vendor: 'zendesk-support',
    where: /^\w+ .*\/(webhooks|agent_availabilities)/,
    fault: /there is no/,
    why: 'The file (March 2024) has neither webhooks nor agent availability, which are APIs of their own.',
  },
  {
    vendor: 'zendesk-messaging',
    where: /^GET \/media\//,
    fault: /there is no/,
    why: 'Files are fetched from the address that a message names, which is no part of the API.',
  },
  {
    vendor: 'chatwoot',
    where: /^POST .*\/messages$/,
    fault: /"source_id" is not known/,
    why: 'The file leaves it out of the form with files; the server takes the same fields from a form as from JSON.',
  },
  {
    vendor: 'chatwoot',
    where: /^GET \/rails\/active_storage\//,
    fault: /there is no/,
    why: 'Files are fetched from the address that a message names, which is no part of the API.',
  },
  {
    vendor: 'intercom',
    where: /^GET \/attachments\//,
    fault: /there is no/,
    why: 'Files are fetched from the address that a part names, which is no part of the API.',
  },
  {
    vendor: 'freshdesk',
    where: /^GET \/contacts$/,
    fault: /"unique_external_id" is not known/,
    why: 'The file is not the vendor’s, and leaves it out: the vendor’s documents and everybody’s code filter contacts by it.',
  },
  {
    vendor: 'freshdesk',
    where: /^GET \/agents$/,
    fault: /"only" is not known/,
    why: 'The file is not the vendor’s, and leaves it out: the vendor documents only=availability.',
  },
  {
    vendor: 'freshdesk',
    where: /^POST .*\/notes$/,
    fault: /multipart\/form-data is not one of/,
    why: 'The file is not the vendor’s, and leaves it out: notes with attachments are forms.',
  },
  {
    vendor: 'freshdesk',
    where: /^GET \/data\//,
    fault: /there is no/,
    why: 'Files are fetched from the address that an entry names, which is no part of the API.',
  },
  {
    vendor: 'slack',
    where: /^GET \//,
    fault: /query: "token" is missing/,
    why: 'The file (2021) wants the token in the address; Slack says itself that it belongs in the Authorization header.',
  },
  {
    vendor: 'slack',
    where: /^GET \/conversations\.(history|replies)$/,
    fault: /"include_all_metadata" is not known/,
    why: 'The file (2021) is older than the metadata of messages.',
  },
  {
    vendor: 'slack',
    where: /\/files\.(getUploadURLExternal|completeUploadExternal)$/,
    fault: /there is no/,
    why: 'The file (2021) has only files.upload, which Slack has switched off since.',
  },
  {
    vendor: 'slack',
    where: /^(POST \/upload\/v1\/|GET \/files-pri\/)/,
    fault: /there is no/,
    why: 'Files are brought to, and fetched from, the address that an answer names, which is no part of the API.',
  },
  {
    vendor: 'freshchat',
    where: /^GET \/(conversations\/\S+\/messages|agents|channels)$/,
    fault: /"(page|items_per_page)" is not known/,
    why: 'The file is not the vendor’s, and has hardly any parameters: the vendor’s lists come in pages.',
  },
  {
    vendor: 'freshchat',
    where: /^GET \/users$/,
    fault: /"reference_id" is not known/,
    why: 'The file is not the vendor’s, and has hardly any parameters: users are found by reference_id.',
  },
  {
    vendor: 'freshchat',
    where: /^POST \/images\/upload$/,
    fault: /the field "image" is not known/,
    why: 'The file is not the vendor’s, and copies the field from files; everybody’s code sends a picture as "image".',
  },
  {
    vendor: 'freshchat',
    where: /^GET \/uploads\//,
    fault: /there is no/,
    why: 'Files are fetched from the address that a message names, which is no part of the API.',
  },
];

/** Faults that are not the vendor's own. */
export function remaining(vendor: string, call: SentCall, verdict: Verdict): { faults: string[]; excused: string[] } {
  const where = verdict.operation ?? `${call.method} ${call.path}`;
  const known = KNOWN_FAULTS.filter((one) => one.vendor === vendor && one.where.test(where));
  const excused: string[] = [];
  const faults = verdict.faults.filter((fault) => {
    const found = known.find((one) => one.fault.test(fault));
    if (found) excused.push(found.why);
    return !found;
  });
  return { faults, excused };
}
