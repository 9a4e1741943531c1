import { expect, it } from 'vitest';
import { citationsIn, specProblems, unknownRules } from './check-spec.ts';

const spec = '# Spec\n\n- **AB1** first\n- **AB2** second\n';
const tests = (text: string) => new Map([['a.test.ts', text]]);

it('is content when every rule is cited', () => {
  expect(specProblems(spec, tests(`it('[AB1] one'); it("[AB2] two")`))).toEqual([]);
  expect(specProblems(spec, tests('it(`[AB1, AB2] both`)'))).toEqual([]);
});

it('names a rule that no test cites', () => {
  expect(specProblems(spec, tests("it('[AB1] one')"))).toEqual(['SPEC.md:4: no test cites [AB2]']);
});

it('names a citation that is no rule', () => {
  expect(specProblems(spec, tests("it('[AB1][AB2][AB3] three')"))).toEqual(['a.test.ts: [AB3] is no rule of SPEC.md']);
});

it('refuses a rule that is there twice, or says nothing', () => {
  expect(specProblems('- **AB1** a\n- **AB1** b\n- **AB2**\n', tests("it('[AB1] [AB2]')"))).toEqual([
    'SPEC.md:2: AB1 is already the rule in line 1',
    'SPEC.md:3: AB2 says nothing',
  ]);
});

it('takes a citation from strings only', () => {
  expect([...citationsIn("// '[AB1]'\n/* '[AB2]' */ list[AB3]; it('say \\'[AB4]\\'')")]).toEqual(['AB4']);
});

it('names what a document takes for a rule', () => {
  const documents = new Map([['docs/a.md', 'As AB1 and AB7 say; ISO8 and XY9 are something else.']]);
  expect(unknownRules(spec, documents)).toEqual(['docs/a.md: AB7 is no rule of SPEC.md']);
});
