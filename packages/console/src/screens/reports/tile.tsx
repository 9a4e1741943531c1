import type { ReactNode } from 'react';
import classes from './tile.module.css';

interface TileProps {
  name: string;
  value: string;
  hint?: string | undefined;
  tone?: 'good' | 'bad' | undefined;
}

/** One number with what it counts. */
export function Tile({ name, value, hint, tone }: TileProps) {
  return (
    <div className={classes.tile} data-tone={tone}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.value}>{value}</dd>
      {hint && <dd className={classes.hint}>{hint}</dd>}
    </div>
  );
}

export function Tiles({ children }: { children: ReactNode }) {
  return <dl className={classes.tiles}>{children}</dl>;
}
