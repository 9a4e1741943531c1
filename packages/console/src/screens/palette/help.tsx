import { Modal } from '@mantine/core';
import { useAllCommands } from '#data/commands.ts';
import { t } from '#strings/strings.ts';
import { Keys } from '#ui/keys.tsx';
import classes from './help.module.css';

interface Line {
  label: string;
  keys: string;
}

/** Every key there is: those of the commands, and those of the lists and the composer. */
export function Help({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const commands = useAllCommands();
  const lines = (group: string): Line[] =>
    commands.flatMap(({ group: of, label, keys }) =>
      keys && of === group && !ELSEWHERE.has(keys) ? [{ label, keys }] : [],
    );
  return (
    <Modal opened={opened} onClose={onClose} title={t.help.title} size={640}>
      <div className={classes.columns}>
        <Section title={t.help.everywhere} lines={[...lines('go'), ...lines('you')]} />
        <div>
          <Section title={t.help.lists} lines={[...LISTS]} />
          <Section title={t.help.conversation} lines={[...lines('conversation'), ...COMPOSER]} />
          <Section title={t.help.offers} lines={OFFERS} />
        </div>
      </div>
    </Modal>
  );
}

const LISTS: readonly Line[] = [
  { label: t.help.next, keys: 'j' },
  { label: t.help.previous, keys: 'k' },
  { label: t.help.filter, keys: '/' },
];
const COMPOSER: readonly Line[] = [
  { label: t.composer.send, keys: 'enter' },
  { label: t.help.newLine, keys: 'shift+enter' },
  { label: t.help.leave, keys: 'escape' },
];
const OFFERS: readonly Line[] = [
  { label: t.deeds.accept, keys: 'a' },
  { label: t.deeds.decline, keys: 'd' },
];

/** Of the lists and of offers: they have their own headings. */
const ELSEWHERE: ReadonlySet<string> = new Set([...LISTS, ...OFFERS].map((line) => line.keys));

function Section({ title, lines }: { title: string; lines: readonly Line[] }) {
  const unique = lines.filter((line, at) => lines.findIndex((other) => other.keys === line.keys) === at);
  return (
    <section className={classes.section}>
      <h3 className={classes.title}>{title}</h3>
      <dl className={classes.lines}>
        {unique.map((line) => (
          <div key={line.keys} className={classes.line}>
            <dt>{line.label}</dt>
            <dd>
              <Keys keys={line.keys} spoken />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
