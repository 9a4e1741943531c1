import type { PlanAnswer } from '@baton/protocol';
import { t } from '#strings/strings.ts';
import { Card } from './card.tsx';
import { countOf, percentOf, secondsOf } from './numbers.ts';
import classes from './planning.module.css';
import plot from './plot.module.css';
import reports from './reports.module.css';
import { Tile, Tiles } from './tile.tsx';

const words = t.reports.planning;
type Figures = PlanAnswer['plan'];

/** What would happen, with one more agent beside it. */
export function PlanResult({ answer: { plan, oneMore } }: { answer: PlanAnswer }) {
  const beside = (value: (figures: Figures) => string) => (oneMore ? words.withOneMore(value(oneMore)) : undefined);
  const wait = ({ meanWaitSeconds }: Figures) => secondsOf(meanWaitSeconds);
  const long = ({ longWaitSeconds }: Figures) => secondsOf(longWaitSeconds);
  const left = ({ leftShare }: Figures) => percentOf(leftShare);
  const busy = ({ occupancy }: Figures) => percentOf(occupancy);
  return (
    <section className={classes.result} aria-label={words.result}>
      <h2 className={classes.resultTitle}>{words.result}</h2>
      {plan.turnedAway > 0 && <p className={classes.endless}>{words.endless}</p>}
      <Tiles>
        <Tile name={words.customers} value={countOf(plan.customers)} hint={words.answered(plan.answered)} />
        <Tile name={words.meanWait} value={wait(plan)} hint={beside(wait)} />
        <Tile name={words.longWait} value={long(plan)} hint={beside(long)} />
        <Tile name={words.left} value={left(plan)} hint={beside(left)} />
        <Tile name={words.occupancy} value={busy(plan)} hint={beside(busy)} />
        <Tile name={words.held} value={percentOf(plan.estimate.withinShare)} hint={words.told(plan.estimate.told)} />
      </Tiles>
      <Card title={words.byHour} hint={words.byHourHint}>
        <Hours plan={plan} oneMore={oneMore} />
      </Card>
      {plan.queues.length > 1 && (
        <Card title={words.byQueue} hint={words.byQueueHint}>
          <Queues queues={plan.queues} />
        </Card>
      )}
    </section>
  );
}

function Queues({ queues }: Pick<Figures, 'queues'>) {
  return (
    <div className={reports.scroll}>
      <table className={reports.table}>
        <thead>
          <tr>
            {words.queueColumns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {queues.map(({ name, customers, meanWaitSeconds, leftShare, overflowed }) => (
            <tr key={name}>
              <td dir="auto">{name}</td>
              <td>{countOf(customers)}</td>
              <td>{secondsOf(meanWaitSeconds)}</td>
              <td>{percentOf(leftShare)}</td>
              <td>{countOf(overflowed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const WIDTH = 720;
const HEIGHT = 200;
const BOTTOM = 26;
const TOP = 26;

/** Mean waits by hour: bars as planned, marks with one more agent. */
function Hours({ plan, oneMore }: PlanAnswer) {
  const waits = [...plan.hours, ...(oneMore?.hours ?? [])].map((hour) => hour.meanWaitSeconds ?? 0);
  const most = Math.max(60, ...waits);
  const step = WIDTH / 24;
  const y = (seconds: number) => HEIGHT - BOTTOM - (seconds / most) * (HEIGHT - BOTTOM - TOP);
  return (
    <>
      <svg className={plot.plot} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.byHour}>
        <text className={plot.tick} x={0} y={18}>
          {secondsOf(most)}
        </text>
        <line className={plot.base} x1={0} x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
        {plan.hours.map(({ hour, meanWaitSeconds, customers, leftShare }) => {
          const more = oneMore?.hours[hour]?.meanWaitSeconds ?? null;
          const left = hour * step;
          return (
            <g key={hour}>
              <title>
                {words.hour(hour, countOf(Math.round(customers)), secondsOf(meanWaitSeconds), percentOf(leftShare))}
              </title>
              <rect x={left} y={0} width={step} height={HEIGHT} fill="transparent" />
              {meanWaitSeconds !== null && (
                <rect
                  className={classes.bar}
                  x={left + step * 0.16}
                  width={step * 0.68}
                  y={y(meanWaitSeconds)}
                  height={HEIGHT - BOTTOM - y(meanWaitSeconds)}
                  rx={2}
                />
              )}
              {more !== null && (
                <line className={classes.more} x1={left + 2} x2={left + step - 2} y1={y(more)} y2={y(more)} />
              )}
              {hour % 3 === 0 && (
                <text className={plot.tick} x={left + step / 2} y={HEIGHT - 6} textAnchor="middle">
                  {hour}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <ul className={reports.legend}>
        <li>
          <span className={classes.barKey} /> {words.asPlanned}
        </li>
        {oneMore && (
          <li>
            <span className={classes.moreKey} /> {words.oneMore}
          </li>
        )}
      </ul>
    </>
  );
}
