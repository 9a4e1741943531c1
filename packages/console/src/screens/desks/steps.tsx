import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Marked } from './marked.tsx';
import classes from './steps.module.css';

/** A numbered step. One that is done has a tick; one that cannot be done yet stands back. */
export function Step({
  number,
  title,
  text,
  state = 'now',
  children,
}: {
  number: number;
  title: string;
  text?: string | undefined;
  state?: 'now' | 'done' | 'later';
  children?: ReactNode;
}) {
  return (
    <li className={classes.step} data-state={state}>
      <span className={classes.number} aria-hidden>
        {state === 'done' ? <IconCheck size={15} stroke={2.4} /> : number}
      </span>
      <div className={classes.body}>
        <h3 className={classes.title}>{title}</h3>
        {text && (
          <p className={classes.text}>
            <Marked text={text} />
          </p>
        )}
        {children}
      </div>
    </li>
  );
}

export function Steps({ children }: { children: ReactNode }) {
  return <ol className={classes.steps}>{children}</ol>;
}
