import { t } from '#strings/strings.ts';

/** What was done, for people: `createKey` is "Made an API key"; one that has no words of its own is spelt out. */
export function actionWords(action: string): string {
  return t.settings.audit.actions[action] ?? spelt(action);
}

/** Which fields were changed, and to what where that is told: "role: admin". */
export function detailWords(detail: Record<string, unknown>): string {
  const { fields, ...told } = detail;
  const values = Object.entries(told).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`,
  );
  const named = new Set(Object.keys(told));
  const others = Array.isArray(fields) ? fields.map(String).filter((name) => !named.has(name)) : [];
  return [...values, others.join(', ')].filter((part) => part !== '').join(' · ');
}

function spelt(name: string): string {
  const words = name
    .replaceAll('.', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
