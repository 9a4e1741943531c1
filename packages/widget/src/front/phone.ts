/** As in style/phone.css. */
const PHONE = '(max-width: 520px), (max-height: 460px)';

export function isPhone(): boolean {
  return matchMedia(PHONE).matches;
}
