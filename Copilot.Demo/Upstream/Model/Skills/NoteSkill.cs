using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Adds a note to a customer's record.</summary>
internal sealed class NoteSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (ToolRole.AddNote.In(turn.Tools) is null || !Phrases.HasAny(turn.Task, "add a note", "note that", "make a note", "leave a note", "write down"))
        {
            return null;
        }

        var job = new Job(turn, wantsPart: false, booksVisit: false);
        return job.Failed()
            ?? job.LookUp()
            ?? job.Once(ToolRole.AddNote, "I write it on the customer's record.")
            ?? ModelPlan.Answer($"I added the note to the record of **{Row.Title(job.Customer)}** (`{Row.Id(job.Result(ToolRole.AddNote), "note")}`).");
    }
}
