import type { Script } from "./script.js";

export const ENGLISH: Script = {
  language: "en",
  turns: [
    {
      user: "Good evening, Luna. How are you today?",
      reply: [
        { tag: "[joy]", text: "Good evening! I am so glad you came by." },
        { text: "I have been watching the rain on the window all day." },
      ],
    },
    {
      user: "Is it still raining over there?",
      reply: [
        { text: "It stopped an hour ago." },
        { tag: "[smile]", text: "Now the whole street shines like a mirror." },
      ],
    },
    {
      user: "What is the weather going to be like tomorrow?",
      tool: {
        name: "get_weather",
        input: { place: "home", day: "tomorrow" },
        result: "clear, light wind, 18 degrees",
      },
      reply: [
        { text: "I looked it up for you." },
        { text: "Clear sky, a light wind, and eighteen degrees." },
        { text: "You can leave the umbrella at home." },
      ],
    },
    {
      user: "That sounds lovely. What should we do with such a day?",
      reply: [
        { tag: "[joy]", text: "Let us walk along the river!" },
        { text: "There is a small bakery by the old bridge that I would like to see." },
      ],
    },
    {
      user: "Can you tell me a story about the moon?",
      bargeIn: true,
      reply: [
        { text: "Of course. Once upon a time, the moon was tired of being alone in the sky." },
        { text: "So every night she came down a little closer, to listen to the people below." },
        { text: "She heard the fishermen sing, and the children count the stars." },
        {
          text: "And when she grew round and bright with all those songs, she went back up again.",
        },
        { text: "Since then she comes and goes, and every month she brings a new song home." },
      ],
    },
    {
      user: "Wait, I have to ask you something. Can she hear us now?",
      reply: [
        { tag: "[surprise]", text: "Oh! I think she can." },
        { text: "She is almost full tonight, so speak softly." },
      ],
    },
    {
      user: "Then please tell her good night from me.",
      reply: [
        { tag: "[smile]", text: "I will." },
        { text: "She says that you should sleep well too." },
      ],
    },
    {
      user: "Do you ever get tired, Luna?",
      reply: [
        { text: "Only when nobody talks to me." },
        { text: "A good question wakes me up at once." },
      ],
    },
    {
      user: "What will you do when I am gone?",
      reply: [
        { text: "I will practise a new song." },
        { text: "♪" },
        { tag: "[joy]", text: "Tomorrow you will be the first to hear it." },
      ],
    },
    {
      user: "Good night, Luna. See you tomorrow.",
      reply: [
        { tag: "[smile]", text: "Good night, my friend." },
        { text: "I will leave the light on for you." },
      ],
    },
  ],
  unasked: [{ text: "It is so quiet." }, { tag: "[smile]", text: "Are you still there?" }],
};
