using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed record ScheduleBook(
    [Description("The slot_id that schedule_find_slots gave.")] string SlotId,
    [Description("The customer_id that crm_find_customer gave.")] string CustomerId,
    [Description("The reservation_id that inventory_reserve gave, where a part is to be brought along; else null.")]
    string? PartReservationId,
    [Description("What the technician should know: the fault, the equipment, how to get in")]
    [StringLength(1_000)]
    string Notes);

internal sealed class ScheduleBookTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoWriteTool<ScheduleBook>(database, options, time)
{
    public override ToolDefinition Definition { get; } =
        Define("schedule_book", "Books a technician's free slot for a visit to a customer.") with { Title = "Book a visit", Idempotent = true };

    protected override string Write(SqliteConnection connection, ScheduleBook arguments)
    {
        var now = DemoTime.ToMicroseconds(Time.GetUtcNow());
        var customer = CustomerName(connection, arguments.CustomerId);
        var slot = connection.First(
            """
            SELECT t.name, s.starts_at, s.ends_at, EXISTS (SELECT 1 FROM bookings b WHERE b.slot_id = s.slot_id)
            FROM slots s JOIN technicians t USING (technician_id)
            WHERE s.slot_id = $id
            """,
            row => new { Technician = row.GetString(0), StartsAt = row.GetInt64(1), EndsAt = row.GetInt64(2), Taken = row.GetBoolean(3) },
            ("$id", arguments.SlotId))
            ?? throw new ToolException($"There is no slot '{arguments.SlotId}'. Call schedule_find_slots and use a slot_id it gives.");
        if (slot.Taken)
        {
            throw new ToolException($"The slot {arguments.SlotId} is already taken. Call schedule_find_slots again and book another.");
        }

        if (slot.StartsAt <= now)
        {
            throw new ToolException($"The slot {arguments.SlotId} has already begun. Call schedule_find_slots again and book a later one.");
        }

        CheckReservation(connection, arguments);
        var id = NewId("bkg");
        connection.Run(
            "INSERT INTO bookings (booking_id, slot_id, customer_id, reservation_id, notes, created_at) VALUES ($id, $slot, $customer, $reservation, $notes, $at)",
            ("$id", id),
            ("$slot", arguments.SlotId),
            ("$customer", arguments.CustomerId),
            ("$reservation", arguments.PartReservationId),
            ("$notes", arguments.Notes),
            ("$at", now));
        return DemoJson.Write(new Booked(
            id, arguments.SlotId, slot.Technician, DemoTime.ToText(slot.StartsAt), DemoTime.ToText(slot.EndsAt),
            arguments.CustomerId, customer, arguments.PartReservationId));
    }

    private static void CheckReservation(SqliteConnection connection, ScheduleBook arguments)
    {
        if (arguments.PartReservationId is not { } reservation)
        {
            return;
        }

        var owner = connection.First(
            "SELECT customer_id FROM reservations WHERE reservation_id = $id", row => row.GetString(0), ("$id", reservation))
            ?? throw new ToolException(
                $"There is no reservation '{reservation}'. Call inventory_reserve first and use the reservation_id it gives, or leave part_reservation_id null.");
        if (owner != arguments.CustomerId)
        {
            throw new ToolException($"The reservation {reservation} is for another customer, {owner}. Reserve the part for {arguments.CustomerId}.");
        }
    }

    private sealed record Booked(
        string BookingId,
        string SlotId,
        string Technician,
        string StartsAt,
        string EndsAt,
        string CustomerId,
        string Customer,
        string? PartReservationId);
}
