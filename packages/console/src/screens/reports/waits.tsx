import type { WaitReport } from '@baton/protocol';
import { IconHourglassEmpty } from '@tabler/icons-react';
import { type ReportSpan, useWaitReport } from '#data/reports.ts';
import { Loaded } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { Empty } from '#ui/empty.tsx';
import { Bars } from './bars.tsx';
import { CalibrationPlot } from './calibration.tsx';
import { Card } from './card.tsx';
import { percentOf, secondsOf, stepOf } from './numbers.ts';
import classes from './reports.module.css';
import { Scatter } from './scatter.tsx';
import { Tile, Tiles } from './tile.tsx';

const words = t.reports.waits;
type Figures = WaitReport['all'];

/** What customers were told about their wait, and what came of it. */
export function Waits({ span }: { span: ReportSpan }) {
  return <Loaded query={useWaitReport(span)}>{(report) => <Record report={report} />}</Loaded>;
}

function Record({ report }: { report: WaitReport }) {
  const { all, queues, hours, leaving } = report;
  if (all.told === 0) return <Empty icon={<IconHourglassEmpty size={22} />} title={words.none} text={words.noneText} />;
  return (
    <>
      <p className={classes.sentence}>{report.sentence}</p>
      {!report.complete && <p className={classes.hint}>{words.incomplete}</p>}
      <Summary all={all} />
      {report.shown.count > 0 && (
        <p className={classes.hint}>{words.shown(report.shown.count, percentOf(report.shown.withinShare))}</p>
      )}
      <div className={classes.cards}>
        <Card title={words.scatter} hint={words.scatterHint}>
          {report.waits.length > 0 ? <Scatter waits={report.waits} /> : <p className={classes.few}>{words.noRanges}</p>}
        </Card>
        <Card title={words.calibration} hint={words.calibrationHint}>
          <CalibrationPlot calibration={report.calibration} />
        </Card>
      </div>
      <div className={classes.cards}>
        <Card title={words.byQueue}>
          <FiguresTable first={words.queue} rows={queues.map((one) => [one.name ?? one.queue, one])} />
        </Card>
        <Card title={words.leaving} hint={words.leavingHint}>
          <Bars
            bars={leaving
              .filter(({ waiting }) => waiting > 0)
              .map(({ from, to, waiting, left }) => ({
                name: words.step(stepOf(from), to === null ? null : stepOf(to)),
                share: left / waiting,
                count: words.share(left, waiting),
              }))}
          />
        </Card>
      </div>
      <Card title={words.byHour}>
        <FiguresTable first={words.hour} rows={hours.map((one) => [`${String(one.hour).padStart(2, '0')}:00`, one])} />
      </Card>
    </>
  );
}

function Summary({ all }: { all: Figures }) {
  const { kept, meanErrorSeconds: bias } = all;
  const tiles = words.tiles;
  const known = kept.within + kept.early + kept.late;
  return (
    <Tiles>
      <Tile name={tiles.within} value={percentOf(all.withinShare)} hint={tiles.withinHint(known)} tone="good" />
      <Tile
        name={tiles.late}
        value={percentOf(all.lateShare)}
        hint={tiles.lateHint(kept.late)}
        tone={kept.late > 0 ? 'bad' : undefined}
      />
      <Tile
        name={tiles.median}
        value={secondsOf(all.medianWaitSeconds)}
        hint={all.meanWaitSeconds === null ? undefined : tiles.mean(secondsOf(all.meanWaitSeconds))}
      />
      <Tile name={tiles.error} value={secondsOf(all.meanAbsoluteErrorSeconds)} hint={biasOf(bias)} />
      <Tile
        name={tiles.left}
        value={percentOf(all.told === 0 ? null : all.left / all.told)}
        hint={tiles.leftHint(all.told)}
      />
    </Tiles>
  );
}

function biasOf(bias: number | null): string | undefined {
  if (bias === null) return undefined;
  return Math.abs(bias) < 1 ? words.tiles.noBias : words.tiles.bias(secondsOf(bias), bias > 0);
}

function FiguresTable({ first, rows }: { first: string; rows: readonly [string, Figures][] }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            {[first, words.told, words.within, words.late, words.wait, words.left].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, one]) => (
            <tr key={name}>
              <td dir="auto" title={name}>
                {name}
              </td>
              <td>{one.toldRange}</td>
              <td>{percentOf(one.withinShare)}</td>
              <td>{percentOf(one.lateShare)}</td>
              <td>{secondsOf(one.medianWaitSeconds)}</td>
              <td>{percentOf(one.told === 0 ? null : one.left / one.told)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
