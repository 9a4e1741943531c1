/**
 * Reads server-sent events from pieces of text, however they were cut (WHATWG HTML, section 9.2.6).
 * Only `data` counts here: the frames carry everything else. Comments (`: ...`) yield nothing.
 */
export function createSseReader(): (chunk: string) => string[] {
  let rest = '';
  let data: string[] = [];
  return (chunk) => {
    const events: string[] = [];
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push(data.join('\n'));
        data = [];
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5));
      }
    }
    return events;
  };
}
