import type { JSX } from 'preact';
import { CHAT_SHAPE, CHAT_SIZE } from '#front/shape.ts';

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
  <Icon size={CHAT_SIZE}>
    <path d={CHAT_SHAPE} fill="currentColor" stroke="none" />
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
    <path d="M4 18v-6a8 8 0 0 1 16 0v6M4 14h3v6H5a1 1 0 0 1-1-1zM20 14h-3v6h2a1 1 0 0 0 1-1z" />
  </Icon>
);
export const FileIcon = () => (
  <Icon>
    <path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5" />
  </Icon>
);
export const StarIcon = () => (
  <Icon size={30}>
    <path d="m12 3 2.7 5.7 6.3.9-4.5 4.4 1.1 6.2L12 17.2l-5.6 3 1.1-6.2L3 9.6l6.3-.9z" stroke-width="1.6" />
  </Icon>
);
export const BotIcon = ({ size = 18 }: { size?: number }) => (
  <Icon size={size}>
    <path d="m12 2 2.6 7.4L22 12l-7.4 2.6L12 22l-2.6-7.4L2 12l7.4-2.6z" fill="currentColor" stroke="none" />
  </Icon>
);
export const WarnIcon = () => (
  <Icon size={14}>
    <path d="M12 8v5M12 16.5v.01" />
    <circle cx="12" cy="12" r="9.5" />
  </Icon>
);
