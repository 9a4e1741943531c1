import type { IntegrationHealth } from '@baton/protocol';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { hubNow } from '#data/clock.ts';
import { Card } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { exactLengthOf } from '#ui/duration.ts';
import { useSeconds } from '#ui/now.ts';
import { Ago } from '#ui/times.tsx';
import { waitsOf } from './desk-state.ts';
import classes from './health.module.css';

const words = t.settings.desks;
/** Calls that are shown at first. */
const FEW = 8;

/** How a desk is doing: last calls, errors, what is left of its limit, its circuit, and what it told. */
export function Health({ health }: { health: IntegrationHealth }) {
  const { rate, usedAt, open, heard } = health;
  return (
    <Card title={words.health}>
      <Circuit health={health} />
      <dl className={classes.facts}>
        <Fact name={words.usedAt}>{usedAt ? <Ago at={usedAt} /> : t.settings.never}</Fact>
        <Fact name={words.openNow}>{open.toLocaleString()}</Fact>
        <Fact name={words.rate}>{rate ? words.rateOf(rate.left, rate.limit) : words.noRate}</Fact>
        <Fact name={words.webhooksHeard}>{words.heardOf(heard.events, heard.ignored, heard.refused)}</Fact>
      </dl>
      {heard.refused > 0 && <p className={classes.warn}>{words.refusedHint}</p>}
      <Calls calls={health.calls} />
      {heard.reasons.length > 0 && (
        <details className={classes.more}>
          <summary>{words.ignored}</summary>
          <ul>
            {heard.reasons.toReversed().map(({ at, why }, index) => (
              // Two may be ignored in one moment for one reason.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <li key={index}>
                <Ago at={at} /> {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Only where something is wrong: what Baton does about it, and when. */
function Circuit({ health }: { health: IntegrationHealth }) {
  const waits = waitsOf(health, Math.max(useSeconds(), hubNow()));
  const failed = health.calls.findLast(({ ok }) => !ok);
  if (waits.length === 0) return null;
  return (
    <div className={classes.circuit} role="status">
      {waits.map(({ why, leftMs }) => (
        <div key={why}>
          <strong>{why}</strong>
          {leftMs > 0 && (
            <span>
              {words.probedIn} {exactLengthOf(Math.ceil(leftMs / 1_000) * 1_000)}.
            </span>
          )}
        </div>
      ))}
      {failed?.detail && <p>{failed.detail}</p>}
    </div>
  );
}

function Calls({ calls }: { calls: IntegrationHealth['calls'] }) {
  const [all, setAll] = useState(false);
  const newest = calls.toReversed();
  const shown = all ? newest : newest.slice(0, FEW);
  if (calls.length === 0) return <p className={classes.none}>{words.noCalls}</p>;
  return (
    <>
      <table className={classes.calls}>
        <caption>{words.lastCalls}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{words.call}</th>
            <th scope="col">{words.result}</th>
            <th scope="col">{words.took2}</th>
            <th scope="col">{words.at}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ at, what, ok, ms, detail }, index) => (
            // Calls have no id, and two may be made in one moment.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <tr key={index} data-bad={!ok || undefined}>
              <th scope="row">{what}</th>
              <td>{ok ? words.ok : detail}</td>
              <td>{words.took(Math.round(ms))}</td>
              <td>
                <Ago at={at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && newest.length > FEW && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAll(true)}>
          {words.showAll(newest.length)}
        </Button>
      )}
    </>
  );
}
