/** What a section of a runbook tells people to type and to ask. */
export interface Section {
  readonly title: string;
  /** Lines for a shell, from the first to the last. */
  readonly commands: readonly string[];
  /** In the language of CloudWatch Logs Insights. */
  readonly queries: readonly string[];
  /** What stands in italics: the names of saved queries, and little else. */
  readonly named: readonly string[];
  /** Whether it is an alarm's. */
  readonly analyses: boolean;
}

const fenced = /^```\w*\n([\s\S]*?)^```$/gm;
const quoted = /`([^`\n]+)`/g;
const italic = /(?<!\*)\*(?![*\s])([^*\n]+)\*(?!\*)/g;
const ofShell = /^(?:npx|npm|node|aws|curl|claude) /;
const ofInsights = /^(?:fields|filter|stats|sort|parse|display|dedup) /;

/** @param text - a document in Markdown, whose sections begin with `##` */
export const sectionsOf = (text: string): readonly Section[] =>
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = ''] = section.split('\n');
      const blocks = Array.from(section.matchAll(fenced), ([, block = '']) => block.trim());
      const prose = section.replaceAll(fenced, '');
      const code = Array.from(prose.matchAll(quoted), ([, each = '']) => each);
      return {
        title,
        commands: [...code.filter((each) => ofShell.test(each)), ...blocks],
        queries: code.filter((each) => ofInsights.test(each)),
        named: Array.from(prose.replaceAll(quoted, '').matchAll(italic), ([, name = '']) => name),
        analyses: prose.includes('**Analyse.**'),
      };
    });
