using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed record ScheduleFindSlots(
    [Description("What the technician must know: heating, cooling, ventilation, water or electrical; null for any.")]
    [StringLength(100)]
    string? Skill,
    [Description("Where: a city or an area such as London, Manchester, Bristol or Leeds; null for anywhere.")]
    [StringLength(100)]
    string? Area,
    [Description("The first day (UTC); null for today.")]
    DateOnly? FromDate,
    [Description("The last day (UTC); null for as far as the calendar is open, about three weeks.")]
    DateOnly? ToDate);

internal sealed class ScheduleFindSlotsTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoReadTool<ScheduleFindSlots>(database, options, time)
{
    private const int Limit = 10;

    public override ToolDefinition Definition { get; } =
        Define("schedule_find_slots", "Finds free two-hour slots of technicians, the soonest first. Times are UTC.")
        with { Title = "Find a free slot", ReadOnly = true, Parallel = true, Idempotent = true };

    protected override async Task<string> ReadAsync(ScheduleFindSlots arguments, CancellationToken cancellationToken)
    {
        if (arguments.ToDate < arguments.FromDate)
        {
            throw new ToolException("The argument 'to_date' is before 'from_date'. Swap them or leave one null.");
        }

        var skill = DemoCompany.SkillFor(arguments.Skill);
        var area = DemoCompany.AreaFor(arguments.Area);
        await Database.OpenCalendarAsync(cancellationToken);

        var now = Time.GetUtcNow();
        var slots = Database.Read(connection => connection.All(
            """
            SELECT s.slot_id, t.name, t.skills, t.area, s.starts_at, s.ends_at
            FROM slots s JOIN technicians t USING (technician_id)
            WHERE s.starts_at > $after AND s.starts_at < $before
              AND ($skill IS NULL OR instr(t.skills, $skill) > 0)
              AND ($area IS NULL OR t.area = $area)
              AND s.slot_id NOT IN (SELECT slot_id FROM bookings)
            ORDER BY s.starts_at, t.number
            """,
            row => new Slot(
                row.GetString(0), row.GetString(1), skill ?? row.GetString(2), row.GetString(3),
                DemoTime.ToText(row.GetInt64(4)), DemoTime.ToText(row.GetInt64(5))),
            ("$after", Math.Max(DemoTime.ToMicroseconds(now), StartOf(arguments.FromDate) ?? 0)),
            ("$before", arguments.ToDate == DateOnly.MaxValue ? long.MaxValue : StartOf(arguments.ToDate?.AddDays(1)) ?? long.MaxValue),
            ("$skill", skill),
            ("$area", area)));
        return DemoJson.Write(new Found([.. slots.Take(Limit)], slots.Count));
    }

    private static long? StartOf(DateOnly? day)
    {
        return day is { } date ? DemoTime.ToMicroseconds(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero)) : null;
    }

    private sealed record Found(IReadOnlyList<Slot> Slots, int Total);

    private sealed record Slot(string SlotId, string Technician, string Skill, string Area, string StartsAt, string EndsAt);
}
