import type { JSX } from 'preact';

/** Drawn on a field of 24, with the colour of the text around them. Decoration: the button beside them has the name. */
function Icon({ size = 20, children }: { size?: number; children: JSX.Element | JSX.Element[] }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const ChatIcon = () => (
  <Icon size={34}>
    <path
      d="M12 3.5c-4.9 0-8.8 3.4-8.8 7.7 0 2.3 1.1 4.3 2.9 5.7-.1 1.2-.5 2.3-1.2 3.2 1.7-.1 3.2-.7 4.4-1.6.9.2 1.8.4 2.7.4 4.9 0 8.8-3.4 8.8-7.7S16.9 3.5 12 3.5z"
      fill="currentColor"
      stroke="none"
    />
  </Icon>
);
export const DownIcon = ({ size = 20 }: { size?: number }) => (
  <Icon size={size}>
    <path d="m6 9 6 6 6-6" />
  </Icon>
);
export const CloseIcon = ({ size = 20 }: { size?: number }) => (
  <Icon size={size}>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3.5" />
  </Icon>
);
export const SendIcon = () => (
  <Icon>
    <path d="M12 19V5.5M5.5 12 12 5.5 18.5 12" stroke-width="2.4" />
  </Icon>
);
export const ClipIcon = () => (
  <Icon>
    <path d="m20.5 11.5-8.3 8.3a5.5 5.5 0 0 1-7.8-7.8l8.5-8.5a3.7 3.7 0 0 1 5.2 5.2l-8.3 8.3a1.8 1.8 0 0 1-2.6-2.6l7.6-7.6" />
  </Icon>
);
export const PersonIcon = ({ size = 16 }: { size?: number }) => (
  <Icon size={size}>
    <path d="M4 13v-1a8 8 0 0 1 16 0v1M20 14.5v1.5a2 2 0 0 1-2 2h-1v-6h1a2 2 0 0 1 2 2zM4 14.5v1.5a2 2 0 0 0 2 2h1v-6H6a2 2 0 0 0-2 2zM19 18c0 2-2 3-5 3" />
  </Icon>
);
export const FileIcon = () => (
  <Icon>
    <path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5" />
  </Icon>
);
export const SoundIcon = ({ on }: { on: boolean }) => (
  <Icon size={18}>
    <path
      d={
        on
          ? 'M11 5 6 9H3v6h3l5 4zM15.5 8.5a5 5 0 0 1 0 7M18.5 5.5a9 9 0 0 1 0 13'
          : 'M11 5 6 9H3v6h3l5 4zM22 9l-6 6M16 9l6 6'
      }
    />
  </Icon>
);
export const RenewIcon = () => (
  <Icon size={18}>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);
export const StarIcon = ({ full }: { full: boolean }) => (
  <Icon size={30}>
    <path
      d="m12 3 2.7 5.7 6.3.9-4.5 4.4 1.1 6.2L12 17.2l-5.6 3 1.1-6.2L3 9.6l6.3-.9z"
      fill={full ? 'currentColor' : 'none'}
      stroke-width="1.6"
    />
  </Icon>
);
export const BotIcon = ({ size = 18 }: { size?: number }) => (
  <Icon size={size}>
    <path
      d="M12 2.5 13.7 8a3.5 3.5 0 0 0 2.3 2.3L21.5 12 16 13.7a3.5 3.5 0 0 0-2.3 2.3L12 21.5 10.3 16A3.5 3.5 0 0 0 8 13.7L2.5 12 8 10.3A3.5 3.5 0 0 0 10.3 8z"
      fill="currentColor"
      stroke="none"
    />
  </Icon>
);
export const WarnIcon = () => (
  <Icon size={14}>
    <path d="M12 8v5M12 16.5v.01" />
    <circle cx="12" cy="12" r="9.5" />
  </Icon>
);
