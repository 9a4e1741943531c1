import type { OverviewReport } from '@baton/protocol';
import { t } from '#strings/strings.ts';
import classes from './days.module.css';
import { countOf } from './numbers.ts';
import plot from './plot.module.css';
import reports from './reports.module.css';

const words = t.reports.overview;
type Day = OverviewReport['days'][number];

const WIDTH = 720;
const HEIGHT = 200;
const BOTTOM = 26;

/** Conversations a day: solved by the bot, handed over, others. Days without any are not drawn as gaps but as zero. */
export function Days({ days, from, to }: { days: readonly Day[]; from: string; to: string }) {
  const all = filled(days, from, to);
  const most = Math.max(1, ...all.map((day) => day.conversations));
  const step = WIDTH / all.length;
  const y = (count: number) => (count / most) * (HEIGHT - BOTTOM - 26);
  const every = Math.ceil(all.length / 8);
  return (
    <>
      <svg className={plot.plot} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.days}>
        <text className={plot.tick} x={0} y={18}>
          {countOf(most)}
        </text>
        <line className={plot.base} x1={0} x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
        {all.map((day, index) => {
          const others = Math.max(0, day.conversations - day.resolvedByBot - day.handedOff);
          let top = HEIGHT - BOTTOM;
          return (
            <g key={day.day}>
              <title>{`${dateOf(day.day)}: ${countOf(day.conversations)}`}</title>
              {(
                [
                  ['bot', day.resolvedByBot],
                  ['asked', Math.min(day.handedOff, day.conversations - day.resolvedByBot)],
                  ['others', others],
                ] as const
              ).map(([kind, count]) => {
                top -= y(count);
                return (
                  <rect
                    key={kind}
                    className={classes.bar}
                    data-kind={kind}
                    x={index * step + step * 0.14}
                    width={step * 0.72}
                    y={top}
                    height={y(count)}
                    rx={Math.min(2, step / 6)}
                  />
                );
              })}
              {index % every === 0 && (
                <text
                  className={plot.tick}
                  x={index === 0 ? 0 : index * step + step / 2}
                  y={HEIGHT - 4}
                  textAnchor={index === 0 ? 'start' : 'middle'}
                >
                  {dateOf(day.day)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <ul className={reports.legend}>
        {(
          [
            ['bot', words.solvedByBot],
            ['asked', words.asked],
            ['others', words.others],
          ] as const
        ).map(([kind, name]) => (
          <li key={kind}>
            <span className={classes.key} data-kind={kind} /> {name}
          </li>
        ))}
      </ul>
    </>
  );
}

const DAY_MS = 86_400_000;

/** Every day of the stretch, also those on which nobody wrote. Days are names, so noon UTC stands for each. */
function filled(days: readonly Day[], from: string, to: string): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const list: Day[] = [];
  const last = days.at(-1)?.day ?? to.slice(0, 10);
  const first = days[0] && days[0].day < from.slice(0, 10) ? days[0].day : from.slice(0, 10);
  for (let at = Date.parse(`${first}T12:00:00Z`); ; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    list.push(known.get(day) ?? { day, conversations: 0, handedOff: 0, resolvedByBot: 0 });
    if (day >= last && day >= to.slice(0, 10)) return list;
  }
}

function dateOf(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}
