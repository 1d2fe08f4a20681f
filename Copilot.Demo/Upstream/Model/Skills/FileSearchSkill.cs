using System.Collections.Immutable;
using Copilot.Demo.Upstream.Model.Hosted;
using Copilot.Demo.Upstream.Model.Language;
namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Searches the manuals and answers with the file it found.</summary>
internal sealed class FileSearchSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (!Phrases.HasAny(turn.Task, "manual", "manuals", "handbook*") || !Phrases.HasAny(turn.Task, "search", "find", "what", "how", "look") || !turn.Has("file_search"))
        {
            return null;
        }

        var query = Subject.After(turn.Task, "search the manuals for", "search the manual for", "search manuals for", "what does the manual say about", "search the manuals");
        var hits = Library.Search(query);
        var search = new PlannedFileSearch(query, hits);
        return hits.IsEmpty
            ? new ModelPlan("The manuals may say it.", [search, new PlannedMessage($"The manuals say nothing about {query}.")])
            : new ModelPlan("The manuals may say it.", [search, Answer(hits)]);
    }

    private static PlannedMessage Answer(ImmutableArray<PlannedHit> hits)
    {
        var text = new CitedText().Append($"**{hits[0].FileName}** says:\n\n> ").CiteFile(hits[0].Text, hits[0].FileId, hits[0].FileName);
        if (hits.Length > 1)
        {
            text.Append("\n\nThere is more in ").CiteFile(hits[1].FileName, hits[1].FileId, hits[1].FileName).Append(".");
        }

        return text.ToMessage();
    }
}
