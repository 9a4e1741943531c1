import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../..', import.meta.url));

/** Lines of our sources that hold it, less those that may. */
function linesWith(what: RegExp, pattern: string, may: RegExp): string[] {
  return globSync(pattern, { cwd: PACKAGES })
    .filter((path) => !/\.test\.tsx?$/.test(path) && !may.test(path))
    .flatMap((path) => {
      const lines = readFileSync(`${PACKAGES}${path}`, 'utf8').split('\n');
      return lines.flatMap((line, index) => (what.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
    });
}

it('[SE14] nothing builds HTML out of text, or runs it', () => {
  const html =
    /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|createContextualFragment|srcdoc|\beval\(|new Function\(/i;
  expect(linesWith(html, '{widget,console,sdk,server}/src/**/*.{ts,tsx,html,js}', /nothing/)).toEqual([]);
});

it('[SE14] the server calls out through the guarded client only', () => {
  // The guard itself, and twins: they stand in for vendors in tests and demos.
  const may = /kit\/guard\.ts$|twin[\w-]*\.ts$/;
  expect(
    linesWith(/(?<![.\w])fetch\(|from 'node:https?'.*request|axios|XMLHttpRequest/, 'server/src/**/*.ts', may),
  ).toEqual([]);
});
