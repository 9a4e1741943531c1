import { SegmentedControl, Select } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useList } from '#data/admin.ts';
import { HERE, type ReportSpan } from '#data/reports.ts';
import { t } from '#strings/strings.ts';
import { BackTitle } from '#ui/back-title.tsx';
import { Overview } from './overview.tsx';
import { Planning } from './planning.tsx';
import classes from './reports.module.css';
import { Waits } from './waits.tsx';

const words = t.reports;
const SCREENS = { overview: Overview, waits: Waits, planning: Planning } as const;
type Name = keyof typeof SCREENS;
const NAMES = Object.keys(SCREENS) as Name[];

/** What happened: for owners and admins. */
export function Reports() {
  const { report } = useParams({ strict: false });
  const [span, setSpan] = useState<ReportSpan>({ days: 30, queue: null });
  const name = NAMES.find((one) => one === report) ?? 'overview';
  const Screen = SCREENS[name];
  return (
    <div className={classes.reports}>
      <header className={classes.head}>
        <BackTitle title={words.title} />
        <nav className={classes.tabs} aria-label={words.title}>
          {NAMES.map((each) => (
            <Link
              key={each}
              to="/reports/{-$report}"
              params={{ report: each }}
              className={classes.tab}
              data-active={each === name || undefined}
              aria-current={each === name ? 'page' : undefined}
            >
              {words.sections[each]}
            </Link>
          ))}
        </nav>
        <Choices span={span} days={name !== 'planning'} onChange={setSpan} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: nothing in it takes the focus, and the keyboard has to scroll it. */}
      <section className={classes.content} tabIndex={0} aria-label={words.sections[name]}>
        <div className={classes.page}>
          <Screen span={span} />
          {name !== 'planning' && <p className={classes.zone}>{words.zone(HERE)}</p>}
        </div>
      </section>
    </div>
  );
}

const DAYS = [7, 30, 90] as const;

interface ChoicesProps {
  span: ReportSpan;
  /** What is planned has no past. */
  days: boolean;
  onChange: (span: ReportSpan) => void;
}

function Choices({ span, days, onChange }: ChoicesProps) {
  const { data: queues = [] } = useList('queues');
  return (
    <div className={classes.choices}>
      {queues.length > 1 && (
        <Select
          size="xs"
          w={160}
          aria-label={words.queue}
          placeholder={words.allQueues}
          data={queues.map(({ id, name }) => ({ value: id, label: name }))}
          value={span.queue}
          onChange={(queue) => onChange({ ...span, queue })}
          clearable
        />
      )}
      {days && (
        <SegmentedControl
          size="xs"
          aria-label={words.span.label}
          data={DAYS.map((each) => ({ value: String(each), label: words.span[each] }))}
          value={String(span.days)}
          onChange={(value) => onChange({ ...span, days: DAYS.find((each) => String(each) === value) ?? 30 })}
        />
      )}
    </div>
  );
}
