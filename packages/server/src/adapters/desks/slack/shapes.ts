import { z } from 'zod';

const File = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  url_private: z.string().nullish(),
  url_private_download: z.string().nullish(),
});
export type File = z.infer<typeof File>;

/** `ts` is a message's id in its channel and its time: seconds with six decimals. */
export const Message = z.object({
  ts: z.string(),
  thread_ts: z.string().nullish(),
  subtype: z.string().nullish(),
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  text: z.string().nullish(),
  files: z.array(File).nullish().catch(null),
  /** The same words once more, as what they are made of: emoji with their characters. */
  blocks: z.unknown().optional(),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .nullish()
    .catch(null),
  reactions: z
    .array(z.object({ name: z.string(), users: z.array(z.string()).nullish() }))
    .nullish()
    .catch(null),
});
export type Message = z.infer<typeof Message>;

/** What is said of a member. */
export const Member = z.object({
  id: z.string(),
  real_name: z.string().nullish(),
  profile: z
    .object({
      display_name: z.string().nullish(),
      real_name: z.string().nullish(),
      image_192: z.string().nullish(),
    })
    .nullish()
    .catch(null),
});
export type Member = z.infer<typeof Member>;

/** Emoji on the first message of a thread that say something. */
export const EMOJI = { return: 'robot_face', close: 'white_check_mark', take: 'eyes' } as const;
/** Begins the names of our buttons. */
export const BUTTON = 'baton_';

/** A thread as a ticket: the channel, and the `ts` of its first message. */
export function ticketId(channel: string, ts: string): string {
  return `${channel}:${ts}`;
}

export function placeOf(ticket: string): { channel: string; ts: string } {
  const [channel = '', ts = ''] = ticket.split(':');
  return { channel, ts };
}
