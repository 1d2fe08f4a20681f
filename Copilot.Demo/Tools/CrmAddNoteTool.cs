using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed record CrmAddNote(
    [Description("The customer_id that crm_find_customer gave.")] string CustomerId,
    [Description("What colleagues should know later"), StringLength(2_000, MinimumLength = 1)] string Note);

internal sealed class CrmAddNoteTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoWriteTool<CrmAddNote>(database, options, time)
{
    public override ToolDefinition Definition { get; } =
        Define("crm_add_note", "Adds a note to a customer's record.") with { Title = "Add a note to a customer", Idempotent = true };

    protected override string Write(SqliteConnection connection, CrmAddNote arguments)
    {
        var customer = CustomerName(connection, arguments.CustomerId);
        var id = NewId("not");
        var now = DemoTime.ToMicroseconds(Time.GetUtcNow());
        connection.Run(
            "INSERT INTO notes (note_id, customer_id, note, created_at) VALUES ($id, $customer, $note, $at)",
            ("$id", id),
            ("$customer", arguments.CustomerId),
            ("$note", arguments.Note),
            ("$at", now));
        return DemoJson.Write(new Added(id, arguments.CustomerId, customer, DemoTime.ToText(now)));
    }

    private sealed record Added(string NoteId, string CustomerId, string Customer, string CreatedAt);
}
