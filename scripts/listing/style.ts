import { MONO, SANS } from '../screenshots/html';

/** The style of the page. `BANNER` is replaced by the color in the manifest. */
export const LISTING_STYLE = `
* { box-sizing: border-box }
body { margin: 0; font: 14px/22px ${SANS}; color: #1f1f1f; background: #fff }
a { color: #0067b8; text-decoration: none }
header { background: BANNER; padding: 32px 0 }
header div, main { width: 1160px; margin: 0 auto; display: flex; gap: 32px }
header.dark { color: #fff }
header section { flex: 1 }
header h1 { font-size: 26px; line-height: 32px; font-weight: 600; margin: 0 }
header p { margin: 6px 0; max-width: 760px }
header i { opacity: .5; padding: 0 8px }
.get { display: inline-block; margin-top: 10px; padding: 5px 22px; background: #107c10; color: #fff; font-weight: 600 }
nav { width: 1160px; margin: 0 auto; padding: 14px 0; border-bottom: 1px solid #e1e1e1; display: flex; gap: 28px }
nav b { box-shadow: 0 14px 0 -11px #0067b8 }
main { padding: 12px 0 48px }
article { flex: 1; min-width: 0 }
aside { width: 260px; flex: none; font-size: 13px }
aside h2 { font-size: 15px; font-weight: 600; margin: 22px 0 6px }
aside p { margin: 4px 0 }
.chip { display: inline-block; padding: 1px 8px; margin: 2px 2px 2px 0; background: #eaeaea; border-radius: 2px }
article h1 { font-size: 26px; line-height: 34px; font-weight: 600 }
article h2 { font-size: 20px; font-weight: 600; margin: 32px 0 10px; padding-bottom: 6px; border-bottom: 1px solid #eaeaea }
article h3 { font-size: 16px; font-weight: 600; margin: 24px 0 8px }
article img { max-width: 100%; display: block; border: 1px solid #e1e1e1 }
article table { border-collapse: collapse; display: block; overflow-x: auto; font-size: 13px; line-height: 19px }
article th, article td { border: 1px solid #ddd; padding: 5px 10px; text-align: left; vertical-align: top }
article th { background: #f6f6f6; font-weight: 600 }
code { font: 12.5px ${MONO}; background: #f2f2f2; padding: 1px 4px; border-radius: 3px; overflow-wrap: break-word }
pre { background: #f6f6f6; padding: 14px 16px; overflow-x: auto; line-height: 19px }
pre code { background: none; padding: 0 }
`;
