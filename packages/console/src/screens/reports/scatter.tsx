import type { WaitReport } from '@baton/protocol';
import { t } from '#strings/strings.ts';
import { axisEnd, secondsOf } from './numbers.ts';
import reports from './reports.module.css';
import classes from './scatter.module.css';

const words = t.reports.waits;
type Wait = WaitReport['waits'][number];
type Kept = Wait['kept'];

/** In units of the drawing; it grows with its card. */
const SIZE = 320;
const LEFT = 44;
const BOTTOM = 34;
const EDGE = 8;

/** Promised against actual. Marks differ by shape as well as by colour. */
export function Scatter({ waits }: { waits: readonly Wait[] }) {
  // The few that waited for hours would press all others into a corner: the axis ends where 98 of 100 fit.
  const all = waits.flatMap((wait) => [wait.seconds, wait.p50Seconds]).sort((a, b) => a - b);
  const end = axisEnd(all[Math.floor(all.length * 0.98)] ?? 60);
  const x = (seconds: number) => LEFT + (Math.min(seconds, end) / end) * (SIZE - LEFT - EDGE);
  const y = (seconds: number) => SIZE - BOTTOM - (Math.min(seconds, end) / end) * (SIZE - BOTTOM - EDGE);
  const kinds = (Object.keys(words.kept) as Kept[]).filter((kept) => waits.some((wait) => wait.kept === kept));
  return (
    <>
      <svg className={classes.plot} viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={words.scatter}>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <g key={share} className={classes.tick}>
            <line x1={LEFT} x2={SIZE - EDGE} y1={y(share * end)} y2={y(share * end)} />
            <text x={LEFT - 6} y={y(share * end)} textAnchor="end" dominantBaseline="middle">
              {secondsOf(share * end)}
            </text>
            <text x={x(share * end)} y={SIZE - BOTTOM + 14} textAnchor={share === 1 ? 'end' : 'middle'}>
              {share === 0 ? '' : secondsOf(share * end)}
            </text>
          </g>
        ))}
        <line className={classes.exact} x1={x(0)} y1={y(0)} x2={x(end)} y2={y(end)} />
        {waits.map((wait) => (
          <Dot key={wait.handoff} kept={wait.kept} x={x(wait.p50Seconds)} y={y(wait.seconds)} title={titleOf(wait)} />
        ))}
        <text className={classes.axis} x={SIZE - EDGE} y={SIZE - 4} textAnchor="end">
          {words.promised}
        </text>
        <text className={classes.axis} x={LEFT + 6} y={EDGE + 8}>
          {words.actual}
        </text>
      </svg>
      <ul className={reports.legend}>
        {kinds.map((kept) => (
          <li key={kept}>
            <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden>
              <Dot kept={kept} x={6} y={6} />
            </svg>
            {words.kept[kept]}
          </li>
        ))}
      </ul>
    </>
  );
}

function titleOf({ lowSeconds, highSeconds, seconds }: Wait): string {
  return `${words.promised}: ${secondsOf(lowSeconds)} – ${secondsOf(highSeconds)}. ${words.actual}: ${secondsOf(seconds)}.`;
}

function Dot({ kept, x, y, title }: { kept: Kept; x: number; y: number; title?: string }) {
  const shape = {
    within: <circle cx={x} cy={y} r={3.2} />,
    early: <path d={`M${x - 3.6} ${y - 2.8}h7.2l-3.6 6.2z`} />,
    late: <path d={`M${x - 3.6} ${y + 2.8}h7.2l-3.6 -6.2z`} />,
    unknown: <circle cx={x} cy={y} r={2.6} fill="none" strokeWidth={1.4} />,
  }[kept];
  return (
    <g className={classes.dot} data-kept={kept}>
      {title && <title>{title}</title>}
      {shape}
    </g>
  );
}
