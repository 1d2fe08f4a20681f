using System.Globalization;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>
/// Books a visit: looks up the customer and the part side by side, finds a slot, reserves the part if that was asked,
/// books, adds a note, and says what was done. Each step takes the ids from the outputs before it.
/// </summary>
internal sealed class BookingSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn)
    {
        var booker = ToolRole.Book.In(turn.Tools);
        if (booker is null || !Wanted(turn.Task))
        {
            return null;
        }

        var job = new Job(turn, WantsPart(turn.Task), booksVisit: true);
        return job.Failed()
            ?? job.LookUp()
            ?? job.Slots()
            ?? job.Reserve()
            ?? job.Once(ToolRole.Book, "A slot is free, so I book it for the customer.")
            ?? job.Once(ToolRole.AddNote, "The visit is booked; a note on the customer's record tells the others.")
            ?? Report(job, turn);
    }

    // A visit on another day than the one that was asked for is said, not only shown.
    private static string OtherDay(Job job, ModelTurn turn)
    {
        var asked = Period.In(turn.Task, turn.Now);
        return asked.To - asked.From < TimeSpan.FromDays(1)
            && DateTimeOffset.TryParse(job.Slot?.Text("starts_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var starts)
            && starts > asked.To
                ? $" Nobody was free on {Day(asked.From)}, so I took the next day on which somebody is: {Day(starts)}."
                : "";
    }

    private static string Day(DateTimeOffset day) => day.UtcDateTime.ToString("dddd, d MMMM", CultureInfo.InvariantCulture);

    private static bool Wanted(string task) =>
        Phrases.HasAny(task, "book", "schedule", "arrange", "dispatch", "send")
        && Phrases.HasAny(task, "technician*", "engineer*", "visit", "appointment", "someone", "repair", "broken", "mechanic", "slot");

    private static bool WantsPart(string task) => Phrases.HasAny(task, "reserve", "spare", "part", "put aside", "hold");

    private static ModelPlan Report(Job job, ModelTurn turn)
    {
        var slot = job.Slot;
        var lines = new List<(string, string?)>
        {
            ("Customer", Row.Title(job.Customer)),
            ("Technician", Row.Show(job.Result(ToolRole.Book), "technician") ?? Row.Show(slot, "technician")),
            ("When", Row.Show(job.Result(ToolRole.Book), "starts_at") ?? Row.Show(slot, "starts_at")),
            ("Booking", Row.Id(job.Result(ToolRole.Book), "booking")),
        };
        if (job.Result(ToolRole.Reserve) is { } reservation)
        {
            lines.Add(("Part", $"{Row.Title(job.Part)} × {Row.Show(reservation, "quantity") ?? "1"}"));
            lines.Add(("Reservation", Row.Id(reservation, "reservation")));
        }

        lines.Add(("Note", job.Result(ToolRole.AddNote) is { } note ? Row.Id(note, "note") ?? "added" : null));
        var missing = job.WantsPart && job.Result(ToolRole.Reserve) is null
            ? "\nI found no spare part to reserve, so the technician comes without one.\n"
            : job.Shortfall();
        return ModelPlan.Answer(
            "Everything is done; I sum it up.",
            $"**Done.** The visit for {Row.Title(job.Customer)} is booked.{OtherDay(job, turn)}\n\n{MarkdownTable.Of(lines)}{missing}\nIs there anything to change?");
    }
}
