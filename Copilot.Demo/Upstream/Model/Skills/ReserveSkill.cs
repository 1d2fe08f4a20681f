using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Reserves a part, for a customer where one is named.</summary>
internal sealed class ReserveSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (ToolRole.Reserve.In(turn.Tools) is null || !Phrases.HasAny(turn.Task, "reserve", "put aside", "set aside", "hold"))
        {
            return null;
        }

        var job = new Job(turn, wantsPart: true, booksVisit: false);
        return job.Failed() ?? job.LookUp() ?? job.Reserve() ?? Report(job);
    }

    private static ModelPlan Report(Job job) => job.Result(ToolRole.Reserve) is not { } reservation
        ? ModelPlan.Answer("I found no such part, so I reserved nothing. Which part do you mean?")
        : ModelPlan.Answer(
            "The part is reserved.",
            "**Reserved.**\n\n" + MarkdownTable.Of(
                ("Part", Row.Title(job.Part)),
                ("Quantity", Row.Show(reservation, "quantity")),
                ("Customer", job.Customer is null ? null : Row.Title(job.Customer)),
                ("Reservation", Row.Id(reservation, "reservation"))) + job.Shortfall());
}
