/** Signs that say no without a word. */
export const stopSign = /\u{1F6D1}/u
export const refusalSign = /[\u{1F6AB}\u{26D4}\u{270B}\u{1F44E}\u{1F595}\u{1F645}\u{1F92C}\u{1F644}\u{1F621}]/u
