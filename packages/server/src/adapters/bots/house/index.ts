import { z } from 'zod';
import { defineBot } from '#kit/definition.ts';
import type { Bot } from '#ports/bot.ts';
import { answerByModel } from './by-model.ts';
import { answerByRules } from './by-rules.ts';
import { ModelConfig, modelOf } from './model.ts';

const config = z.strictObject({
  /** Whose chat this is, for the model: "Ambleton, a shop for things for the home". */
  about: z.string().max(500).default(''),
  /** With one, any OpenAI-compatible model writes the answers. Without, the bot answers with passages of the articles. */
  model: ModelConfig.optional(),
});

/** Baton's own bot: answers from the workspace's articles, with or without a language model. See README.md. */
export const house = defineBot({
  kind: 'house',
  title: 'House bot',
  config,
  secrets: ['model'],
  can: { whispers: true, streams: true, later: false },
  create({ about, model: modelConfig }, { id, name, world, articles }): Bot {
    const can = { whispers: true, streams: modelConfig !== undefined, later: false };
    if (!modelConfig) {
      return {
        id,
        name,
        can,
        answer: async (turn) => ({ kind: 'actions', actions: await answerByRules(turn, articles, name) }),
      };
    }
    const model = modelOf(modelConfig, world);
    return {
      id,
      name,
      can,
      answer: async (turn, call) => ({
        kind: 'actions',
        actions: await answerByModel(turn, call, { model, articles, name, about }),
      }),
    };
  },
});
