using Copilot.Demo.Upstream.Model.Hosted;
using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Searches the sample pages, reads one of them and answers with its sources.</summary>
internal sealed class WebSearchSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (!Phrases.HasAny(turn.Task, "search the web", "web search", "search online", "look it up online") || !turn.Has("web_search"))
        {
            return null;
        }

        var query = Subject.After(turn.Task, "search the web for", "web search for", "search online for", "search the web");
        var pages = Library.Pages;
        var text = new CitedText()
            .Append($"Here is what I found about {query}:\n\n- ")
            .Cite(pages[0].Says, pages[0].Url, pages[0].Title)
            .Append($" ([example.com]({pages[0].Url})).\n- According to a notice, ")
            .Cite(pages[1].Says, pages[1].Url, pages[1].Title)
            .Append($" ([example.org]({pages[1].Url})).\n- And ")
            .Cite(pages[2].Says, pages[2].Url, pages[2].Title)
            .Append(".\n\nI am the demo model: these three pages are all the web I know.");
        return new ModelPlan(
            "I should look this up.",
            [
                new PlannedWebSearch(query, [.. pages.Select(page => page.Url)]),
                new PlannedPage(pages[1].Url),
                text.ToMessage(),
            ]);
    }
}
