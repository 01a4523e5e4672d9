// What the server counts as words (engine/wording.py): two characters of a script without
// spaces go for one.
const UNSPACED = /[\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af\u{20000}-\u{3ffff}]/gu;
const WORD = /[\p{L}\p{N}]+/gu;

/** How many words long `text` is. */
export function wordCount(text) {
    const normal = (text || "").normalize("NFKC");
    const unspaced = (normal.match(UNSPACED) || []).length;
    const words = normal.replace(UNSPACED, " ").match(WORD) || [];
    return words.length + Math.ceil(unspaced / 2);
}

/** Which key of an answer holds the choice on `item`; none where words alone are asked for. */
export function chosenBy(item) {
    if (item.is_rated) {
        return "level_id";
    }
    return {choice: "option_id", yes_no: "yes_no", skill: "skill_level_id"}[item.kind];
}

/** Whether `answer` says what is asked for. */
export function isAnswered(item, answer = {}) {
    const key = chosenBy(item);
    return key
        ? Boolean(answer[key] || answer.dont_know)
        : Boolean((answer.text || "").trim());
}
