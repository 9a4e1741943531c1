import type { ConversationSummary } from '@baton/protocol';
import type { ConversationId } from '#data/state.ts';
import { usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { customerName } from '#ui/names.ts';
import classes from './typing-line.module.css';

const NOBODY: never[] = [];

/** Who types. A bot that streams shows its answer so far; the message replaces it. */
export function TypingLine({ id, row }: { id: ConversationId; row: ConversationSummary }) {
  const typing = usePicture((state) => state.typing[id] ?? NOBODY);
  const me = usePicture((state) => state.me?.id);
  const others = typing.filter((one) => one.id !== me);
  const streaming = others.find((one) => one.text)?.text;
  return (
    <div className={classes.place} aria-live="polite">
      {streaming && (
        <p className={classes.streaming} dir="auto">
          {streaming}
        </p>
      )}
      {others.length > 0 && (
        <p className={classes.line} data-role={others[0]?.role}>
          <span className={classes.dots} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {others
            .map((one) =>
              t.timeline.typing(
                one.role === 'customer'
                  ? customerName(row.customer)
                  : (one.name ?? (one.role === 'bot' ? t.list.bot : t.someone)),
              ),
            )
            .join(' · ')}
        </p>
      )}
    </div>
  );
}
