import type { Workspace } from '@baton/protocol';

export type Policy = Workspace['rules']['escalation'];
export type Topic = Policy['topics'][number];
export type SignalName = keyof Policy['signals'];

/** A topic being edited: its phrases as one text, a line each, and a key that stays while its name changes. */
export type TopicDraft = Omit<Topic, 'phrases'> & { key: string; phrases: string };

export function topicDrafts(topics: readonly Topic[]): TopicDraft[] {
  return topics.map((topic, at) => ({ ...topic, key: `${at} ${topic.name}`, phrases: topic.phrases.join('\n') }));
}

/** Lines with something in them. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** The policy as the API takes it. Topics are replaced as a whole. */
export function policyToSend(policy: Policy, drafts: readonly TopicDraft[]): Policy {
  const topics = drafts.map(({ key: _, phrases, ...topic }) => ({
    ...topic,
    name: topic.name.trim(),
    phrases: linesOf(phrases),
  }));
  return { ...policy, topics };
}
