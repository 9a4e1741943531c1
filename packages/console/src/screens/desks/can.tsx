import type { Adapter } from '@baton/protocol';
import { IconArrowBackUp, IconCheck, IconMinus } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import classes from './desks.module.css';
import { Marked } from './marked.tsx';

const words = t.settings.desks.can;

/** What a desk can do, as code declares it: what is there first, then what is not. */
function abilitiesOf(can: Adapter['can']): { name: string; has: boolean }[] {
  const all = [
    { name: words.transcript[can.transcript], has: true },
    { name: words.files[can.files], has: true },
    { name: words.typing, has: can.typing },
    { name: words.readMarks, has: can.readMarks },
    { name: words.availability, has: can.availability },
    { name: words.position, has: can.position },
    { name: words.poll, has: can.poll },
    { name: words.handBack, has: can.handBack !== null },
  ];
  return all.sort((a, b) => Number(b.has) - Number(a.has));
}

export function Abilities({ can }: { can: Adapter['can'] }) {
  return (
    <ul className={classes.abilities}>
      {abilitiesOf(can).map(({ name, has }) => (
        <li key={name} data-has={has || undefined}>
          {has ? (
            <IconCheck size={13} stroke={2.4} color="var(--good)" aria-hidden />
          ) : (
            <IconMinus size={13} stroke={2} aria-hidden />
          )}
          {has ? name : <del>{name}</del>}
        </li>
      ))}
    </ul>
  );
}

export function HandBack({ can }: { can: Adapter['can'] }) {
  return (
    <p className={classes.handBack}>
      <IconArrowBackUp size={16} stroke={1.8} aria-hidden />
      <span>
        {can.handBack === null ? (
          words.noHandBack
        ) : (
          <>
            {words.handBackText} <Marked text={can.handBack} />
          </>
        )}
      </span>
    </p>
  );
}
