import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Invariant } from '#test/invariants.ts';
import * as rules from '#test/invariants.ts';
import { type Played, play } from '#test/play.ts';
import { SEEDS } from '#test/seeds.ts';
import { type Scene, scenes } from '#test/steps.ts';

/** `FUZZ_RUNS=20000 npx vitest run --project unit conversation.fuzz` looks for longer, and each time elsewhere. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 200);
/** A change is tried on the same scenes as the one before it: what it did not break is not found in it by chance. */
const SAME = process.env.FUZZ_RUNS === undefined ? { seed: 20_261_122 } : {};
/** Steps of the longest scenes. */
const LONGEST = 120;

const INVARIANTS: [rule: string, holds: Invariant][] = [
  ['[CV1] I1 exactly one holder', rules.oneHolder],
  ['[CV2, CV16] I2 nothing is accepted under an old epoch, or from whoever has no control', rules.fenced],
  ['[CV3] I3 seq has no gaps and never goes back', rules.numbered],
  ['[CV4] I4 each side that must have a message meets it once, in order', rules.reached],
  ['[CV5] I5 nothing is told that no event says', rules.truthful],
  ['[CV6, CV24] I6 what the customer wrote is somebody’s', rules.nobodyForgotten],
  ['[CV7] I7 leaving the line frees the place and the ticket', rules.freed],
  ['[CV8] I8 each handoff has exactly one outcome', rules.oneOutcome],
  ['[CV9] I9 machines that go in circles are stopped', rules.noCircles],
  ['[CV10] I10 a replay gives the state', rules.replayed],
  ['[CV11] I11 the same command twice changes nothing the second time', rules.onceOnly],
  ['[CV12] holder, handoff and owner agree', rules.agreed],
  ['[CV13] decisions are pure, and survive JSON', rules.pure],
  ['[CV14] the state stays small', rules.bounded],
  ['[TM1] after a tick nothing is due', rules.settledByTick],
  ['[TM1] no state is late when it begins', rules.neverLateAtOnce],
  ['[AU1, AU2, AU3, AU5] a customer sees no secret', rules.discreet],
];

/** Many scenes of several people, machines and clocks who all try what they like: these things always hold. */
describe('whatever anybody does', () => {
  for (const [rule, holds] of INVARIANTS) {
    it(rule, { timeout: 20_000 + RUNS * 200 }, () => {
      fc.assert(
        fc.property(scenes(LONGEST), (scene) => holds(play(scene))),
        { ...SAME, numRuns: RUNS },
      );
    });
  }
});

/** Scenes that once broke a rule, made small. They stay. */
describe('what once went wrong', () => {
  for (const { name, ...scene } of SEEDS) {
    it(`[CV13] ${name}`, () => {
      const played: Played = play(scene as Scene);
      for (const [, holds] of INVARIANTS) holds(played);
    });
  }
});
