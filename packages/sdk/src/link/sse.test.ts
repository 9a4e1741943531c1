import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSseReader } from './sse.ts';

test('[FD8] a stream reads the same however it is cut', () => {
  const wire = ': comment\r\n\r\ndata: {"a":1}\r\n\r\nevent: x\ndata:one\ndata: two\n\nid: 7\rdata: three\r\r\n';
  const whole = createSseReader()(wire);
  expect(whole).toEqual(['{"a":1}', 'one\ntwo', 'three']);
  fc.assert(
    fc.property(fc.array(fc.nat(wire.length), { maxLength: 12 }), (cuts) => {
      const read = createSseReader();
      const edges = [0, ...cuts.sort((a, b) => a - b), wire.length];
      const events = edges.slice(1).flatMap((end, index) => read(wire.slice(edges[index], end)));
      expect(events).toEqual(whole);
    }),
  );
});
