import type { OverviewReport } from '@baton/protocol';
import { IconChartBar } from '@tabler/icons-react';
import { type ReportSpan, useOverview } from '#data/reports.ts';
import { Loaded } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { Empty } from '#ui/empty.tsx';
import { Bars } from './bars.tsx';
import { Card } from './card.tsx';
import { Days } from './days.tsx';
import { countOf, percentOf, secondsOf } from './numbers.ts';
import classes from './reports.module.css';
import { Tile, Tiles } from './tile.tsx';

const words = t.reports.overview;

/** Volume, resolution, fallback, escalation, satisfaction. */
export function Overview({ span }: { span: ReportSpan }) {
  return <Loaded query={useOverview(span)}>{(report) => <Whole report={report} />}</Loaded>;
}

function Whole({ report }: { report: OverviewReport }) {
  if (report.conversations === 0)
    return <Empty icon={<IconChartBar size={22} />} title={t.reports.none} text={t.reports.noneText} />;
  return (
    <>
      <Summary report={report} />
      <Card title={words.days} hint={words.daysHint}>
        <Days days={report.days} from={report.from} to={report.to} />
      </Card>
      <div className={classes.cards} style={{ marginTop: 14 }}>
        <Card title={words.reasons}>
          <Bars bars={barsOf(report.reasons.map(({ reason, count }) => [t.reasons[reason], count]))} />
        </Card>
        <Card title={words.outcomes}>
          <Bars bars={barsOf(report.outcomes.map(({ outcome, count }) => [t.outcomes[outcome], count]))} />
        </Card>
      </div>
      {report.agents.length > 0 && (
        <Card title={words.agents}>
          <Agents agents={report.agents} />
        </Card>
      )}
    </>
  );
}

function Summary({ report }: { report: OverviewReport }) {
  const { bot, ratings, closed } = report;
  const tiles = words.tiles;
  return (
    <Tiles>
      <Tile name={tiles.conversations} value={countOf(report.conversations)} />
      <Tile name={tiles.bot} value={percentOf(shareOf(report.resolvedByBot, closed))} hint={tiles.botHint(closed)} />
      <Tile
        name={tiles.handedOff}
        value={percentOf(shareOf(report.handedOff, report.conversations))}
        hint={tiles.helped(report.helped)}
      />
      <Tile
        name={tiles.fallback}
        value={percentOf(shareOf(bot.fallbacks, bot.messages))}
        hint={tiles.fallbackHint(bot.messages)}
      />
      <Tile
        name={tiles.satisfied}
        value={percentOf(ratings.satisfied)}
        hint={ratings.mean === null ? tiles.noRatings : tiles.satisfiedHint(ratings.count, ratings.mean.toFixed(1))}
      />
      <Tile
        name={tiles.firstReply}
        value={secondsOf(report.firstReplySeconds)}
        hint={report.handleSeconds === null ? undefined : tiles.handle(secondsOf(report.handleSeconds))}
      />
    </Tiles>
  );
}

function Agents({ agents }: { agents: OverviewReport['agents'] }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            {[words.agent, words.accepted, words.firstReply, words.handleTime, words.rating].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {agents.map((one) => (
            <tr key={one.agent}>
              <td dir="auto" title={one.name}>
                {one.name}
              </td>
              <td>{countOf(one.accepted)}</td>
              <td>{secondsOf(one.firstReplySeconds)}</td>
              <td>{secondsOf(one.handleSeconds)}</td>
              <td>{one.rating === null ? t.reports.noNumber : one.rating.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function barsOf(counts: readonly [string, number][]) {
  const most = Math.max(1, ...counts.map(([, count]) => count));
  return counts.map(([name, count]) => ({ name, share: count / most, count: countOf(count) }));
}
