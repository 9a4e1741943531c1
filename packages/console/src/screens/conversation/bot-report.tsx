import type { Message } from '@baton/protocol';
import { IconBook2, IconHelpHexagon, IconTool } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import classes from './bot-report.module.css';
import { safeUrl } from './linkify.ts';

/** What the bot tells about its own answer: small, for who wonders. The customer never sees it. */
export function BotReport({ report }: { report: NonNullable<Message['bot']> }) {
  const { fallback, confidence, intent, sources = [], tools = [] } = report;
  if (!fallback && confidence === undefined && sources.length === 0 && tools.length === 0) return null;
  return (
    <ul className={classes.report} aria-label={t.timeline.report}>
      {fallback && (
        <li className={classes.fallback}>
          <IconHelpHexagon size={13} aria-hidden /> {t.timeline.fallback}
        </li>
      )}
      {sources.map(({ title, url }) => (
        <li key={title} title={t.timeline.sources}>
          <IconBook2 size={13} aria-hidden />
          {safeUrl(url) ? (
            <a href={safeUrl(url)} target="_blank" rel="noopener noreferrer">
              {title}
            </a>
          ) : (
            <span>{title}</span>
          )}
        </li>
      ))}
      {tools.map(({ name, ok, detail }) => (
        <li key={name} title={detail ?? t.timeline.tools} data-failed={!ok || undefined}>
          <IconTool size={13} aria-hidden /> {name}
        </li>
      ))}
      {confidence !== undefined && (
        <li title={intent && `${t.timeline.intent}: ${intent}`}>
          {t.timeline.confidence(Math.round(confidence * 100))}
        </li>
      )}
    </ul>
  );
}
