/** Baton's sign: one piece passed on, the next already running. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="9" fill="#4a46c9" />
      <g fill="none" strokeLinecap="round" strokeWidth="4.5">
        <path d="M8.5 20.5 15 14" stroke="#fff" />
        <path d="M17 18l6.5-6.5" stroke="#b9b6ff" />
      </g>
    </svg>
  );
}
