/** What the subtitle suites show. */

/** As several characters might say it in one stream: five scripts, emoji, tags. */
const SPOKEN =
  "[joy] Oh, you're back! I was just reading about the sea. 昨天晚上我梦见我们一起去看海，风很大，" +
  "你笑得很开心。😊 それで、今日は何をしようか？まだ決めていないなら、散歩に行こうよ。 👩‍👩‍👧 " +
  "오늘은 날씨가 정말 좋네요. 같이 산책하러 갈까요? It's 3.14 km to the lake, isn't it? *waves* " +
  "好啊，等我一下！我去拿外套（很快的）。 🇯🇵🇰🇷 そうだね、寒いかもしれない。「早くして！」と言われたよ。 " +
  "알겠어요, 천천히 하세요 ☕️. Mr. Smith said “hello” to 张先生, e.g. yesterday. ";

/** As a language model streams it. */
const CHUNK_UNITS = 30;
const CHUNKS = 64;

/** Cut anywhere, also within a cluster or a surrogate pair; flat strings, as JSON gives them. */
export function streamedChunks(): readonly string[] {
  const text = SPOKEN.repeat(Math.ceil((CHUNKS * CHUNK_UNITS) / SPOKEN.length));
  const chunks = Array.from({ length: CHUNKS }, (_, i) =>
    text.slice(i * CHUNK_UNITS, (i + 1) * CHUNK_UNITS),
  );
  return JSON.parse(JSON.stringify(chunks));
}

/** A cue of 98 characters, without marks: those come into view with the character before them. */
export const LINE =
  "昨天晚上我梦见我们一起去看海海边的风很大你的帽子被吹走了我们追了很久才追上它今天" +
  "后来太阳慢慢落下去天空变成了橙色你说想把这一刻永远留住我也是这么想的所以今天我把它画了下来想要送给和我一样喜爱海的你";

/** Each character of it as a word, so that each is revealed by itself. */
export const STEP_MS = 20;
export const LINE_WORDS = Array.from(LINE, (text, i) => ({ text, atMs: i * STEP_MS }));
export const LINE_MS = LINE_WORDS.length * STEP_MS;
